//! The token of a gateway that was started without a configuration: made once for each user, and found again by the
//! commands that talk to it.

use std::fs::OpenOptions;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;

use anyhow::Context as _;

/// The file with this user's token; made, where it is not there.
///
/// # Errors
/// There is no place for it, or it cannot be written.
pub(crate) fn own_file() -> anyhow::Result<PathBuf> {
    let file = place().context("there is no home directory to keep the admin token in: give a configuration")?;
    if file.exists() {
        return Ok(file);
    }
    let cannot = || format!("{} cannot be written", file.display());
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).with_context(cannot)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(&file).with_context(cannot)?;
    out.write_all(new_token()?.as_bytes()).with_context(cannot)?;
    Ok(file)
}

/// This user's token, where there is one.
pub(crate) fn own() -> Option<String> {
    let text = std::fs::read_to_string(place()?).ok()?;
    Some(text.trim().to_owned())
}

/// Says where, by the XDG base directory specification.
fn place() -> Option<PathBuf> {
    let absolute = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let state = absolute("XDG_STATE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/state")))?;
    Some(state.join("pointsman/admin-token"))
}

/// 32 random bytes of the system's as hexadecimal digits.
fn new_token() -> anyhow::Result<String> {
    let mut bytes = [0; 32];
    std::fs::File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .context("the system gives no randomness for the admin token: name a token in a configuration")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
