//! `pointsman config import`: the configuration of another gateway, turned into ours.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use pointsman_gateway::Config;

use super::litellm;
use crate::output::print;

/// Turn another gateway's configuration into ours, and say of every field what became of it.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  pointsman config import litellm config.yaml
  pointsman config import litellm config.yaml --out gateway.toml && pointsman config check gateway.toml

The configuration goes to standard output, or to --out; the report to standard error. Keys that stand in the file are
not taken over: the report names the variable to put each of them into.")]
pub(crate) struct ImportArgs {
    /// Whose it is.
    #[arg(value_parser = ["litellm"])]
    from: String,
    /// Its file.
    file: PathBuf,
    /// Write the configuration here.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print the report as one JSON object on standard output, and the configuration only to --out.
    #[arg(long)]
    json: bool,
}

pub(crate) fn execute(args: &ImportArgs) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(&args.file).with_context(|| args.file.display().to_string())?;
    let imported = litellm::import(&text).with_context(|| args.file.display().to_string())?;
    if let Err(error) = Config::from_toml(&imported.toml) {
        bail!(
            "what came of it is no configuration, which is a fault of this command: {error}\n{}",
            imported.toml
        );
    }
    if let Some(out) = &args.out {
        write_new(out, &imported.toml)?;
    }
    match (args.json, &args.out) {
        (true, _) => print(&format!("{:#}\n", imported.report.json()))?,
        (false, None) => print(&imported.toml)?,
        (false, Some(_)) => {}
    }
    if !args.json {
        eprint!("{}", imported.report);
    }
    Ok(())
}

/// Writes a file, and never over another one.
fn write_new(path: &Path, text: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
    let mut file = file.with_context(|| format!("{} cannot be written: it must not be there yet", path.display()))?;
    file.write_all(text.as_bytes())
        .with_context(|| path.display().to_string())
}
