//! Builds the standard policies, so that this crate can carry their components.
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use pointsman_build::{BuildOptions, build};

/// The folders under `plugins` whose components this crate carries.
const POLICIES: &[&str] = &[
    "router-rules",
    "router-learned",
    "compressor-window",
    "compressor-memory",
    "checker-basic",
    "checker-input",
    "checker-grounded",
];

fn main() -> ExitCode {
    match build_all() {
        Ok(()) => ExitCode::SUCCESS,
        // Cargo shows what a failed build script wrote here.
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn build_all() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../..");
    let plugins = root.join("plugins");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let lock = root.join("Cargo.lock");

    for source in [
        "Cargo.toml",
        "Cargo.lock",
        "wit",
        "plugins/sdk",
        "plugins/pii",
        "plugins/wording",
    ] {
        println!("cargo::rerun-if-changed={}", root.join(source).display());
    }
    let options = BuildOptions {
        target_dir: Some(target_dir(&out)),
        locked: lock.is_file(),
        quiet: true,
        ..BuildOptions::default()
    };
    for policy in POLICIES {
        println!("cargo::rerun-if-changed={}", plugins.join(policy).display());
        let built = build(&plugins.join(policy), &options)?;
        fs::write(out.join(policy).with_extension("wasm"), built.component)?;
    }
    Ok(())
}

/// A target directory of its own, since the surrounding cargo holds the lock of the usual one. It lies beside that
/// one's profiles, so that all of them share it; inside `OUT_DIR` where no target directory can be told.
fn target_dir(out: &Path) -> PathBuf {
    // Cargo leaves the first in every target directory, the second only in those that it made itself.
    let is_target_dir = |folder: &&Path| {
        [".rustc_info.json", "CACHEDIR.TAG"]
            .iter()
            .any(|f| folder.join(f).is_file())
    };
    out.ancestors().find(is_target_dir).unwrap_or(out).join("policies")
}
