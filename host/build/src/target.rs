//! The target that a policy is compiled for, and whether its standard library is installed.
use std::{
    fmt,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::BuildError;

/// What a policy is compiled for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// `wasm32-unknown-unknown`: imports nothing but the contract. The usual choice.
    #[default]
    Unknown,
    /// `wasm32-wasip2`: for crates that need a system's interfaces to compile; the host serves them empty.
    Wasip2,
}

impl Target {
    /// The name that rustc has for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "wasm32-unknown-unknown",
            Self::Wasip2 => "wasm32-wasip2",
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Makes sure that the target can be compiled for, if need be by rustup.
pub(crate) fn ensure(target: Target, project: &Path) -> Result<(), BuildError> {
    if installed(target, project)? {
        return Ok(());
    }
    let missing = |why: &str| BuildError::TargetMissing {
        target,
        why: why.to_owned(),
    };
    // Where nobody listens, there is nobody to tell.
    let _ = writeln!(
        std::io::stderr(),
        "The target {target} is missing: adding it with rustup."
    );
    let added = Command::new("rustup")
        .args(["target", "add", target.name()])
        .current_dir(project)
        .output();
    match added {
        Err(error) => Err(missing(&format!("rustup cannot be run ({error})"))),
        Ok(output) if !output.status.success() => Err(missing(&format!(
            "rustup could not add it ({})",
            String::from_utf8_lossy(&output.stderr).trim()
        ))),
        Ok(_) if installed(target, project)? => Ok(()),
        Ok(_) => Err(missing(
            "rustup added it to another toolchain than the one that compiles",
        )),
    }
}

fn installed(target: Target, project: &Path) -> Result<bool, BuildError> {
    // Cargo names the compiler to build scripts; it is the one that the build will use.
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(&rustc)
        .args(["--print", "target-libdir", "--target", target.name()])
        .current_dir(project)
        .stderr(Stdio::null())
        .output()
        .map_err(|source| BuildError::Start {
            program: rustc.to_string_lossy().into_owned(),
            source,
        })?;
    let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    Ok(output.status.success() && folder.is_dir())
}
