//! How long a turn takes with 100,000 tokens of history: natively, the policy alone, counts by the estimate of tests.

use std::error::Error;
use std::fs;
use std::time::Instant;

use compressor_memory::MemoryCompressor;
use pointsman_policy::testing::{TurnBuilder, configure, turn};
use pointsman_policy::{Compressor, RequestedLimits};

use crate::cases::Case;

const TOKENS: usize = 100_000;
const ROUNDS: usize = 40;

pub(crate) fn run(locomo: &[Case]) -> Result<(), Box<dyn Error>> {
    let policy: MemoryCompressor = configure("{}").map_err(|errors| format!("{errors:?}"))?;
    let mut texts: Vec<&str> = Vec::new();
    let mut tokens = 0;
    for message in locomo.iter().flat_map(|case| &case.messages) {
        tokens += message.content.len().div_ceil(4);
        texts.push(&message.content);
        if tokens > TOKENS {
            break;
        }
    }
    let ask = |more: usize| -> TurnBuilder {
        let mut builder = turn().limits(RequestedLimits {
            context_tokens: Some(8000),
            ..RequestedLimits::default()
        });
        for (place, text) in texts.iter().enumerate() {
            builder = if place.is_multiple_of(2) {
                builder.user(*text)
            } else {
                builder.assistant(*text)
            };
        }
        for _ in 0..more {
            builder = builder
                .user("What did we say about the pottery class?")
                .assistant("That it begins on Monday.");
        }
        builder.user("When did she sign up for the pottery class?")
    };
    let first = ask(0).build();
    let started = Stopwatch::start();
    let mut memory = policy
        .compress(&first)
        .map_err(|problem| format!("{problem:?}"))?
        .remember;
    let cold = started.milliseconds();
    let mut times = Vec::new();
    for round in 1..=ROUNDS {
        let turn = memory.take().into_iter().fold(ask(round), TurnBuilder::memory).build();
        let started = Stopwatch::start();
        memory = policy
            .compress(&turn)
            .map_err(|problem| format!("{problem:?}"))?
            .remember;
        times.push(started.milliseconds());
    }
    // The first of these turns still read what came at once.
    let mut known = times.split_off(ROUNDS / 2);
    known.sort_by(f64::total_cmp);
    let slowest = times.iter().copied().fold(0.0, f64::max);
    let bytes = memory.map_or(0, |memory| memory.state.len());
    println!(
        "\nspeed with {tokens} tokens in {} messages, native, milliseconds of processor time",
        texts.len()
    );
    println!("  first turn: everything is indexed              {cold:.1}");
    println!("  next turns: the rest is read, the slowest      {slowest:.1}");
    println!(
        "  then, the older part being known, median       {:.1}",
        known[known.len() / 2]
    );
    println!("  the state of the memory, KiB                   {}", bytes / 1024);
    Ok(())
}

/// Processor time of this thread, where the system tells it; else the time on the wall.
struct Stopwatch(Option<u64>, Instant);

impl Stopwatch {
    fn start() -> Self {
        Self(on_processor(), Instant::now())
    }

    fn milliseconds(&self) -> f64 {
        match (self.0, on_processor()) {
            (Some(from), Some(to)) => (to - from) as f64 / 1e6,
            _ => self.1.elapsed().as_secs_f64() * 1e3,
        }
    }
}

/// Nanoseconds that this thread has run.
fn on_processor() -> Option<u64> {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    stat.split_whitespace().next()?.parse().ok()
}
