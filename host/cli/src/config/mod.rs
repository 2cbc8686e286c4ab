//! `pointsman config`: a configuration checked, described, applied, or taken over from another gateway. One file for each
//! subcommand.

mod check;
mod import;
mod litellm;
mod remote;
mod schema;

/// Check a configuration, apply it to a gateway that runs, or take over one of another gateway.
#[derive(clap::Subcommand)]
pub(crate) enum ConfigCommand {
    Check(check::CheckArgs),
    Schema(schema::SchemaArgs),
    Apply(remote::ApplyArgs),
    Show(remote::ShowArgs),
    History(remote::HistoryArgs),
    Import(import::ImportArgs),
}

/// Runs one of them.
pub(crate) async fn execute(command: ConfigCommand) -> anyhow::Result<()> {
    match command {
        ConfigCommand::Check(args) => check::execute(&args).await,
        ConfigCommand::Schema(args) => schema::execute(&args),
        ConfigCommand::Apply(args) => remote::apply(args).await,
        ConfigCommand::Show(args) => remote::show(args).await,
        ConfigCommand::History(args) => remote::history(args).await,
        ConfigCommand::Import(args) => import::execute(&args),
    }
}
