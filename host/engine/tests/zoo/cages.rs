//! Builds the policies of `tests/zoo-policy`, once for all tests of a run.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use pointsman::PolicyKind;
use pointsman_build::{BuildOptions, Target, build};

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

/// A policy of the zoo as other toolchains make it: on top of `wasi:*`.
pub fn for_wasip2(name: &str) -> Arc<[u8]> {
    built_for(name, Target::Wasip2)
}

fn built(name: &str) -> Arc<[u8]> {
    built_for(name, Target::Unknown)
}

fn built_for(name: &str, target: Target) -> Arc<[u8]> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/zoo-policy")
        .join(name);
    let options = BuildOptions {
        target,
        // The zoo's own profile says how: quick to build, small to compile.
        release: false,
        locked: true,
        quiet: true,
        target_dir: Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("zoo")),
    };
    build(&project, &options).unwrap().component.into()
}
