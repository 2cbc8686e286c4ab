//! `--print-config` of the commands that read a file and have one of their own.

use std::path::Path;

use anyhow::Context as _;

use crate::output::print;

/// Prints the file that was named, or else the command's own.
///
/// # Errors
/// The file cannot be read, or the output not written.
pub(crate) fn print_config(named: Option<&Path>, own: &str) -> anyhow::Result<()> {
    match named {
        Some(path) => print(&std::fs::read_to_string(path).with_context(|| path.display().to_string())?),
        None => print(own),
    }
}
