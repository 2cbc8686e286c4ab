//! Runs cargo with the flags that a policy wants, and says where the module is.
use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde::Deserialize;

use crate::{BuildError, BuildOptions, settings};

/// Variables of a surrounding cargo or clippy that would change what this build does: their flags would take the place
/// of ours, and a wrapper would check the policy instead of compiling it.
const FOREIGN: [&str; 6] = [
    "CARGO_ENCODED_RUSTFLAGS",
    "RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
    "RUSTC_WORKSPACE_WRAPPER",
    "CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER",
    "CARGO_BUILD_TARGET",
];

/// What cargo made of a project's library.
pub(crate) struct Artifact {
    pub(crate) file: PathBuf,
    pub(crate) name: String,
    pub(crate) version: String,
}

/// Builds the library of a project for the options' target.
pub(crate) fn build(project: &Path, options: &BuildOptions) -> Result<Artifact, BuildError> {
    let manifest = project.join("Cargo.toml");
    let manifest = fs::canonicalize(&manifest).map_err(|source| BuildError::Read { file: manifest, source })?;
    let mut command = command(&manifest, options);
    command.stderr(if options.quiet {
        Stdio::piped()
    } else {
        Stdio::inherit()
    });
    command.stdin(Stdio::null()).stdout(Stdio::piped());

    let output = command
        .spawn()
        .and_then(|child| child.wait_with_output())
        .map_err(|source| BuildError::Start {
            program: command.get_program().to_string_lossy().into_owned(),
            source,
        })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(BuildError::Cargo {
            project: project.to_owned(),
            said,
        });
    }
    artifact(&String::from_utf8_lossy(&output.stdout), &manifest).ok_or_else(|| BuildError::NoModule {
        project: project.to_owned(),
    })
}

fn command(manifest: &Path, options: &BuildOptions) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    for variable in FOREIGN {
        command.env_remove(variable);
    }
    // In the project's own folder, cargo finds the project's own configuration and toolchain.
    if let Some(folder) = manifest.parent() {
        command.current_dir(folder);
    }
    command.args([
        "build",
        "--lib",
        "--message-format=json-render-diagnostics",
        "--target",
        options.target.name(),
    ]);
    command.arg("--manifest-path").arg(manifest);
    if let Some(target_dir) = &options.target_dir {
        command.arg("--target-dir").arg(target_dir);
    }
    for (wanted, flag) in [
        (options.release, "--release"),
        (options.locked, "--locked"),
        (options.quiet, "--quiet"),
    ] {
        if wanted {
            command.arg(flag);
        }
    }
    for setting in settings::of(options.target) {
        command.arg("--config").arg(setting);
    }
    command
}

/// The part of cargo's messages that says what was built.
#[derive(Deserialize)]
struct Message {
    reason: String,
    package_id: Option<String>,
    manifest_path: Option<PathBuf>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

/// The module of this manifest's package among cargo's messages, one a line.
fn artifact(messages: &str, manifest: &Path) -> Option<Artifact> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Message>(line).ok())
        .filter(|message| message.reason == "compiler-artifact" && message.manifest_path.as_deref() == Some(manifest))
        .find_map(|message| {
            let file = message
                .filenames
                .into_iter()
                .find(|file| file.extension().is_some_and(|e| e == "wasm"))?;
            let (name, version) = package(&message.package_id.unwrap_or_default(), manifest);
            Some(Artifact { file, name, version })
        })
}

/// Name and version from a package's identifier: `…#name@1.2.3`, or `…/name#1.2.3` where the folder has its name.
fn package(id: &str, manifest: &Path) -> (String, String) {
    let folder = manifest
        .parent()
        .and_then(Path::file_name)
        .map(|name| name.to_string_lossy().into_owned());
    let fragment = id.rsplit_once('#').map_or("", |(_, fragment)| fragment);
    match fragment.rsplit_once('@') {
        Some((name, version)) => (name.to_owned(), version.to_owned()),
        None => (folder.unwrap_or_default(), fragment.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGES: &str = r#"
{"reason":"compiler-artifact","package_id":"registry#serde@1.0.0","manifest_path":"/r/serde/Cargo.toml","filenames":["/t/libserde.rlib"]}
{"reason":"build-script-executed","package_id":"path+file:///p/mine#0.2.0"}
{"reason":"compiler-artifact","package_id":"path+file:///p/mine#0.2.0","manifest_path":"/p/mine/Cargo.toml","filenames":["/t/libmine.rlib","/t/mine.wasm"]}
{"reason":"build-finished","success":true}
"#;

    #[test]
    fn the_module_is_found_where_cargo_says_it_is() {
        let artifact = artifact(MESSAGES, Path::new("/p/mine/Cargo.toml")).unwrap();
        assert_eq!(artifact.file, Path::new("/t/mine.wasm"));
        assert_eq!((artifact.name.as_str(), artifact.version.as_str()), ("mine", "0.2.0"));
    }

    #[test]
    fn a_package_without_a_module_has_no_artifact() {
        assert!(artifact(MESSAGES, Path::new("/r/serde/Cargo.toml")).is_none());
    }

    #[test]
    fn a_package_in_a_folder_of_another_name_keeps_its_own() {
        let id = "path+file:///p/folder#named@1.2.3";
        assert_eq!(
            package(id, Path::new("/p/folder/Cargo.toml")),
            ("named".to_owned(), "1.2.3".to_owned())
        );
    }

    #[test]
    fn flags_of_a_surrounding_cargo_do_not_reach_the_build() {
        let command = command(Path::new("/p/mine/Cargo.toml"), &BuildOptions::default());
        let removed: Vec<_> = command
            .get_envs()
            .filter(|(_, value)| value.is_none())
            .map(|(name, _)| name)
            .collect();
        assert!(removed.contains(&"RUSTFLAGS".as_ref()) && removed.contains(&"RUSTC_WORKSPACE_WRAPPER".as_ref()));
    }
}
