//! A fresh call: an instance made, asked and dropped, and what two threads do of them.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Instant;

use pointsman::{Engine, Request, SlotSettings};

use crate::bare::{Bare, Given};
use crate::clock::{Contender, by_turns, median, of_rounds};
use crate::scene::{self, begin, engine, runtime};

const ROUNDS: usize = 31;
const CALLS: usize = 400;

/// A policy by both hosts.
struct Pair {
    name: &'static str,
    ours: Engine,
    bare: Bare,
}

impl Pair {
    /// A slot, and the same snapshot bare.
    fn of(name: &'static str, component: &Arc<[u8]>, slot: SlotSettings) -> Self {
        let ours = engine([slot.clone()]);
        let snapshot = ours
            .snapshot(component.clone(), &slot.settings)
            .unwrap_or_else(|error| panic!("{error}"));
        let bare = Bare::new(&snapshot.unwrap_or_else(|reason| panic!("{reason}")));
        Pair { name, ours, bare }
    }
}

pub fn table() {
    let talk = [("user", scene::prose(600, 1))];
    let (request, given) = (scene::request(&talk), Given::of(&talk));
    let pairs = [
        Pair::of("small router", &scene::READER, scene::reader("nothing")),
        Pair::of(
            "router-rules, 50 rules, 20 patterns",
            &scene::rules(),
            scene::fifty_rules(),
        ),
    ];
    println!(
        "\nA fresh call: an instance made, asked and dropped, on a turn of 600 bytes, beside the same snapshot in bare wasmtime;"
    );
    println!("what the whole slot adds to the turn (assignment, checks, its record); and two threads beside one");
    println!(
        "  {:<36} {:>9} {:>9} {:>7} {:>11} {:>7}   {:>17}",
        "", "call", "bare", "ratio", "slot adds", "ratio", "2 threads (bare)"
    );
    for pair in &pairs {
        let costs = costs(pair, &request, &given);
        let (two, two_bare) = threads(pair, &request, &given);
        println!(
            "  {:<36} {:>6.1} µs {:>6.1} µs {:>6.2}× {:>8.1} µs {:>6.2}×   {two:>7.2}× ({two_bare:.2}×)",
            pair.name, costs.call, costs.bare, costs.call_ratio, costs.added, costs.added_ratio
        );
    }
}

/// Medians, in µs, and medians of the ratios of each round.
struct Costs {
    call: f64,
    bare: f64,
    call_ratio: f64,
    added: f64,
    added_ratio: f64,
}

fn costs(pair: &Pair, request: &Request, given: &Given) -> Costs {
    let (runtime, plain) = (runtime(), engine([]));
    scene::all_decided(begin(&runtime, &pair.ours, request).record());
    let called = RefCell::new(Vec::new());
    let mut contenders = [
        Contender::new(|| drop(begin(&runtime, &plain, request))),
        Contender::new(|| {
            let turn = begin(&runtime, &pair.ours, request);
            called.borrow_mut().push(turn.record().slots[0].timing.call_us);
        }),
        Contender::new(|| drop(pair.bare.fresh(given))),
    ];
    by_turns(&mut contenders, ROUNDS, CALLS);
    let [plain, ours, bare] = &contenders;
    // The record's own figure is of the clock, and the first round does not count: a median passes over interruptions.
    let calls: Vec<f64> = called.borrow().chunks(CALLS).skip(1).map(median).collect();
    let added = |round: usize| ours.rounds[round] - plain.rounds[round];
    Costs {
        call: median(&calls),
        bare: bare.median(),
        call_ratio: of_rounds(ROUNDS, |round| calls[round] / bare.rounds[round]),
        added: of_rounds(ROUNDS, added),
        added_ratio: of_rounds(ROUNDS, |round| added(round) / bare.rounds[round]),
    }
}

/// How many times the calls of one thread two threads do: ours, bare.
fn threads(pair: &Pair, request: &Request, given: &Given) -> (f64, f64) {
    let ours = |threads| {
        rate(threads, || {
            let runtime = runtime();
            move || drop(begin(&runtime, &pair.ours, request))
        })
    };
    let bare = |threads| rate(threads, || || drop(pair.bare.fresh(given)));
    (of_rounds(9, |_| ours(2) / ours(1)), of_rounds(9, |_| bare(2) / bare(1)))
}

/// Calls a second of so many threads together.
fn rate<C: FnMut()>(threads: usize, call: impl Fn() -> C + Sync) -> f64 {
    const EACH: usize = 4_000;
    let start = std::sync::Barrier::new(threads + 1);
    let took = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut call = call();
                    start.wait();
                    (0..EACH).for_each(|_| call());
                })
            })
            .collect();
        start.wait();
        let started = Instant::now();
        running.into_iter().for_each(|thread| thread.join().unwrap());
        started.elapsed()
    });
    (threads * EACH) as f64 / took.as_secs_f64()
}
