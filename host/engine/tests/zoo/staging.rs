//! Policies that never get as far as a turn: staging says what is wrong, and what served goes on serving.

use pointsman::PolicyKind::{Compressor, Router};
use pointsman::{Engine, Limits, PolicyKind, Settings, SlotSettings};
use serde_json::{Value, json};

use crate::cages;
use crate::forge::{self, Forged};
use crate::keeper::{BAD, decided, engine, patient, settings, slot, turn};

/// Stages each slot on an engine that serves; each is refused with its words and changes nothing.
pub async fn refuse(bad: impl IntoIterator<Item = (SlotSettings, &'static str)>) {
    let engine = engine(settings(slot(BAD, Router, "good"))).await;
    for (bad, says) in bad {
        let error = engine
            .stage(settings(bad.clone()))
            .await
            .map(|_| ())
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(says) && error.contains("slot `bad`"),
            "expected `{says}`: {error}"
        );
        still_serves(&engine).await;
    }
    assert_eq!(engine.revisions().await.len(), 1);
}

async fn still_serves(engine: &Engine) {
    let (record, _) = turn(engine).await;
    assert!(record.revision == 1 && record.slots.iter().all(decided), "{record:#?}");
}

fn set(kind: PolicyKind, settings: Value) -> SlotSettings {
    slot(BAD, kind, "good").settings(settings)
}

#[tokio::test]
async fn settings_are_refused_with_the_path_of_what_is_wrong() {
    refuse([
        (set(Router, json!({ "do": "fly" })), "do: unknown variant `fly`"),
        (set(Router, json!({ "do": 7 })), "do: "),
        (set(Router, json!({ "dance": 1 })), "dance: unknown field `dance`"),
        (set(Router, json!([])), "expected a JSON object"),
        (
            slot(BAD, Router, "configure-refuse"),
            "rules[2].pattern: expected a pattern, found a shoe; and the rest is no better",
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_policy_that_fails_while_it_is_configured_is_refused() {
    refuse([
        (
            slot(BAD, Router, "configure-panic"),
            "failed in configure: trap: panicked at",
        ),
        (slot(BAD, Router, "configure-grow"), "failed in configure: memory: "),
        (
            slot(BAD, Router, "configure-loop"),
            "failed in configure: deadline: not finished within 5000 ms",
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_policy_that_its_slot_s_limits_leave_no_room_for_is_refused_before_any_turn_fails() {
    let small = Limits {
        memory_mib: 1,
        ..patient()
    };
    // It is configured anew in each instance, within the slot's limits; staging alone would have room for it.
    let heavy = forge::slot("configures-heavily", &cages::for_wasip2("router"));
    refuse([
        (
            slot(BAD, Router, "good").limits(small),
            "failed in making an instance within the slot's limits: memory: asked for",
        ),
        (
            heavy.settings(json!({ "do": "configure-heavy" })),
            "failed in making an instance within the slot's limits: memory: asked for",
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_module_that_fails_before_it_is_asked_anything_is_refused() {
    let starts = |body: &str| Forged {
        fields: format!("(func $start {body}) (start $start)"),
        ..Forged::default()
    };
    let describe = Forged {
        describe: "(unreachable)",
        ..Forged::default()
    };
    let room = Forged {
        realloc: "(i32.const 0xfffffff0)",
        ..Forged::default()
    };
    refuse([
        (
            starts("(unreachable)").slot("start-trap"),
            "trap: wasm trap: wasm `unreachable`",
        ),
        (describe.slot("describe-trap"), "failed in describe: trap: "),
        (room.slot("realloc-out-of-bounds"), "failed in configure: trap: "),
        (
            starts("(loop $l (br $l))").slot("start-loop"),
            "deadline: not finished within 5000 ms",
        ),
    ])
    .await;
}

#[tokio::test]
async fn memories_and_tables_without_number_are_refused() {
    let many = |name, module: &str, count| {
        forge::slot(
            name,
            &forge::with_instances(Forged::default().component(), module, count),
        )
    };
    refuse([
        (
            many("many-memories", "(module (memory 1))", 30),
            "31 Wasm linear memories, which exceeds the configured maximum of 20",
        ),
        (
            many("many-tables", "(module (table 1 funcref))", 30),
            "tables, which exceeds the configured maximum of 20",
        ),
        (many("many-instances", "(module)", 120), "instances"),
        (
            many("memory-in-sum", "(module (memory 1500))", 3),
            "memory: asked for 288",
        ),
        (many("a-large-memory", "(module (memory 10000))", 1), "memory"),
        (many("a-large-table", "(module (table 1000000 funcref))", 1), "table"),
    ])
    .await;
}

#[tokio::test]
async fn a_component_that_does_not_keep_its_own_word_is_refused() {
    let cases = |cases| Forged {
        cases: Some(cases),
        ..Forged::default()
    };
    let hello = r#"{"name": "hello", "given": {"messages": [{"role": "user", "content": "hi"}]}, "expected": {"model": "large"}}"#;
    refuse([
        (cases("never mind\n").slot("cases-not-json"), "line 1"),
        (cases(hello).slot("cases-not-kept"), "case 1 (`hello`)"),
    ])
    .await;
}

#[tokio::test]
async fn what_is_no_policy_at_all_is_refused_in_words() {
    let router = Forged::default().component();
    let other = wat::parse_str(r#"(component (instance $i) (export "other:world/thing" (instance $i)))"#).unwrap();
    let compressor = slot(BAD, Compressor, "good").policy.unwrap();
    let mut wrong_kind = slot(BAD, Router, "good");
    wrong_kind.policy = Some(compressor);
    refuse([
        (forge::slot("empty", b""), "not a WebAssembly component"),
        (
            forge::slot("script", b"#!/bin/sh\nexit 0\n"),
            "not a WebAssembly component",
        ),
        (forge::slot("module", b"\0asm\x01\0\0\0"), "a core WebAssembly module"),
        (forge::slot("cut-off", &router[..router.len() / 2]), "not valid"),
        (
            forge::slot("other-world", &other),
            "not a policy: the component exports other:world/thing",
        ),
        (wrong_kind, "wants a router, the component is a compressor"),
        (SlotSettings::new(BAD, Router, "nowhere.wasm"), "cannot be read"),
        (
            SlotSettings::new(BAD, Router, "nobody"),
            "there is no policy `nobody`: known are checker, compressor, router",
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_component_that_was_cut_off_anywhere_or_damaged_is_refused_or_read_and_never_brings_the_host_down() {
    let router = Forged::default().component();
    for length in 0..router.len() {
        assert!(pointsman::inspect(&router[..length]).is_err() || length > 8, "{length}");
    }
    let mut read = 0;
    for at in 8..router.len() {
        let mut damaged = router.clone();
        damaged[at] ^= 0x55;
        read += usize::from(pointsman::inspect(&damaged).is_ok());
    }
    assert!(read < router.len(), "all damage went unseen");
}

#[tokio::test]
async fn settings_without_a_model_or_with_two_routers_are_refused() {
    let engine = engine(settings(slot(BAD, Router, "good"))).await;
    let two = settings(slot(BAD, Router, "good")).slot(slot("again", Router, "good"));
    let none = Settings::new([]);
    for (settings, says) in [(two, "more than one slot is a router"), (none, "`models` is empty")] {
        let error = engine.apply(settings).await.unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
        still_serves(&engine).await;
    }
}
