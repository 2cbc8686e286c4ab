//! `pointsman policy`: what an author needs, from an empty folder to figures, and what an operator does with policies of a
//! gateway that runs. One file for each subcommand.

mod bench;
mod build;
pub(crate) mod component;
mod dev;
mod inspect;
pub(crate) mod lines;
mod new;
pub(crate) mod remote;
mod test;
mod verify;

pub(crate) use remote::GatewayArgs;

/// Write, build, try and inspect policies.
#[derive(clap::Subcommand)]
pub(crate) enum PolicyCommand {
    New(new::NewArgs),
    Build(build::BuildArgs),
    Test(test::TestArgs),
    Dev(dev::DevArgs),
    Verify(verify::VerifyArgs),
    Inspect(inspect::InspectArgs),
    Bench(bench::BenchArgs),
    Stage(remote::StageArgs),
    Activate(remote::ActivateArgs),
    Rollback(remote::RollbackArgs),
    Revisions(remote::RevisionsArgs),
    Off(remote::OffArgs),
    Observe(remote::ObserveArgs),
    Enforce(remote::EnforceArgs),
}

/// Runs one of them.
pub(crate) async fn execute(command: PolicyCommand) -> anyhow::Result<()> {
    match command {
        PolicyCommand::New(args) => new::execute(&args),
        PolicyCommand::Build(args) => build::execute(&args),
        PolicyCommand::Test(args) => test::execute(&args).await,
        PolicyCommand::Dev(args) => dev::execute(args).await,
        PolicyCommand::Verify(args) => verify::execute(&args).await,
        PolicyCommand::Inspect(args) => inspect::execute(&args).await,
        PolicyCommand::Bench(args) => bench::execute(&args).await,
        PolicyCommand::Stage(args) => remote::stage(args).await,
        PolicyCommand::Activate(args) => remote::activate(args).await,
        PolicyCommand::Rollback(args) => remote::rollback(args).await,
        PolicyCommand::Revisions(args) => remote::revisions(args).await,
        PolicyCommand::Off(args) => remote::off(args).await,
        PolicyCommand::Observe(args) => remote::observe(args).await,
        PolicyCommand::Enforce(args) => remote::enforce(args).await,
    }
}
