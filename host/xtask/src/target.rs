//! The Wasm targets of the toolchain: whether they are there, and how to get them.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::steps::{Steps, root, run};

/// What policies are compiled for.
pub(crate) const UNKNOWN: &str = "wasm32-unknown-unknown";
/// What policies that need a system's interfaces are compiled for.
pub(crate) const WASIP2: &str = "wasm32-wasip2";

/// One step: makes sure that a target can be compiled for, if need be by rustup.
///
/// # Errors
/// What to do, where it is missing and rustup cannot add it.
pub(crate) fn ensure(target: &str, steps: &mut Steps) -> Result<(), String> {
    if installed(target)? {
        steps.next(&format!("the {target} target: installed"));
        return Ok(());
    }
    steps.next(&format!("the {target} target: missing, rustup adds it"));
    let here =
        "install the package of your system that brings Rust's standard library for it, or rustup from rustup.rs";
    // rustc asks here, for a folder may have a toolchain of its own.
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", target]).current_dir(root());
    run(&mut rustup).map_err(|words| format!("the target {target} is missing, and {words}: {here}"))?;
    if installed(target)? {
        return Ok(());
    }
    Err(format!(
        "rustup added {target} to another toolchain than the one that compiles: {here}"
    ))
}

fn installed(target: &str) -> Result<bool, String> {
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--print", "target-libdir", "--target", target])
        .current_dir(root())
        .stderr(Stdio::null())
        .output()
        .map_err(|error| format!("cannot run rustc: {error}; is Rust's toolchain on the PATH?"))?;
    Ok(output.status.success() && Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_that_does_not_exist_is_not_installed() {
        assert_eq!(installed("pdp11-unknown-unix"), Ok(false));
    }
}
