//! `pointsman policy off`, `observe` and `enforce`.

use serde_json::json;

use super::gateway::{GatewayArgs, words};
use crate::output::print;

/// Which slots.
#[derive(clap::Args)]
pub(crate) struct Slots {
    /// The slot.
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    slot: Option<String>,
    /// All of them.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    gateway: GatewayArgs,
}

/// Ask a slot of a gateway no more.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  pointsman policy off compressor\n  pointsman policy off --all")]
pub(crate) struct OffArgs {
    #[command(flatten)]
    slots: Slots,
}

/// Let a slot of a gateway decide and say what it would have done, and change nothing.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  pointsman policy observe compressor")]
pub(crate) struct ObserveArgs {
    #[command(flatten)]
    slots: Slots,
}

/// Carry out again what a slot of a gateway decides.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  pointsman policy enforce compressor")]
pub(crate) struct EnforceArgs {
    #[command(flatten)]
    slots: Slots,
}

pub(crate) async fn off(args: OffArgs) -> anyhow::Result<()> {
    set(args.slots, "off").await
}

pub(crate) async fn observe(args: ObserveArgs) -> anyhow::Result<()> {
    set(args.slots, "observe").await
}

pub(crate) async fn enforce(args: EnforceArgs) -> anyhow::Result<()> {
    set(args.slots, "enforce").await
}

async fn set(slots: Slots, mode: &str) -> anyhow::Result<()> {
    let mut change = json!({ "mode": mode });
    if let Some(slot) = slots.slot {
        change["slot"] = slot.into();
    }
    print(&words(&slots.gateway.client()?.post("/mode", &change).await?))
}
