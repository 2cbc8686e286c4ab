//! Swaps under load: a revision activated every 100 ms while two threads run turns, beside the same without swaps.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use pointsman::{Engine, Outcome, Request};

use crate::clock::{median, quantile};
use crate::scene::{self, builder, runtime};

const RUNS: usize = 5;
const SECONDS: u64 = 4;
const EVERY: Duration = Duration::from_millis(100);

pub fn table() {
    let request = scene::request(&[("user", scene::prose(600, 1))]);
    let engine = runtime().block_on(builder([scene::fifty_rules()]).build()).unwrap();
    let mut other = engine.settings();
    other.slots[0] = scene::reader("reads-last");
    runtime()
        .block_on(engine.stage(other))
        .unwrap_or_else(|error| panic!("{error}"));
    let counted = Counted::default();
    let (mut steady, mut swapped, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let (a, b) = (
            p999(&engine, &request, false, &counted),
            p999(&engine, &request, true, &counted),
        );
        steady.push(a);
        swapped.push(b);
        ratios.push(b / a);
    }
    let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    println!("\nA swap every 100 ms, two threads of turns ({RUNS} runs of {SECONDS} s each way), by the clock");
    println!(
        "  swaps {}, turns {}, by revision 1: {}, by revision 2: {}",
        of(&counted.swaps),
        of(&counted.turns),
        of(&counted.first),
        of(&counted.turns) - of(&counted.first)
    );
    println!(
        "  turns without their policies {}, failed {}",
        of(&counted.without),
        of(&counted.failed)
    );
    println!(
        "  p99.9 without swaps {:.1} µs, with swaps {:.1} µs, {:.2}×",
        median(&steady),
        median(&swapped),
        median(&ratios)
    );
}

#[derive(Default)]
struct Counted {
    swaps: AtomicU64,
    turns: AtomicU64,
    first: AtomicU64,
    without: AtomicU64,
    failed: AtomicU64,
}

/// The p99.9 of turns on two threads, in µs.
fn p999(engine: &Engine, request: &Request, swaps: bool, counted: &Counted) -> f64 {
    let stop = Arc::new(AtomicBool::new(false));
    std::thread::scope(|scope| {
        let turns: Vec<_> = (0..2)
            .map(|_| scope.spawn(|| load(engine, request, &stop, counted)))
            .collect();
        let runtime = runtime();
        let until = Instant::now() + Duration::from_secs(SECONDS);
        for round in 0_u64.. {
            std::thread::sleep(EVERY);
            if Instant::now() >= until {
                break;
            }
            if swaps {
                runtime.block_on(engine.activate(1 + round % 2)).unwrap();
                counted.swaps.fetch_add(1, Ordering::Relaxed);
            }
        }
        runtime.block_on(engine.activate(1)).unwrap();
        stop.store(true, Ordering::Relaxed);
        let took: Vec<f64> = turns.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        quantile(&took, 0.999)
    })
}

fn load(engine: &Engine, request: &Request, stop: &AtomicBool, counted: &Counted) -> Vec<f64> {
    let runtime = runtime();
    let mut took = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let started = Instant::now();
        let turn = runtime.block_on(engine.begin(request.clone()));
        took.push(started.elapsed().as_secs_f64() * 1e6);
        counted.turns.fetch_add(1, Ordering::Relaxed);
        let Ok(turn) = turn else {
            counted.failed.fetch_add(1, Ordering::Relaxed);
            continue;
        };
        let record = turn.record();
        counted
            .first
            .fetch_add(u64::from(record.revision == 1), Ordering::Relaxed);
        for slot in &record.slots {
            match slot.outcome {
                Outcome::Decided { .. } => {}
                Outcome::Failed { .. } => drop(counted.failed.fetch_add(1, Ordering::Relaxed)),
                _ => drop(counted.without.fetch_add(1, Ordering::Relaxed)),
            }
        }
        counted
            .without
            .fetch_add(u64::from(record.slots.is_empty()), Ordering::Relaxed);
    }
    took
}
