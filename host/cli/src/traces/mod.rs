//! `pointsman traces`: recorded turns, listed, deleted, and made use of.

mod export;

use crate::kept::{self, DeleteArgs, ListArgs};

/// What can be done with recorded turns.
#[derive(clap::Subcommand)]
pub(crate) enum TracesCommand {
    Export(export::ExportArgs),
    /// List turns of a gateway that runs, the latest last.
    #[command(after_help = "Examples:\n  pointsman traces list --limit 20\n  pointsman traces list --user ann --json")]
    List(ListArgs),
    /// Take turns out of the files of a gateway that runs. Traffic goes on.
    #[command(
        after_help = "Examples:\n  pointsman traces delete --user ann\n  pointsman traces delete --conversation c-17"
    )]
    Delete(DeleteArgs),
}

/// Runs one of them.
pub(crate) async fn execute(command: TracesCommand) -> anyhow::Result<()> {
    match command {
        TracesCommand::Export(args) => export::execute(args).await,
        TracesCommand::List(args) => kept::list_traces(args).await,
        TracesCommand::Delete(args) => kept::delete_traces(args).await,
    }
}
