//! `pointsman config apply`, `show` and `history`: the configuration of a gateway that runs.

use std::path::PathBuf;

use anyhow::Context as _;
use serde_json::Value;

use crate::moment::utc;
use crate::output::print;
use crate::policy::remote::GatewayArgs;

/// Apply a configuration to a gateway that runs: all of it, or nothing. Requests in flight end on what they began with.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  pointsman config apply gateway.toml --dry-run
  pointsman config apply gateway.toml

A gateway that was started with --config applies its file by itself when it changes.")]
pub(crate) struct ApplyArgs {
    /// The configuration. Relative paths in it start where they do in the one that serves.
    file: PathBuf,
    /// Only say what would come of it.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    gateway: GatewayArgs,
}

pub(crate) async fn apply(args: ApplyArgs) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(&args.file).with_context(|| args.file.display().to_string())?;
    let said = args.gateway.client()?.configure(&text, !args.dry_run).await?;
    let mut out = match args.dry_run {
        true => "it could be applied\n".to_owned(),
        false => format!("configuration {}, on revision {}\n", said["number"], said["revision"]),
    };
    for (field, words) in [
        ("restart", "only once the gateway is started anew"),
        (
            "kept",
            "as operators set them, since the configuration says of them what it said before",
        ),
        (
            "overridden",
            "as the configuration says, and no more as operators set them",
        ),
    ] {
        let names = said[field].as_array().into_iter().flatten();
        let names: Vec<&str> = names.filter_map(Value::as_str).collect();
        if !names.is_empty() {
            out += &format!("{words}: {}\n", names.join(", "));
        }
    }
    print(&out)
}

/// Print the configuration that a gateway serves.
#[derive(clap::Args)]
pub(crate) struct ShowArgs {
    /// Another one of its history, by its number.
    number: Option<u64>,
    #[command(flatten)]
    gateway: GatewayArgs,
}

pub(crate) async fn show(args: ShowArgs) -> anyhow::Result<()> {
    let path = match args.number {
        Some(number) => format!("/config/history/{number}"),
        None => "/config".to_owned(),
    };
    let said = args.gateway.client()?.get(&path).await?;
    print(said["toml"].as_str().unwrap_or_default())
}

/// List the configurations that a gateway has had, who applied them, and what was refused last.
#[derive(clap::Args)]
pub(crate) struct HistoryArgs {
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    gateway: GatewayArgs,
}

pub(crate) async fn history(args: HistoryArgs) -> anyhow::Result<()> {
    let said = args.gateway.client()?.get("/config/history").await?;
    if args.json {
        return print(&format!("{said:#}\n"));
    }
    let mut out = String::new();
    for entry in said["configurations"].as_array().into_iter().flatten() {
        let by = entry["by"].as_str().unwrap_or("?");
        out += &format!(
            "{:>3}  {}  revision {:<4} by {by}\n",
            entry["number"].to_string(),
            utc(entry["at_ms"].as_u64().unwrap_or_default()),
            entry["revision"].to_string()
        );
    }
    if let Some(message) = said["last_refused"]["message"].as_str() {
        let (at, by) = (&said["last_refused"]["at_ms"], &said["last_refused"]["by"]);
        let at = utc(at.as_u64().unwrap_or_default());
        out += &format!("refused since, {at}, by {}: {message}\n", by.as_str().unwrap_or("?"));
    }
    print(&out)
}
