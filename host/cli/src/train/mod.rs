//! `pointsman train`: weights for policies that learn.

mod router;

/// Fit the weights of a policy that learns.
#[derive(clap::Subcommand)]
pub(crate) enum TrainCommand {
    Router(router::RouterArgs),
}

/// Runs it.
pub(crate) async fn execute(command: TrainCommand) -> anyhow::Result<()> {
    match command {
        TrainCommand::Router(args) => router::execute(args).await,
    }
}
