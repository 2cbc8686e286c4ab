//! Builds a policy: from a Cargo project to a component, with nothing to install but the toolchain's wasm target.
//!
//! The way of the data: [`build`] looks whether the target is there (`target`), runs cargo (`cargo`) with the flags
//! that a policy wants (`settings`), and makes a component of the module that came out ([`componentize`]), with the
//! project's own `cases.jsonl` inside, so that a component brings the cases that prove it.
//!
//! ```no_run
//! use pointsman_build::{BuildOptions, build};
//!
//! let built = build("plugins/router-rules".as_ref(), &BuildOptions::default())?;
//! println!("{}: {} {}, {} bytes", built.name, built.kind, built.version, built.component.len());
//! # Ok::<(), pointsman_build::BuildError>(())
//! ```

mod cargo;
mod component;
mod error;
mod settings;
mod target;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

pub use component::{CASES_SECTION, Kind, componentize, kind};
pub use error::BuildError;
pub use target::Target;

/// How to build a policy.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// What to compile for.
    pub target: Target,
    /// Optimise, as for use; otherwise build fast, as for a quick look.
    pub release: bool,
    /// Cargo's target directory; the project's own where nothing is said.
    pub target_dir: Option<PathBuf>,
    /// Insist on the versions in `Cargo.lock`.
    pub locked: bool,
    /// Keep cargo's words back, and give them only with an error.
    pub quiet: bool,
}

impl Default for BuildOptions {
    fn default() -> Self {
        Self {
            target: Target::default(),
            release: true,
            target_dir: None,
            locked: false,
            quiet: false,
        }
    }
}

/// A policy that was built.
#[derive(Clone, Debug)]
pub struct Built {
    /// The component.
    pub component: Vec<u8>,
    /// What it is.
    pub kind: Kind,
    /// The package's name.
    pub name: String,
    /// The package's version.
    pub version: String,
}

/// Builds the policy in `project`, the folder of a `Cargo.toml` whose library is a `cdylib`.
///
/// A missing target is added through rustup. Cargo's words go to standard error, unless the options say `quiet`.
///
/// # Errors
/// [`BuildError`], each with what to do about it.
pub fn build(project: &Path, options: &BuildOptions) -> Result<Built, BuildError> {
    if !project.join("Cargo.toml").is_file() {
        return Err(BuildError::NoProject {
            project: project.to_owned(),
        });
    }
    target::ensure(options.target, project)?;
    let artifact = cargo::build(project, options)?;
    let binary = read(&artifact.file)?;
    let cases = match fs::read(project.join(CASES_FILE)) {
        Ok(cases) => Some(cases),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(source) => {
            return Err(BuildError::Read {
                file: project.join(CASES_FILE),
                source,
            });
        }
    };
    let component = match options.target {
        Target::Unknown => componentize(&binary, cases.as_deref())?,
        Target::Wasip2 => component::with_cases(binary, cases.as_deref()),
    };
    Ok(Built {
        kind: kind(&component)?,
        component,
        name: artifact.name,
        version: artifact.version,
    })
}

/// The file in a project that holds its cases, one JSON object a line.
pub const CASES_FILE: &str = "cases.jsonl";

fn read(file: &Path) -> Result<Vec<u8>, BuildError> {
    fs::read(file).map_err(|source| BuildError::Read {
        file: file.to_owned(),
        source,
    })
}
