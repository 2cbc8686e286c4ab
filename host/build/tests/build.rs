//! Builds projects as an author would: each in a folder outside the workspace.
// A test that cannot go on should stop loudly; clippy knows that of tests, but not of the functions beside them.
#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

use pointsman_build::{BuildError, BuildOptions, CASES_SECTION, Kind, build};
use tempfile::TempDir;
use wasmparser::{Parser, Payload};

const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

const LIBRARY: &str = "[package]\nname = \"tried\"\nversion = \"0.3.0\"\nedition = \"2024\"\n[workspace]\n";

const COMPONENT: &str = "[lib]\ncrate-type = [\"cdylib\"]\n";

const ROUTER: &str = r#"
use pointsman_policy::prelude::*;

struct First;

impl Policy for First {
    type Settings = NoSettings;
    const ABOUT: About = about!("Chooses the first candidate.");
    fn new(_: NoSettings) -> Result<Self, Vec<SettingsError>> {
        Ok(Self)
    }
}

impl Router for First {
    fn route(&self, turn: &Turn) -> Result<Choice, Problem> {
        let first = turn.candidates().into_iter().next().ok_or_else(|| Problem::declined("no candidates"))?;
        Ok(Choice::new(first.name))
    }
}

pointsman_policy::export_router!(First);
"#;

fn project(manifest: &str, source: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    fs::write(folder.path().join("src/lib.rs"), source).unwrap();
    folder
}

/// The target directory of the standard policies: what they have compiled, an author's project need not compile again.
fn quiet() -> BuildOptions {
    let target_dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../policies");
    BuildOptions {
        quiet: true,
        target_dir: Some(target_dir),
        ..BuildOptions::default()
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Interfaces that a component imports, interfaces that it exports, and its custom sections.
fn outside(component: &[u8]) -> (Vec<String>, Vec<String>, Vec<String>) {
    let (mut imports, mut exports, mut sections) = (Vec::new(), Vec::new(), Vec::new());
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(component) {
        match payload.unwrap() {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 0 => {
                imports.extend(section.into_iter().map(|import| import.unwrap().name.name.to_owned()));
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                exports.extend(section.into_iter().map(|export| export.unwrap().name.name.to_owned()));
            }
            Payload::CustomSection(section) => sections.push(section.name().to_owned()),
            _ => {}
        }
    }
    (imports, exports, sections)
}

#[test]
fn a_project_with_its_own_copy_of_the_sdk_becomes_a_component_of_the_contract_and_nothing_else() {
    let manifest = format!("{LIBRARY}{COMPONENT}[dependencies]\npointsman-policy = {{ path = \"vendor/sdk\" }}\n");
    let project = project(&manifest, ROUTER);
    copy(
        &Path::new(REPOSITORY).join("plugins/sdk"),
        &project.path().join("vendor/sdk"),
    );
    copy(&Path::new(REPOSITORY).join("wit"), &project.path().join("wit"));
    fs::copy(
        Path::new(REPOSITORY).join("Cargo.lock"),
        project.path().join("Cargo.lock"),
    )
    .unwrap();
    fs::write(project.path().join("cases.jsonl"), "{\"given\": {}}\n").unwrap();

    let built = build(project.path(), &quiet()).unwrap();

    assert_eq!(
        (built.name.as_str(), built.version.as_str(), built.kind),
        ("tried", "0.3.0", Kind::Router)
    );
    let (imports, mut exports, sections) = outside(&built.component);
    exports.sort();
    assert_eq!(
        exports,
        ["pointsman:policy/policy@0.1.0", "pointsman:policy/router@0.1.0"]
    );
    assert!(
        imports.contains(&"pointsman:policy/conversation@0.1.0".to_owned()),
        "{imports:?}"
    );
    assert!(
        imports.iter().all(|import| import.starts_with("pointsman:policy/")),
        "{imports:?}"
    );
    assert!(sections.contains(&CASES_SECTION.to_owned()), "{sections:?}");
    // A trap is told as the guest's functions only while their names are there.
    assert!(sections.contains(&"name".to_owned()), "{sections:?}");
    assert!(
        !sections.iter().any(|section| section.starts_with(".debug")),
        "{sections:?}"
    );
}

#[test]
fn a_folder_without_a_project_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = build(folder.path(), &BuildOptions::default()).unwrap_err();
    assert!(matches!(error, BuildError::NoProject { .. }), "{error}");
}

#[test]
fn a_library_that_is_no_cdylib_is_told_what_its_manifest_wants() {
    let project = project(LIBRARY, "");
    let error = build(project.path(), &quiet()).unwrap_err();
    assert!(
        error.to_string().contains("crate-type = [\"cdylib\", \"rlib\"]"),
        "{error}"
    );
}

#[test]
fn a_component_that_exports_no_policy_is_told_which_macro_is_missing() {
    let project = project(&format!("{LIBRARY}{COMPONENT}"), "");
    let error = build(project.path(), &quiet()).unwrap_err();
    assert!(matches!(error, BuildError::NoPolicy { .. }), "{error}");
}

#[test]
fn the_compiler_s_words_come_with_the_error() {
    let project = project(&format!("{LIBRARY}{COMPONENT}"), "fn f() -> u32 { \"three\" }");
    let error = build(project.path(), &quiet()).unwrap_err();
    assert!(error.to_string().contains("expected `u32`, found `&str`"), "{error}");
}
