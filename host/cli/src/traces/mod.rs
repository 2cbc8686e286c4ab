//! `pointsman traces`: what can be made of recorded turns. One file for each subcommand.

mod export;

/// What can be made of recorded turns.
#[derive(clap::Subcommand)]
pub(crate) enum TracesCommand {
    Export(export::ExportArgs),
}

/// Runs one of them.
pub(crate) async fn execute(command: TracesCommand) -> anyhow::Result<()> {
    match command {
        TracesCommand::Export(args) => export::execute(args).await,
    }
}
