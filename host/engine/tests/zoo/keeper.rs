//! An engine with good policies and one bad one, and what must come of a turn on it.

use pointsman::{
    Decision, Engine, EngineBuilder, FailureKind, FailurePlan, Limits, Model, Outcome, PolicyKind, Record, Reply,
    Request, SandboxSettings, Settings, SlotRecord, SlotSettings, Verdict,
};
use serde_json::json;

use crate::cages;

/// Name of the slot of the bad policy.
pub const BAD: &str = "bad";

/// A bad policy and how it is expected to end.
pub struct Animal {
    pub kind: PolicyKind,
    pub deed: &'static str,
    pub slot: SlotSettings,
    pub fails: FailureKind,
    pub says: &'static str,
}

/// A policy of this kind that does this, and ends in this failure with these words.
pub fn animal(kind: PolicyKind, deed: &'static str, fails: FailureKind, says: &'static str) -> Animal {
    Animal {
        kind,
        deed,
        slot: slot(BAD, kind, deed),
        fails,
        says,
    }
}

impl Animal {
    /// The same with other limits.
    pub fn within(mut self, limits: Limits) -> Self {
        self.slot.limits = limits;
        self
    }
}

/// Limits that a good policy meets on the busiest machine.
pub fn patient() -> Limits {
    Limits {
        deadline_ms: 20_000,
        ..Limits::default()
    }
}

/// A deadline that nobody has to wait for long, and that a good call meets also where the machine is busy.
pub fn brisk() -> Limits {
    Limits {
        deadline_ms: 150,
        ..Limits::default()
    }
}

/// Room for hundreds of MiB, handed over at once.
pub fn roomy() -> Limits {
    Limits {
        memory_mib: 256,
        output_kib: 256 << 10,
        ..patient()
    }
}

/// A slot that runs a policy of the zoo, and is skipped whatever it fails in.
pub fn slot(name: &str, kind: PolicyKind, deed: &str) -> SlotSettings {
    SlotSettings::new(name, kind, kind.to_string())
        .settings(json!({ "do": deed }))
        .on_guard_failure(FailurePlan::Skip)
        .limits(patient())
}

/// A slot with good neighbours of all kinds behind it.
pub fn settings(first: SlotSettings) -> Settings {
    let mut settings = Settings::new([
        Model::named("small").priced(0.1, 0.4),
        Model::named("large").priced(1.0, 4.0),
    ]);
    settings.sandbox = sandbox();
    let routes = first.kind == PolicyKind::Router;
    settings = settings.slot(first);
    for kind in [PolicyKind::Router, PolicyKind::Compressor, PolicyKind::Checker] {
        // There is one router at most.
        if kind != PolicyKind::Router || !routes {
            settings = settings.slot(slot(&kind.to_string(), kind, "good"));
        }
    }
    settings
}

/// A small pool of large instances; compiled code is kept between tests, which stage the same few components.
pub fn sandbox() -> SandboxSettings {
    let cache = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("zoo-code");
    SandboxSettings {
        instances: 16,
        instance_mib: 256,
        cache_dir: Some(cache),
        ..SandboxSettings::default()
    }
}

/// An engine that knows the policies of the zoo.
pub async fn engine(settings: Settings) -> Engine {
    builder(settings).build().await.unwrap()
}

/// The same before it is built.
pub fn builder(settings: Settings) -> EngineBuilder {
    let kinds = [PolicyKind::Router, PolicyKind::Compressor, PolicyKind::Checker];
    kinds.into_iter().fold(Engine::builder(settings), |builder, kind| {
        builder.policy(kind.to_string(), cages::component(kind))
    })
}

/// A conversation whose messages 1 and 4 may go; 2 and 3 are a tool exchange, the others are locked.
pub fn request() -> Request {
    let call = json!({"id": "c", "type": "function", "function": {"name": "look", "arguments": "{}"}});
    Request::from_messages(&json!([
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "What is behind the first door? Please look carefully."},
        {"role": "assistant", "content": null, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": "a tiger"},
        {"role": "assistant", "content": "There is a tiger behind the first door."},
        {"role": "user", "content": "And behind the second one?"},
    ]))
    .unwrap()
    .seed(7)
}

/// One whole turn.
pub async fn turn(engine: &Engine) -> (Record, Verdict) {
    let mut turn = engine.begin(request()).await.unwrap();
    let verdict = turn.check(&Reply::text("A lady.").finished("stop")).await.unwrap();
    (turn.finish(None).await, verdict)
}

/// Shows animals one after the other: each fails by its name and is skipped, its neighbours decide in the same turn, and the
/// next turn on the same engine, with a good policy in its slot, goes well.
pub async fn show(animals: impl IntoIterator<Item = Animal>) {
    let mut engine = None;
    for animal in animals {
        let engine = match &mut engine {
            Some(engine) => engine,
            none => none.insert(self::engine(settings(slot(BAD, animal.kind, "good"))).await),
        };
        engine.apply(settings(animal.slot.clone())).await.unwrap();
        let (record, verdict) = turn(engine).await;
        assert_failed(&record, &animal);
        assert_eq!(record.skipped(), 1, "{}: {record:#?}", animal.deed);
        assert_eq!(
            verdict.action.word(),
            "flag",
            "{}: the other checker's verdict stands",
            animal.deed
        );
        assert_eq!(
            record.model,
            if animal.kind == PolicyKind::Router {
                "small"
            } else {
                "large"
            },
            "{}",
            animal.deed
        );

        engine.apply(settings(slot(BAD, animal.kind, "good"))).await.unwrap();
        let (record, _) = turn(engine).await;
        assert!(
            record.slots.iter().all(decided),
            "{}: the next turn: {record:#?}",
            animal.deed
        );
        assert_eq!(record.model, "large");
    }
}

/// The bad slot failed once, as expected, and was skipped; every other slot decided.
pub fn assert_failed(record: &Record, animal: &Animal) {
    let (bad, others): (Vec<&SlotRecord>, Vec<_>) = record.slots.iter().partition(|slot| slot.slot == BAD);
    let failures: Vec<_> = bad.iter().filter(|slot| !decided(slot)).collect();
    let [
        SlotRecord {
            outcome: Outcome::Failed {
                kind, message, plan, ..
            },
            ..
        },
    ] = failures[..]
    else {
        panic!("{}: expected one failure: {bad:#?}", animal.deed)
    };
    assert_eq!(
        (*kind, *plan),
        (animal.fails, FailurePlan::Skip),
        "{}: {message}",
        animal.deed
    );
    assert!(message.contains(animal.says), "{}: {message}", animal.deed);
    assert!(
        others.len() >= 3 && others.into_iter().all(decided),
        "{}: {record:#?}",
        animal.deed
    );
}

/// Whether a slot decided, and its decision was carried out.
pub fn decided(slot: &SlotRecord) -> bool {
    matches!(slot.outcome, Outcome::Decided { undone: None, .. })
}

/// What a good turn's slot told in its first reason.
pub fn told(record: &Record, slot: &str) -> String {
    let reasons = record
        .slots
        .iter()
        .filter(|record| record.slot == slot)
        .find_map(|slot| match &slot.outcome {
            Outcome::Decided {
                decision: Decision::Route(choice),
                ..
            } => Some(&choice.reasons),
            Outcome::Decided {
                decision: Decision::Compress(compression),
                ..
            } => Some(&compression.reasons),
            _ => None,
        });
    reasons.unwrap_or_else(|| panic!("{record:#?}"))[0].text.clone()
}
