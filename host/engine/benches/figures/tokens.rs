//! A conversation that grows: what its tenth turn costs, and its thousandth, without any policy.

use std::sync::Arc;

use pointsman::{Counter, Encoding, Message, Request};

use crate::clock::{median, thread_us};
use crate::scene::{self, engine, runtime};

/// Conversations, each with a counter and an engine of its own.
const CONVERSATIONS: usize = 15;

/// One row: its name, and its cost.
type Row = (&'static str, fn(&Costs) -> f64);

const ROWS: [Row; 4] = [
    ("parsing and hashing the request", |costs| costs.parse),
    ("tokenising the two new messages", |costs| costs.new),
    ("finding the counts of the others", |costs| costs.known),
    ("the whole turn, its parsing left out", |costs| costs.turn),
];

pub fn table() {
    let (short, long) = (costs(10), costs(1_000));
    println!("\nTurn 10 and turn 1,000 of a conversation, 300 bytes a message: each turn brings two new ones");
    println!("  {:<38} {:>12} {:>12} {:>8}", "", "turn 10", "turn 1,000", "ratio");
    for (name, of) in ROWS {
        let (a, b) = (of(&short), of(&long));
        println!("  {name:<38} {a:>9.1} µs {b:>9.1} µs {:>7.2}×", b / a);
    }
}

/// Medians over the conversations, in µs of processor time.
struct Costs {
    parse: f64,
    new: f64,
    known: f64,
    turn: f64,
}

fn costs(turn: usize) -> Costs {
    let runtime = runtime();
    let (mut parse, mut new, mut known, mut turns) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for conversation in 0..CONVERSATIONS {
        let text = |index| scene::prose(300, conversation * 1_000_003 + index);
        let talk: Vec<(&str, String)> = (0..turn * 2 - 1)
            .map(|index| (if index % 2 == 0 { "user" } else { "assistant" }, text(index)))
            .collect();
        let body = format!(r#"{{"messages":{}}}"#, scene::json(&talk));
        let mut parsed = None;
        parse.push(timed(|| parsed = Some(Request::from_json(&body).unwrap())));
        let request = parsed.unwrap();
        let (old, latest) = request.messages().split_at(talk.len() - 2);

        let counter = Counter::default();
        let count = |messages: &[Arc<Message>]| -> u32 {
            let each = messages
                .iter()
                .map(|message| counter.message(message, Encoding::o200k()));
            each.map(|count| count.tokens).sum()
        };
        let mut tokens = count(old);
        new.push(timed(|| tokens += count(latest)));
        known.push(timed(|| tokens += count(old)));
        std::hint::black_box(tokens);

        // The turns before counted all but the last two messages.
        let engine = engine([]);
        runtime
            .block_on(engine.begin(scene::request(&talk[..talk.len() - 2])))
            .unwrap();
        // The request outlives the turn: a service still has to answer it.
        let turn = request.clone();
        turns.push(timed(|| drop(runtime.block_on(engine.begin(turn)).unwrap())));
    }
    Costs {
        parse: median(&parse),
        new: median(&new),
        known: median(&known),
        turn: median(&turns),
    }
}

fn timed(run: impl FnOnce()) -> f64 {
    let before = thread_us();
    run();
    thread_us() - before
}
