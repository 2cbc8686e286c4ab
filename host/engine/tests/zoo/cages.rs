//! Builds the policies of `tests/zoo-policy`, once for all tests of a run.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use pointsman::PolicyKind;
use pointsman_build::{BuildOptions, build};

/// The component of a kind; its settings choose what it does.
pub fn component(kind: PolicyKind) -> Arc<[u8]> {
    match kind {
        PolicyKind::Router => ROUTER.clone(),
        PolicyKind::Compressor => COMPRESSOR.clone(),
        PolicyKind::Checker => CHECKER.clone(),
    }
}

static ROUTER: LazyLock<Arc<[u8]>> = LazyLock::new(|| built("router"));
static COMPRESSOR: LazyLock<Arc<[u8]>> = LazyLock::new(|| built("compressor"));
static CHECKER: LazyLock<Arc<[u8]>> = LazyLock::new(|| built("checker"));

fn built(name: &str) -> Arc<[u8]> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/zoo-policy")
        .join(name);
    let options = BuildOptions {
        // The zoo's own profile says how: quick to build, small to compile.
        release: false,
        locked: true,
        quiet: true,
        target_dir: Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("zoo")),
        ..BuildOptions::default()
    };
    build(&project, &options).unwrap().component.into()
}
