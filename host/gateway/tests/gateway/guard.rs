//! A policy of the tests' own, built once a run: it refuses requests that hold a word.

use std::path::Path;
use std::sync::LazyLock;

use pointsman_build::{BuildOptions, build};

static COMPONENT: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guard-policy");
    let options = BuildOptions {
        release: false,
        locked: true,
        quiet: true,
        target_dir: Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("guard")),
        ..BuildOptions::default()
    };
    build(&project, &options).unwrap().component
});

/// The component.
pub(crate) fn component() -> Vec<u8> {
    COMPONENT.clone()
}
