//! `pointsman policy new`: a project that builds anywhere, with the SDK and the contract inside.

mod name;
mod project;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::ValueEnum;

use self::project::Kind;
use crate::output::print;

/// Make a project for a policy. It brings the SDK and the contract along, and builds outside this repository.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  pointsman policy new my-router --kind router")]
pub(crate) struct NewArgs {
    /// The crate's name, such as `my-router`.
    name: String,
    /// What the policy decides on.
    #[arg(long, value_enum)]
    kind: KindArg,
    /// Where to make it [default: a folder of that name]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum KindArg {
    /// Chooses the model.
    Router,
    /// Shortens the conversation.
    Compressor,
    /// Looks at requests and replies.
    Checker,
}

pub(super) fn execute(args: &NewArgs) -> anyhow::Result<()> {
    name::check(&args.name)?;
    let kind = match args.kind {
        KindArg::Router => Kind::Router,
        KindArg::Compressor => Kind::Compressor,
        KindArg::Checker => Kind::Checker,
    };
    let folder = args.dir.clone().unwrap_or_else(|| PathBuf::from(&args.name));
    write(&folder, &project::files(&args.name, kind))?;
    print(&next(&args.name, &folder))
}

/// Writes a project where there is none yet.
fn write(folder: &Path, files: &[(&str, Vec<u8>)]) -> anyhow::Result<()> {
    let shown = folder.display();
    if folder.exists() {
        let mut inside = folder
            .read_dir()
            .with_context(|| format!("{shown} exists and is no folder: name another with --dir"))?;
        if inside.next().is_some() {
            bail!("{shown} exists and is not empty: nothing was written; name another folder with --dir");
        }
    }
    for (name, content) in files {
        let file = folder.join(name);
        let fault = || format!("{} cannot be written", file.display());
        if let Some(parent) = file.parent() {
            std::fs::create_dir_all(parent).with_context(fault)?;
        }
        std::fs::write(&file, content).with_context(fault)?;
    }
    Ok(())
}

fn next(name: &str, folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "{folder} is a policy that works as it stands. Next:

  1. open {folder}/src/lib.rs and change what it decides
  2. cargo test --manifest-path {folder}/Cargo.toml     its unit tests, without Wasm
  3. pointsman policy test {folder}     builds it and runs its cases.jsonl
  4. pointsman policy build {folder}     makes {folder}/target/policy/{name}.wasm
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_has_all_that_it_builds_from() {
        for kind in Kind::ALL {
            let folder = tempfile::tempdir().unwrap();
            write(folder.path(), &project::files("mine", kind)).unwrap();
            for file in [
                "Cargo.toml",
                "Cargo.lock",
                "README.md",
                ".gitignore",
                "src/lib.rs",
                "cases.jsonl",
            ] {
                assert!(folder.path().join(file).is_file(), "{kind:?}: {file}");
            }
            // The SDK reads the contract from two folders above itself.
            for file in [
                "vendor/sdk/Cargo.toml",
                "vendor/sdk/src/lib.rs",
                "vendor/sdk/../../wit/router.wit",
            ] {
                assert!(folder.path().join(file).is_file(), "{kind:?}: {file}");
            }
            let manifest = std::fs::read_to_string(folder.path().join("Cargo.toml")).unwrap();
            assert!(
                manifest.contains("name = \"mine\"") && manifest.contains("vendor/sdk"),
                "{manifest}"
            );
        }
    }

    #[test]
    fn a_folder_with_something_in_it_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("thesis.txt"), "years of work").unwrap();
        let error = write(folder.path(), &project::files("mine", Kind::Router))
            .unwrap_err()
            .to_string();
        assert!(error.contains("not empty") && error.contains("--dir"), "{error}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_in_the_place_of_the_folder_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mine");
        std::fs::write(&file, "").unwrap();
        let error = write(&file, &project::files("mine", Kind::Router))
            .unwrap_err()
            .to_string();
        assert!(error.contains("is no folder"), "{error}");
    }
}
