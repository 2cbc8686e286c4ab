//! A long history that a compressor has not seen before, turn after turn: what each costs until all of it was read, and then.

mod prose;

use std::sync::Arc;

use pointsman::{Decision, Encoding, Engine, Limits, Model, Outcome, PolicyKind, Request, Settings, SlotSettings};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use self::prose::{Language, Prose};
use crate::clock::{median, quantile};
use crate::scene::runtime;

/// Tokens of the history, in `o200k`.
const TOKENS: u32 = 100_000;
/// Tokens that may be sent.
const BUDGETS: [u32; 2] = [6_000, 30_000];
/// Turns of a conversation, the history coming with the first.
const TURNS: usize = 130;
/// Conversations, of which each turn's quickest counts: what another program takes of the processor only ever adds.
const CONVERSATIONS: usize = 3;
/// The usual deadline of a call, in milliseconds.
const DEADLINE_MS: f64 = 20.0;

pub fn table() {
    let runtime = runtime();
    let engine = runtime.block_on(engine());
    println!(
        "\n`compressor-memory` on a history of {TOKENS} tokens that comes at once; milliseconds of a call by the clock"
    );
    println!(
        "  {:<22} {:>7} {:>8} {:>7} {:>14} {:>16} {:>13} {:>12} {:>11}",
        "",
        "budget",
        "messages",
        "turn 1",
        "all indexed at",
        "all read at turn",
        "until then ≤",
        "then, median",
        "then ≤"
    );
    for language in [Language::English, Language::Chinese] {
        let history = Prose::new(language).history(TOKENS);
        for budget in BUDGETS {
            row(&runtime, &engine, language, &history, budget);
        }
    }
}

/// One turn of a conversation.
#[derive(Clone, Copy, Default)]
struct Measured {
    ms: f64,
    /// Messages that the memory accounts for.
    covered: usize,
    /// Messages that were read for people: up to the last topic.
    read: usize,
}

fn row(runtime: &Runtime, engine: &Engine, language: Language, history: &[String], budget: u32) {
    let mut turns = vec![
        Measured {
            ms: f64::INFINITY,
            ..Measured::default()
        };
        TURNS
    ];
    for number in 0..CONVERSATIONS {
        let name = format!("{language:?} {budget} {number}");
        for (best, turn) in turns
            .iter_mut()
            .zip(conversation(runtime, engine, &name, history, budget))
        {
            let ms = best.ms.min(turn.ms);
            *best = Measured { ms, ..turn };
        }
    }
    let after = |so_far: &dyn Fn(&Measured) -> usize| {
        let done = |turn: usize| so_far(&turns[turn]) >= history.len();
        let first = (0..TURNS).find(|turn| done(*turn)).map(|turn| turn + 1);
        first.unwrap_or_else(|| panic!("{TURNS} turns did not read all"))
    };
    let (indexed, read) = (after(&|turn| turn.covered), after(&|turn| turn.read));
    let times: Vec<f64> = turns.iter().map(|turn| turn.ms).collect();
    let most = |times: &[f64]| times.iter().copied().fold(0.0, f64::max);
    let known = &times[read..];
    println!(
        "  {:<22} {budget:>7} {:>8} {:>7.1} {indexed:>14} {read:>16} {:>13.1} {:>12.1} {:>11.1}",
        format!(
            "{language:?}, {} KiB",
            history.iter().map(String::len).sum::<usize>() >> 10
        ),
        history.len(),
        times[0],
        most(&times[..read]),
        median(known),
        quantile(known, 1.0),
    );
    let late = times.iter().filter(|ms| **ms > DEADLINE_MS).count();
    if late > 0 {
        println!("    {late} of {TURNS} turns took more than the usual deadline of {DEADLINE_MS} ms");
    }
}

async fn engine() -> Engine {
    let policy: Arc<[u8]> = pointsman_standard::COMPRESSOR_MEMORY.component.into();
    let mut slot = SlotSettings::new("memory", PolicyKind::Compressor, "compressor-memory");
    // What is measured is not to be cut.
    slot.limits = Limits {
        deadline_ms: 10_000,
        ..Limits::default()
    };
    let mut settings = Settings::new([Model::named("gpt-4o")]).slot(slot);
    settings.sandbox.inline_ms = 10_000;
    let built = Engine::builder(settings)
        .policy("compressor-memory", policy)
        .build()
        .await;
    built.unwrap_or_else(|error| panic!("{error}"))
}

/// A conversation that begins with the whole history, and goes on with a question and an answer each turn.
fn conversation(runtime: &Runtime, engine: &Engine, name: &str, history: &[String], budget: u32) -> Vec<Measured> {
    let mut messages: Vec<Value> = history
        .iter()
        .enumerate()
        .map(|(place, text)| message(place, text))
        .collect();
    let mut measured = Vec::with_capacity(TURNS);
    for turn in 0..TURNS {
        // Words of somewhere in the history.
        let said = &history[turn * 7_919 % history.len()];
        messages.push(json!({ "role": "user", "content": format!("{}?", said.chars().take(60).collect::<String>()) }));
        let request = Request::from_messages(&Value::Array(messages.clone())).unwrap();
        let request = request.conversation_id(name).context_tokens(budget);
        let begun = runtime
            .block_on(engine.begin(request))
            .unwrap_or_else(|error| panic!("{error}"));
        let slot = &begun.record().slots[0];
        let Outcome::Decided {
            decision: Decision::Compress(answer),
            undone: None,
        } = &slot.outcome
        else {
            panic!("turn {turn}: {:?}", slot.outcome);
        };
        let after: u32 = begun
            .messages()
            .iter()
            .map(|message| engine.counter().message(message, Encoding::o200k()).tokens)
            .sum();
        assert!(after <= budget, "turn {turn} sends {after} tokens");
        let memory = answer.remember.as_ref();
        measured.push(Measured {
            ms: slot.timing.call_us / 1e3,
            covered: memory.map_or(0, |memory| memory.covered as usize),
            read: memory.map_or(0, |memory| {
                memory.topics.last().map_or(0, |topic| topic.stretch.end as usize)
            }),
        });
        runtime.block_on(begun.finish(None));
        messages.push(json!({ "role": "assistant", "content": "That is how it was, as far as I remember." }));
    }
    measured
}

fn message(place: usize, text: &str) -> Value {
    let role = if place.is_multiple_of(2) { "user" } else { "assistant" };
    json!({ "role": role, "content": text })
}
