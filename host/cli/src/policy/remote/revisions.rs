//! `pointsman policy activate`, `rollback` and `revisions`.

use serde_json::json;

use super::gateway::{GatewayArgs, headline, words};
use crate::output::print;

/// Let new turns of a gateway begin on a staged revision. Turns in flight end on theirs.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  pointsman policy activate 2")]
pub(crate) struct ActivateArgs {
    /// Its number, as `pointsman policy stage` said it.
    revision: u64,
    #[command(flatten)]
    gateway: GatewayArgs,
}

pub(crate) async fn activate(args: ActivateArgs) -> anyhow::Result<()> {
    let path = format!("/revisions/{}/activate", args.revision);
    print(&words(&args.gateway.client()?.post(&path, &json!({})).await?))
}

/// Go back to the revision that was active before, at once.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  pointsman policy rollback")]
pub(crate) struct RollbackArgs {
    #[command(flatten)]
    gateway: GatewayArgs,
}

pub(crate) async fn rollback(args: RollbackArgs) -> anyhow::Result<()> {
    print(&words(&args.gateway.client()?.post("/rollback", &json!({})).await?))
}

/// List the revisions that a gateway keeps, and what each runs.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  pointsman policy revisions\n  pointsman policy revisions --json")]
pub(crate) struct RevisionsArgs {
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    gateway: GatewayArgs,
}

pub(crate) async fn revisions(args: RevisionsArgs) -> anyhow::Result<()> {
    let all = args.gateway.client()?.get("/revisions").await?;
    if args.json {
        return print(&format!("{all:#}\n"));
    }
    let revisions = all["revisions"].as_array().into_iter().flatten();
    let lines = revisions.map(|revision| match revision["active"] == true {
        true => words(revision),
        false => headline(revision),
    });
    print(&lines.collect::<String>())
}
