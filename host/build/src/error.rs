//! What can go wrong while a policy is built, each with what to do about it.
use std::{io, path::PathBuf};

use crate::Target;

/// Why a policy could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// There is nothing to build.
    #[error("no Cargo.toml in {}: name the folder of a policy, or begin one with `pointsman policy new`", .project.display())]
    NoProject {
        /// The folder.
        project: PathBuf,
    },
    /// The target's standard library is not installed, and could not be installed.
    #[error(
        "the target {target} is not installed, and {why}: run `rustup target add {target}`, or install the package of \
             your system that brings Rust's standard library for it"
    )]
    TargetMissing {
        /// The target.
        target: Target,
        /// Why rustup could not add it.
        why: String,
    },
    /// A program could not be started.
    #[error("cannot run {program}: {source}; is Rust's toolchain on the PATH?")]
    Start {
        /// The program.
        program: String,
        /// The system's word.
        source: io::Error,
    },
    /// The crate does not compile.
    #[error("cargo could not build {}{}", .project.display(), after(.said))]
    Cargo {
        /// The folder.
        project: PathBuf,
        /// Cargo's words, where they were kept back.
        said: String,
    },
    /// The crate compiles, but not to a module.
    #[error("{} is not a library that becomes a component: its Cargo.toml wants `[lib]` with \
             `crate-type = [\"cdylib\", \"rlib\"]`", .project.display())]
    NoModule {
        /// The folder.
        project: PathBuf,
    },
    /// The module cannot be made a component.
    #[error("the module cannot be made a component: {why}")]
    Componentize {
        /// Why, from wit-component.
        why: String,
    },
    /// The component is not a policy.
    #[error(
        "the component is not a policy: it exports {exports}, and a policy exports `pointsman:policy/policy` and one of \
             `router`, `compressor` and `checker`; end the crate with `pointsman_policy::export_router!(YourType);`, or the \
             macro of another kind"
    )]
    NoPolicy {
        /// What it exports instead.
        exports: String,
    },
    /// A file could not be read.
    #[error("cannot read {}: {source}", .file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// The system's word.
        source: io::Error,
    },
}

fn after(words: &str) -> String {
    if words.trim().is_empty() {
        "; its words are above".to_owned()
    } else {
        format!(":\n{}", words.trim_end())
    }
}
