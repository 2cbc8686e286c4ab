//! `pointsman replay`: recorded turns, decided again by what decided them or by a candidate.

mod candidate;
mod verify;

use std::path::PathBuf;

use pointsman_replay::replay::Builder;

use crate::engine::engine_builder;

/// Take recorded turns through another policy, or verify that the same ones decide the same.
#[derive(clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Examples:
  pointsman run --json traffic.jsonl > traces.jsonl
  pointsman replay traces.jsonl --candidate router=mine.wasm --html report.html
  pointsman replay traces.jsonl --candidate compressor=compressor-window --settings shorter.toml
  pointsman replay traces.jsonl --candidate router=sha256:… --config gateway.toml
  pointsman replay verify traces.jsonl --config gateway.toml

Traces are JSON lines, gzipped or not, as the gateway and `pointsman run --json` write them: a turn's record with its request and
its reply. What was masked, or cut by a deadline, cannot be decided again, and is counted by its reason."
)]
pub(crate) struct ReplayArgs {
    #[command(subcommand)]
    command: Option<ReplayCommand>,
    #[command(flatten)]
    candidate: Option<candidate::CandidateReplayArgs>,
}

#[derive(clap::Subcommand)]
enum ReplayCommand {
    Verify(verify::VerifyArgs),
}

/// Runs it.
pub(crate) async fn execute(args: ReplayArgs) -> anyhow::Result<()> {
    match (args.command, args.candidate) {
        (Some(ReplayCommand::Verify(args)), _) => verify::execute(args).await,
        (None, Some(args)) => candidate::execute(args).await,
        (None, None) => anyhow::bail!("name the traces and a --candidate, or `verify`: see pointsman replay --help"),
    }
}

/// Engines as this command makes them.
fn builder() -> Builder {
    Box::new(|settings| engine_builder(settings).map_err(|error| format!("{error:#}")))
}

fn bytes(files: &[PathBuf]) -> u64 {
    files
        .iter()
        .map(|path| std::fs::metadata(path).map_or(0, |about| about.len()))
        .sum()
}
