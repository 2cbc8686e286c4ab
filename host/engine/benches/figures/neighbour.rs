//! A neighbour that grows its memory in every call, and what that does to another policy on the other thread.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use pointsman::{Engine, Request};

use crate::clock::{median, quantile};
use crate::scene::{self, begin, engine, runtime};

const RUNS: usize = 7;
const CALLS: usize = 10_000;

pub fn table() {
    let request = scene::request(&[("user", scene::prose(600, 1))]);
    let measured = engine([scene::fifty_rules()]);
    let (still, growing) = (engine([scene::reader("nothing")]), engine([scene::reader("grows")]));
    scene::all_decided(begin(&runtime(), &growing, &request).record());
    let (mut quiet, mut loud, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let (a, b) = (
            p99_beside(&measured, &still, &request),
            p99_beside(&measured, &growing, &request),
        );
        quiet.push(a);
        loud.push(b);
        ratios.push(b / a);
    }
    println!(
        "\nA neighbour that grows its memory in every call, on the other thread: p99 of a turn with router-rules, by the clock"
    );
    println!(
        "  beside one that does not {:>7.1} µs, beside one that does {:>7.1} µs, {:.2}×",
        median(&quiet),
        median(&loud),
        median(&ratios)
    );
}

/// The p99 of turns on this thread, in µs, while another is busy with turns of a neighbour.
fn p99_beside(measured: &Engine, neighbour: &Engine, request: &Request) -> f64 {
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let runtime = runtime();
            while !stop.load(Ordering::Relaxed) {
                drop(begin(&runtime, neighbour, request));
            }
        });
        let runtime = runtime();
        let took: Vec<f64> = (0..CALLS)
            .map(|_| {
                let started = Instant::now();
                drop(begin(&runtime, measured, request));
                started.elapsed().as_secs_f64() * 1e6
            })
            .collect();
        stop.store(true, Ordering::Relaxed);
        quantile(&took, 0.99)
    })
}
