//! `pointsman config check`: would a gateway start with this file?

use std::path::PathBuf;

use pointsman::BuildError;
use pointsman_gateway::{Config, ConfigError, Gateway};
use serde_json::json;

use crate::engine::engine_builder;
use crate::output::print;

/// Check a configuration as a gateway would: its settings, its credentials, and its policies, which are compiled and
/// configured. Nothing is served.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  pointsman config check gateway.toml
  pointsman config check gateway.toml --json      one object, with the line of what is wrong

The exit status is 0 where it holds, and 1 where it does not.")]
pub(crate) struct CheckArgs {
    /// The configuration.
    file: PathBuf,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

pub(crate) async fn execute(args: &CheckArgs) -> anyhow::Result<()> {
    match check(args).await {
        Ok(words) if args.json => print(&format!("{}\n", json!({ "holds": true, "has": words }))),
        Ok(words) => print(&format!("{} holds: {words}\n", args.file.display())),
        Err(error) => {
            if args.json {
                let said = json!({ "holds": false, "message": error.to_string(), "line": error.line() });
                print(&format!("{said}\n"))?;
            }
            Err(error.into())
        }
    }
}

async fn check(args: &CheckArgs) -> Result<String, ConfigError> {
    let config = Config::from_file(&args.file)?;
    let file = |message: String, line| ConfigError::File {
        path: args.file.clone(),
        message,
        line,
    };
    Gateway::check(&config).map_err(|error| file(error.to_string(), error.line()))?;
    let builder = engine_builder(config.settings()).map_err(|error| file(format!("{error:#}"), None))?;
    builder.build().await.map_err(|error| match &error {
        BuildError::Swap(error) => {
            let error = config.swap_error(error);
            file(error.to_string(), error.line())
        }
        _ => file(error.to_string(), None),
    })?;
    let count = |number: usize, what: &str| format!("{number} {what}{}", if number == 1 { "" } else { "s" });
    Ok([
        count(config.upstreams.len(), "upstream"),
        count(config.models.len(), "model"),
        count(config.routes.len(), "route"),
        count(config.slots.len(), "slot"),
    ]
    .join(", "))
}
