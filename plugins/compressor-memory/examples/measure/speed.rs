//! How long a turn takes with 100,000 tokens of history: natively, the policy alone, counts by the estimate of tests.

use std::error::Error;
use std::time::{Duration, Instant};

use compressor_memory::MemoryCompressor;
use pointsman_policy::testing::{TurnBuilder, configure, turn};
use pointsman_policy::{Compressor, RequestedLimits};

use crate::cases::Case;

const TOKENS: usize = 100_000;
const ROUNDS: usize = 15;

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
    let started = Instant::now();
    let mut memory = policy
        .compress(&first)
        .map_err(|problem| format!("{problem:?}"))?
        .remember;
    let cold = started.elapsed();
    let mut warm: Vec<Duration> = Vec::new();
    for round in 1..=ROUNDS {
        let turn = memory.take().into_iter().fold(ask(round), TurnBuilder::memory).build();
        let started = Instant::now();
        memory = policy
            .compress(&turn)
            .map_err(|problem| format!("{problem:?}"))?
            .remember;
        warm.push(started.elapsed());
    }
    warm.sort();
    let bytes = memory.map_or(0, |memory| memory.state.len());
    println!("\nspeed with {tokens} tokens in {} messages, native", texts.len());
    println!(
        "  first turn, everything is read       {:.1} ms",
        cold.as_secs_f64() * 1e3
    );
    println!(
        "  each further turn, median            {:.1} ms",
        warm[ROUNDS / 2].as_secs_f64() * 1e3
    );
    println!("  the state of the memory              {} KiB", bytes / 1024);
    Ok(())
}
