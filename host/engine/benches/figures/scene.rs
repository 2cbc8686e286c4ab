//! What is measured: conversations, policies, and engines with them.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use pointsman::{Engine, Model, PolicyKind, Record, Request, Settings, SlotSettings, Turn};
use pointsman_build::{BuildOptions, build};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// The router of `benches/reader`.
pub static READER: LazyLock<Arc<[u8]>> = LazyLock::new(|| {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/reader");
    let options = BuildOptions {
        locked: true,
        quiet: true,
        target_dir: Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("reader")),
        ..BuildOptions::default()
    };
    build(&project, &options)
        .unwrap_or_else(|error| panic!("{error}"))
        .component
        .into()
});

pub fn rules() -> Arc<[u8]> {
    pointsman_standard::ROUTER_RULES.component.into()
}

/// A runtime on this thread alone, so that its processor time is the thread's.
pub fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// Five models, as a service may have them.
pub fn models() -> Vec<Model> {
    let model = |(name, input, output): (&str, f64, f64), tag: &str| {
        let mut model = Model::named(name).priced(input, output);
        model.tags = vec![tag.to_owned()];
        model.window = Some(128_000);
        model
    };
    vec![
        model(("first", 0.05, 0.4), "cheap"),
        model(("second", 0.25, 2.0), "fast"),
        model(("third", 0.4, 1.6), "code"),
        model(("fourth", 1.25, 10.0), "tools"),
        model(("fifth", 2.5, 15.0), "strong"),
    ]
}

/// An engine with these slots.
pub fn engine(slots: impl IntoIterator<Item = SlotSettings>) -> Engine {
    runtime()
        .block_on(async { builder(slots).build().await })
        .unwrap_or_else(|error| panic!("{error}"))
}

pub fn builder(slots: impl IntoIterator<Item = SlotSettings>) -> pointsman::EngineBuilder {
    let mut settings = Settings::new(models());
    settings.sandbox.instances = 64;
    settings.slots.extend(slots);
    let standard = pointsman_standard::ALL.iter();
    standard
        .fold(Engine::builder(settings), |builder, policy| {
            builder.policy(policy.name, policy.component)
        })
        .policy("reader", READER.clone())
}

/// A slot with the reader.
pub fn reader(does: &str) -> SlotSettings {
    SlotSettings::new("router", PolicyKind::Router, "reader").settings(json!({ "does": does }))
}

/// A slot with `router-rules`: fifty rules, twenty of them with a pattern, and none that fires.
pub fn fifty_rules() -> SlotSettings {
    SlotSettings::new("router", PolicyKind::Router, "router-rules").settings(fifty_rules_settings())
}

pub fn fifty_rules_settings() -> Value {
    const WORDS: [&str; 20] = [
        "invoice",
        "refund",
        "contract",
        "shipping",
        "password",
        "holiday",
        "recipe",
        "mortgage",
        "football",
        "guitar",
        "vaccine",
        "passport",
        "election",
        "garden",
        "telescope",
        "marathon",
        "sculpture",
        "insurance",
        "glacier",
        "violin",
    ];
    let rules: Vec<Value> = (0..50)
        .map(|index| {
            let when = match WORDS.get(index) {
                Some(word) => json!({ "matches": [format!(r"\b{word}s?\b.*\b(help|need|want)\b")] }),
                None => match index % 3 {
                    0 => json!({ "min-tokens": 100_000 + index }),
                    1 => json!({ "tool-named": [format!("tool-{index}")] }),
                    _ => json!({ "attributes": { "tier": [format!("tier-{index}")] } }),
                },
            };
            json!({ "name": format!("rule-{index}"), "when": when, "use": { "tag": "strong" } })
        })
        .collect();
    json!({ "standard": false, "rules": rules, "default": { "model": "first" } })
}

/// Prose of about so many bytes; `salt` makes it differ.
pub fn prose(bytes: usize, salt: usize) -> String {
    const WORDS: [&str; 12] = [
        "The", "river", "ran", "past", "a", "quiet", "mill", "where", "nobody", "had", "worked", "since",
    ];
    let mut text = format!("No. {salt}:");
    let mut at = salt;
    while text.len() < bytes {
        text.push(' ');
        text.push_str(WORDS[at % WORDS.len()]);
        at = at.wrapping_mul(31).wrapping_add(7) % 1_009;
    }
    text.truncate(bytes);
    text
}

/// A conversation of so many messages of so many bytes, as roles and texts; the last is the user's.
pub fn talk(messages: usize, bytes: usize) -> Vec<(&'static str, String)> {
    (0..messages)
        .map(|index| {
            let role = if (messages - 1 - index).is_multiple_of(2) {
                "user"
            } else {
                "assistant"
            };
            (role, prose(bytes, index))
        })
        .collect()
}

pub fn request(talk: &[(&str, String)]) -> Request {
    Request::from_messages(&json(talk)).unwrap()
}

pub fn json(talk: &[(&str, String)]) -> Value {
    talk.iter()
        .map(|(role, text)| json!({ "role": role, "content": text }))
        .collect()
}

/// Begins a turn, which every policy before the model decides.
pub fn begin(runtime: &Runtime, engine: &Engine, request: &Request) -> Turn {
    runtime
        .block_on(engine.begin(request.clone()))
        .unwrap_or_else(|error| panic!("{error}"))
}

/// Panics unless every slot decided: a failing policy is quick.
pub fn all_decided(record: &Record) {
    for slot in &record.slots {
        let decided = matches!(slot.outcome, pointsman::Outcome::Decided { .. });
        assert!(decided, "slot {} did not decide: {:?}", slot.slot, slot.outcome);
    }
}
