//! `pointsman policy`: what an author needs, from an empty folder to figures. One file for each subcommand.

mod bench;
mod build;
mod component;
mod inspect;
mod lines;
mod new;
mod test;
mod verify;

/// Write, build, try and inspect policies.
#[derive(clap::Subcommand)]
pub(crate) enum PolicyCommand {
    New(new::NewArgs),
    Build(build::BuildArgs),
    Test(test::TestArgs),
    Verify(verify::VerifyArgs),
    Inspect(inspect::InspectArgs),
    Bench(bench::BenchArgs),
}

/// Runs one of them.
pub(crate) async fn execute(command: PolicyCommand) -> anyhow::Result<()> {
    match command {
        PolicyCommand::New(args) => new::execute(&args),
        PolicyCommand::Build(args) => build::execute(&args),
        PolicyCommand::Test(args) => test::execute(&args).await,
        PolicyCommand::Verify(args) => verify::execute(&args).await,
        PolicyCommand::Inspect(args) => inspect::execute(&args).await,
        PolicyCommand::Bench(args) => bench::execute(&args).await,
    }
}
