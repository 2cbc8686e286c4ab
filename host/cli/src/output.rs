//! What commands print on standard output.

use std::io::{ErrorKind, Write, stdout};

/// Prints. Where its reader has gone, as `head` goes, there is nobody to tell.
///
/// # Errors
/// The output cannot be written, such as to a full disk.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    tell(text).map(drop)
}

/// Prints as [`print`] does, and says whether anybody reads on: for those who could stop working otherwise.
///
/// # Errors
/// As [`print`].
pub(crate) fn tell(text: &str) -> anyhow::Result<bool> {
    let mut out = stdout().lock();
    is_read(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// Whether what was written reached somebody, or went where nobody reads any more.
///
/// # Errors
/// It went nowhere for another reason.
pub(crate) fn is_read(written: std::io::Result<()>) -> anyhow::Result<bool> {
    match written {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error.into()),
    }
}
