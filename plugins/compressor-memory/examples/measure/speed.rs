//! How long a turn takes with 100,000 tokens of history: natively, the policy alone, counts by the estimate of tests.

use std::error::Error;
use std::fs;
use std::time::Instant;

use compressor_memory::MemoryCompressor;
use pointsman_policy::testing::{TurnBuilder, configure, turn};
use pointsman_policy::{Compressor, Memory, RequestedLimits};

use crate::cases::Case;

const TOKENS: usize = 100_000;
/// Turns after all was read.
const ROUNDS: usize = 60;
/// No history of so many tokens takes as many turns to read.
const MOST: usize = 200;

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
    let (mut memory, mut reading, mut known): (Option<Memory>, Vec<f64>, Vec<f64>) = (None, Vec::new(), Vec::new());
    let (mut indexed, mut read) = (None, None);
    for round in 0..MOST {
        let turn = memory.take().into_iter().fold(ask(round), TurnBuilder::memory).build();
        let started = Stopwatch::start();
        let answer = policy.compress(&turn).map_err(|problem| format!("{problem:?}"))?;
        let times = if read.is_none() { &mut reading } else { &mut known };
        times.push(started.milliseconds());
        let after = answer.remember.ok_or("a turn remembered nothing")?;
        // All but the question.
        if after.covered as usize + 1 >= texts.len() + 2 * round {
            indexed.get_or_insert(round + 1);
            let told = after.topics.last().map_or(0, |topic| topic.stretch.end);
            read = read.or((told == after.covered).then_some(round + 1));
        }
        memory = Some(after);
        if known.len() == ROUNDS {
            break;
        }
    }
    let (Some(indexed), Some(read)) = (indexed, read) else {
        return Err(format!("{MOST} turns did not read all").into());
    };
    // The system counts processor time in steps of some milliseconds: many turns together say what one takes.
    let mean = |times: &[f64]| times.iter().sum::<f64>() / times.len().max(1) as f64;
    let bytes = memory.map_or(0, |memory| memory.state.len());
    println!(
        "\nspeed with {tokens} tokens in {} messages, native, milliseconds of processor time",
        texts.len()
    );
    println!("  all is indexed, and all is read, after turns   {indexed}, {read}");
    println!("  these turns, mean                              {:.1}", mean(&reading));
    println!("  then, the older part being known, mean         {:.1}", mean(&known));
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
