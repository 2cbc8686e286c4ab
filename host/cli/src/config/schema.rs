//! `pointsman config schema`: what may stand in a configuration, for editors and for checks.

use std::path::PathBuf;

use anyhow::Context as _;
use pointsman_gateway::Config;

use crate::output::print;

/// Print the JSON Schema of the configuration.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  pointsman config schema
  pointsman config schema --out gateway.schema.json

Editors that know TOML by Taplo read it where the file begins with
  #:schema ./gateway.schema.json")]
pub(crate) struct SchemaArgs {
    /// Write it here instead.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(crate) fn execute(args: &SchemaArgs) -> anyhow::Result<()> {
    let text = format!("{:#}\n", Config::schema().to_value());
    match &args.out {
        None => print(&text),
        Some(file) => std::fs::write(file, text).with_context(|| format!("{} cannot be written", file.display())),
    }
}
