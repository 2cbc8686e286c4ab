//! `pointsman policy verify`: whether this host would take a component.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::anyhow;
use pointsman::{BuildError, CONTRACT, Inspection, Model, PolicyKind, Settings, SlotSettings, SwapError};
use serde_json::Value;

use super::component;
use super::lines::{count, line, list};
use crate::engine::engine_builder;
use crate::output::print;

/// Say whether this host would take a component, and what it imports and exports.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  pointsman policy verify my-router.wasm
  pointsman policy verify my-router.wasm --settings '{\"short-bytes\": 80}'")]
pub(crate) struct VerifyArgs {
    /// The component, or the name of a standard policy.
    file: PathBuf,
    /// Settings to stage it with.
    #[arg(long, value_name = "JSON", default_value = "{}", value_parser = component::json)]
    settings: Value,
}

pub(super) async fn execute(args: &VerifyArgs) -> anyhow::Result<()> {
    let bytes = component::read(&args.file)?;
    let refused = |words: String| anyhow!("this host ({CONTRACT}) refuses {}: {words}", args.file.display());
    let inspection = pointsman::inspect(&bytes).map_err(|error| refused(error.to_string()))?;
    print(&words(&inspection))?;
    let started = Instant::now();
    for kind in &inspection.kinds {
        stage(&bytes, *kind, &args.settings).await?.map_err(refused)?;
    }
    let took = format!(
        "with the settings {}, in {} ms",
        args.settings,
        started.elapsed().as_millis()
    );
    print(&line("staged", took))?;
    print(&format!("This host ({CONTRACT}) takes {}.\n", args.file.display()))
}

fn words(inspection: &Inspection) -> String {
    let kinds: Vec<String> = inspection.kinds.iter().map(ToString::to_string).collect();
    [
        list("kind", &kinds),
        list("imports", &inspection.imports),
        list("exports", &inspection.exports),
        line("brings", count(component::own_cases(inspection), "case")),
    ]
    .concat()
}

/// Stages it as the gateway would, its own cases included. The inner error is the engine's own sentence.
async fn stage(bytes: &Arc<[u8]>, kind: PolicyKind, settings: &Value) -> anyhow::Result<Result<(), String>> {
    const NAME: &str = "candidate";
    let slot = SlotSettings::new(NAME, kind, NAME).settings(settings.clone());
    let builder = engine_builder(Settings::new([Model::named("default")]).slot(slot))?.policy(NAME, bytes.clone());
    match builder.build().await {
        Ok(_) => Ok(Ok(())),
        Err(BuildError::Swap(SwapError::Stage { error, .. })) => Ok(Err(error.to_string())),
        Err(error) => Err(error.into()),
    }
}
