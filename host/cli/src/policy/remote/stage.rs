//! `pointsman policy stage`: a policy into a slot of a gateway that runs.

use std::path::Path;

use serde_json::{Value, json};

use super::gateway::{GatewayArgs, words};
use crate::output::print;
use crate::policy::component;

/// Stage a policy in a gateway that runs: checked, compiled and warm, beside the traffic.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  pointsman policy stage router router-rules
  pointsman policy stage router my-router.wasm --settings '{\"threshold\": 0.4}'
  pointsman policy stage guard checker-basic --kind checker --activate

What is left out stays as the slot has it. Nothing changes for clients before `pointsman policy activate`.")]
pub(crate) struct StageArgs {
    /// The slot; a new one, with --kind.
    slot: String,
    /// A .wasm file of this machine, the name of a standard policy, or sha256:… of one that the gateway knows.
    policy: String,
    /// The policy's settings.
    #[arg(long, value_name = "JSON", value_parser = component::json)]
    settings: Option<Value>,
    /// The kind of a new slot: router, compressor or checker.
    #[arg(long)]
    kind: Option<String>,
    /// enforce, observe or off.
    #[arg(long)]
    mode: Option<String>,
    /// Activate it too.
    #[arg(long)]
    activate: bool,
    #[command(flatten)]
    gateway: GatewayArgs,
}

pub(crate) async fn stage(args: StageArgs) -> anyhow::Result<()> {
    let client = args.gateway.client()?;
    let path = Path::new(&args.policy);
    let policy = if args.policy.ends_with(".wasm") || path.is_file() {
        client.upload(component::read(path)?.to_vec()).await?
    } else {
        args.policy
    };
    let mut change = json!({ "slot": args.slot, "policy": policy, "activate": args.activate });
    for (field, value) in [("kind", args.kind), ("mode", args.mode)] {
        if let Some(value) = value {
            change[field] = value.into();
        }
    }
    if let Some(settings) = args.settings {
        change["settings"] = settings;
    }
    let revision = client.post("/revisions", &change).await?;
    print(&words(&revision))?;
    if revision["active"] != true {
        let next = format!(
            "\nto let new turns begin on it:\n  pointsman policy activate {}\n",
            revision["revision"]
        );
        print(&next)?;
    }
    Ok(())
}
