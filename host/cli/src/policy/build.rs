//! `pointsman policy build`: from a project to a component.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::ValueEnum;
use pointsman::Inspection;
use pointsman_build::{BuildOptions, Built};

use super::lines::{line, size};
use crate::output::print;

/// Make a component of a project.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  pointsman policy build my-router -o my-router.wasm")]
pub(crate) struct BuildArgs {
    /// The project: the folder of its Cargo.toml.
    #[arg(value_name = "DIR", default_value = ".")]
    project: PathBuf,
    /// What to compile for. A target that is missing is added by rustup.
    #[arg(long, value_enum, default_value_t = Target::Unknown)]
    target: Target,
    /// Where to write the component [default: DIR/target/policy/NAME.wasm]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Target {
    /// Imports nothing but the contract: the usual choice.
    #[value(name = "wasm32-unknown-unknown")]
    Unknown,
    /// For crates that need a system's interfaces to compile; the host serves them empty.
    #[value(name = "wasm32-wasip2")]
    Wasip2,
}

pub(super) fn execute(args: &BuildArgs) -> anyhow::Result<()> {
    let target = match args.target {
        Target::Unknown => pointsman_build::Target::Unknown,
        Target::Wasip2 => pointsman_build::Target::Wasip2,
    };
    let built = component(&args.project, target)?;
    let file = match &args.output {
        Some(file) => file.clone(),
        None => args
            .project
            .join("target/policy")
            .join(&built.name)
            .with_extension("wasm"),
    };
    write(&file, &built.component)?;
    let inspection = pointsman::inspect(&built.component).with_context(|| format!("{} was built", file.display()))?;
    print(&words(&built, &inspection, &file))
}

/// Builds a project; cargo's words go to standard error.
pub(super) fn component(project: &Path, target: pointsman_build::Target) -> anyhow::Result<Built> {
    eprintln!("Building {} for {target}", project.display());
    Ok(pointsman_build::build(
        project,
        &BuildOptions {
            target,
            ..BuildOptions::default()
        },
    )?)
}

fn write(file: &Path, component: &[u8]) -> anyhow::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    }
    std::fs::write(file, component).with_context(|| format!("{} cannot be written", file.display()))
}

fn words(built: &Built, inspection: &Inspection, file: &Path) -> String {
    [
        format!("{} {}\n", built.name, built.version),
        line("kind", built.kind),
        line("file", file.display()),
        line("size", size(inspection.bytes)),
        line("digest", &inspection.digest),
    ]
    .concat()
}
