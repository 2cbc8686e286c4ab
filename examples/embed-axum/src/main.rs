//! A service that embeds the engine: chat requests in, policies around them, a simulated model behind.
//!
//! The way of a request: `layer` hands it to `turn`, which has the engine decide, asks `model`, has the reply checked and
//! answers; what goes wrong becomes a `problem`. `service` puts the pieces together.

mod layer;
mod model;
mod once;
mod problem;
mod service;
mod turn;

#[cfg(test)]
mod tests;

use std::net::Ipv4Addr;

use anyhow::Context;
use clap::Parser;
use pointsman::Record;
use tokio::net::TcpListener;

/// An OpenAI-compatible service with Pointsman's standard policies in front of a simulated model.
#[derive(Debug, Parser)]
#[command(version, after_help = "Example:\n  cargo run -p embed-axum -- --port 8787")]
struct Args {
    /// The port on the loopback interface; 0 takes any that is free
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// Send one request to itself, print the response and exit
    #[arg(long)]
    once: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    eprintln!("Staging the policies; in a build without --release that takes a while.");
    let engine = service::engine()?.recorder(print).build().await?;
    let port = if args.once { 0 } else { args.port };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .with_context(|| format!("port {port} cannot be used: choose another with --port"))?;
    let address = listener.local_addr()?;
    let server = axum::serve(listener, service::routes(engine));

    if args.once {
        let server = tokio::spawn(server.into_future());
        println!("{}", once::ask(address).await?);
        server.abort();
        return Ok(());
    }
    println!(
        "Listening on {address}; ctrl-c ends it. Try:\n\n{}\n",
        once::curl(address)
    );
    server.with_graceful_shutdown(interrupted()).await?;
    println!("Every request has its answer. Good bye.");
    Ok(())
}

async fn interrupted() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        eprintln!("ctrl-c cannot be waited for ({error}): end the process to end the service");
        std::future::pending().await
    }
}

/// One line for every turn.
fn print(record: &Record) {
    let verdict = record.verdict().map_or("none", |verdict| verdict.action.word());
    let cost = record
        .cost_usd
        .map_or("unknown".to_owned(), |usd| format!("{usd:.6} USD"));
    let count = |tokens: Option<pointsman::TokenCount>| tokens.map_or("?".to_owned(), |count| count.tokens.to_string());
    let (before, after) = (count(record.tokens_before), count(record.tokens_after));
    eprintln!(
        "turn {}: {:?}, model {}, tokens {before} -> {after}, verdict {verdict}, cost {cost}, {:.0} µs in policies",
        &record.turn[..8],
        record.state,
        record.model,
        record.policy_us()
    );
}
