//! The `pointsman` command: one file for each subcommand.

mod allocator;
mod candidate;
mod config;
mod demo;
mod engine;
mod kept;
mod key;
mod moment;
mod output;
mod policy;
mod print_config;
mod progress;
mod replay;
mod run;
mod score;
mod serve;
mod traces;
mod train;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Hot-swappable, sandboxed policies for LLM traffic.
#[derive(Parser)]
#[command(name = "pointsman", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve clients of OpenAI's and Anthropic's APIs, with policies in the path.
    Serve(serve::ServeArgs),
    /// See it work: a gateway, simulated models, all standard policies, and a burst of traffic.
    Demo(demo::DemoArgs),
    /// Take conversations through the policies and show what was decided and why.
    Run(run::RunArgs),
    /// Take recorded turns through another policy, or verify that the same ones decide the same.
    Replay(replay::ReplayArgs),
    /// List, delete and make use of recorded turns.
    #[command(subcommand)]
    Traces(traces::TracesCommand),
    /// Fit the weights of a policy that learns.
    #[command(subcommand)]
    Train(train::TrainCommand),
    /// Measure a policy on labelled cases: predictions, figures, intervals.
    #[command(subcommand)]
    Score(score::ScoreCommand),
    /// Write, build, try and inspect policies.
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    /// Check a configuration, apply it to a gateway that runs, or take over one of another gateway.
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Make, list and revoke the keys that clients of a gateway bring.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// List and delete what a gateway remembers of conversations.
    #[command(subcommand)]
    Memory(kept::MemoryCommand),
    /// Read a component on standard input and write machine code: how this command compiles, in a process of its own.
    #[command(name = engine::COMPILE_COMMAND, hide = true)]
    Compile,
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Serve(args) => serve::execute(args).await,
        Command::Demo(args) => demo::execute(args).await,
        Command::Run(args) => run::execute(args).await,
        Command::Replay(args) => replay::execute(args).await,
        Command::Traces(command) => traces::execute(command).await,
        Command::Train(command) => train::execute(command).await,
        Command::Score(command) => score::execute(command).await,
        Command::Policy(command) => policy::execute(command).await,
        Command::Config(command) => config::execute(command).await,
        Command::Key(command) => key::execute(command).await,
        Command::Memory(command) => kept::memory(command).await,
        Command::Compile => pointsman::compile_stdin(&mut std::io::stdin().lock(), &mut std::io::stdout().lock())
            .map_err(anyhow::Error::msg),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
