//! Many streams at once: an upstream that sends a delta a second on each, and a client that opens them and says what came.
//!
//! ```sh
//! streams upstream --listen 127.0.0.1:9200
//! streams open --address 127.0.0.1:8080 --count 10000 --seconds 30
//! ```

mod open;
mod upstream;

use std::net::SocketAddr;
use std::time::Duration;

use clap::{Parser, Subcommand};

/// Many streams at once.
#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Streams one delta an interval, until the client leaves or all are sent.
    Upstream {
        /// Where to listen.
        #[arg(long)]
        listen: SocketAddr,
        /// Milliseconds between two deltas of a stream. Streams are fed in batches, all at the same moment.
        #[arg(long, default_value_t = 1_000)]
        every_ms: u64,
        /// Milliseconds to a stream's first delta, as a model needs them.
        #[arg(long, default_value_t = 0)]
        first_ms: u64,
        /// Deltas of a stream.
        #[arg(long, default_value_t = 600)]
        deltas: u32,
    },
    /// Opens streams, holds them, and prints what came as one line of JSON.
    Open(open::Open),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Args::parse().what {
        What::Upstream {
            listen,
            every_ms,
            first_ms,
            deltas,
        } => upstream::serve(listen, every_ms, Duration::from_millis(first_ms), deltas).await,
        What::Open(open) => open.run().await,
    }
}
