//! The engine as a service meets it: turns, revisions, watching. With the standard policies, in the real sandbox.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop loudly"
)]

mod fixed;
mod swap;
mod turns;

use std::sync::{Arc, Mutex};

use pointsman::{Engine, EngineBuilder, Model, PolicyKind, Record, Request, Settings, SlotSettings};
use serde_json::json;

/// Records as a service would collect them.
#[derive(Clone, Default)]
struct Records(Arc<Mutex<Vec<Record>>>);

impl Records {
    fn all(&self) -> Vec<Record> {
        self.0.lock().unwrap().clone()
    }
}

fn builder(settings: Settings) -> EngineBuilder {
    let mut settings = settings;
    settings.sandbox.instances = 32;
    // Each test builds an engine: without a cache, compiling the policies would be most of its work.
    settings.sandbox.cache_dir = Some(concat!(env!("CARGO_TARGET_TMPDIR"), "/compiled").into());
    // Tests share the machine with each other: nothing here is about time.
    settings
        .slots
        .iter_mut()
        .for_each(|slot| slot.limits.deadline_ms = 2_000);
    pointsman_standard::ALL
        .iter()
        .fold(Engine::builder(settings), |b, s| b.policy(s.name, s.component))
}

async fn engine(settings: Settings) -> (Engine, Records) {
    let records = Records::default();
    let kept = records.clone();
    let recorder = move |record: &Record| kept.0.lock().unwrap().push(record.clone());
    (builder(settings).recorder(recorder).build().await.unwrap(), records)
}

fn models() -> Settings {
    let tagged = |mut model: Model, tag: &str| {
        model.tags = vec![tag.to_owned()];
        model
    };
    Settings::new([
        tagged(Model::named("small").priced(0.1, 0.4), "cheap"),
        tagged(Model::named("large").priced(2.0, 8.0), "strong"),
    ])
}

fn router() -> SlotSettings {
    let rules = json!({ "standard": false, "default": { "model": "small" },
        "rules": [{ "name": "prove", "when": { "matches": ["prove"] }, "use": { "model": "large", "fallbacks": ["small"] } }] });
    SlotSettings::new("router", PolicyKind::Router, "router-rules").settings(rules)
}

fn window(tokens: u32) -> SlotSettings {
    SlotSettings::new("window", PolicyKind::Compressor, "compressor-window").settings(json!({ "max-tokens": tokens }))
}

fn checker() -> SlotSettings {
    SlotSettings::new("checker", PolicyKind::Checker, "checker-basic")
}

fn ask(text: &str) -> Request {
    Request::from_messages(&json!([{ "role": "user", "content": text }])).unwrap()
}

/// Twenty turns of talk and a question.
fn long_talk() -> Request {
    let mut messages = vec![json!({ "role": "system", "content": "Be kind." })];
    for turn in 0..20 {
        messages.push(json!({ "role": "user", "content": format!("Tell me what happened on day {turn} of the journey to the north.") }));
        messages.push(json!({ "role": "assistant", "content": format!("On day {turn} we walked along the river and met nobody at all.") }));
    }
    messages.push(json!({ "role": "user", "content": "And in the end?", "x-kept": [1, 2.50] }));
    Request::from_messages(&messages.into()).unwrap()
}
