//! Policies that want more of the host than the contract: refused in words, or given an empty system.

use pointsman::PolicyKind::Router;
use pointsman::{FailureKind, Outcome, PolicyKind, SlotSettings};

use crate::forge::{self, DECLINE, Forged};
use crate::keeper::{Animal, BAD, builder, decided, engine, patient, request, settings, show, told, turn};
use crate::staging::refuse;

/// A router that imports something and does nothing with it.
fn importing(import: &str) -> Vec<u8> {
    wat::parse_str(format!(
        r#"(component (import "{import}" (instance)) (instance $i)
            (export "pointsman:policy/policy@0.1.0" (instance $i)) (export "pointsman:policy/router@0.1.0" (instance $i)))"#
    ))
    .unwrap()
}

#[tokio::test]
async fn network_foreign_imports_and_newer_contracts_are_refused_in_words() {
    let newer = r#"(component (instance $i) (export "pointsman:policy/router@0.9.0" (instance $i)))"#;
    refuse([
        (
            forge::slot("tcp", &importing("wasi:sockets/tcp@0.2.0")),
            "policies have no network: build without networking",
        ),
        (
            forge::slot("http", &importing("wasi:http/outgoing-handler@0.2.0")),
            "policies have no network: build without HTTP",
        ),
        (
            forge::slot("files-of-its-own", &importing("evil:host/files@1.0.0")),
            "a policy may import `pointsman:policy/*`",
        ),
        (
            forge::slot("newer-host", &importing("pointsman:policy/host@0.9.0")),
            "`pointsman:policy/host@0.9.0`, which this host does not offer: it speaks `pointsman:policy@0.1.0`",
        ),
        (
            forge::slot("no-such-interface", &importing("pointsman:policy/shell@0.1.0")),
            "`pointsman:policy/shell@0.1.0`",
        ),
        (
            forge::slot("newer-router", &wat::parse_str(newer).unwrap()),
            "`pointsman:policy/router@0.9.0`, this host speaks `pointsman:policy@0.1.0`",
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_function_that_this_host_lacks_is_named_with_both_versions() {
    let made = Forged {
        imports: "import pointsman:policy/host@0.1.7;",
        packages: "package pointsman:policy@0.1.7 { interface host { whisper: func(); } }",
        fields: r#"(import "pointsman:policy/host@0.1.7" "whisper" (func $whisper))"#.to_owned(),
        route: format!("(call $whisper) {DECLINE}"),
        ..Forged::default()
    };
    let nn = Forged {
        imports: "import wasi:nn/graph@0.2.0;",
        packages: "package wasi:nn@0.2.0 { interface graph { load: func(); } }",
        fields: r#"(import "wasi:nn/graph@0.2.0" "load" (func $load))"#.to_owned(),
        route: format!("(call $load) {DECLINE}"),
        ..Forged::default()
    };
    refuse([
        (made.slot("newer-function"), "the function `whisper` of `pointsman:policy/host@0.1.7`, which this host does not offer: it speaks `pointsman:policy@0.1.0`"),
        (nn.slot("wasi-nn"), "`wasi:nn/graph@0.2.0`"),
    ])
    .await;
}

/// A router that imports these functions of `wasi:*`, calls `$try` in each turn, and traps where that is not 0.
fn tries(imports: &'static str, packages: &'static str, fields: &str) -> Forged {
    let route = format!("(if (call $try) (then unreachable)) {DECLINE}");
    Forged {
        imports,
        packages,
        fields: fields.to_owned(),
        route,
        ..Forged::default()
    }
}

async fn declines(made: &Forged, name: &str) {
    let engine = engine(settings(made.slot(name))).await;
    for _ in 0..2 {
        let (record, _) = turn(&engine).await;
        let bad = record.slots.iter().find(|slot| slot.slot == "bad").unwrap();
        assert!(matches!(bad.outcome, Outcome::Declined { .. }), "{bad:#?}");
        assert!(record.slots.iter().filter(|slot| slot.slot != "bad").all(decided));
    }
}

#[tokio::test]
async fn environment_arguments_and_files_are_empty() {
    let made = tries(
        "import wasi:cli/environment@0.2.0; import wasi:filesystem/preopens@0.2.0;",
        "package wasi:cli@0.2.0 { interface environment {
            get-environment: func() -> list<tuple<string, string>>; get-arguments: func() -> list<string>; } }
        package wasi:filesystem@0.2.0 { interface types { resource descriptor; }
            interface preopens { use types.{descriptor}; get-directories: func() -> list<tuple<descriptor, string>>; } }",
        r#"(import "wasi:cli/environment@0.2.0" "get-environment" (func $environment (param i32)))
        (import "wasi:cli/environment@0.2.0" "get-arguments" (func $arguments (param i32)))
        (import "wasi:filesystem/preopens@0.2.0" "get-directories" (func $directories (param i32)))
        (func $try (result i32)
            (call $environment (i32.const 3072)) (call $arguments (i32.const 3080)) (call $directories (i32.const 3088))
            (i32.or (i32.load (i32.const 3076)) (i32.or (i32.load (i32.const 3084)) (i32.load (i32.const 3092)))))"#,
    );
    declines(&made, "environment").await;
}

#[tokio::test]
async fn a_policy_that_sleeps_for_a_year_in_a_host_call_wakes_at_once() {
    let made = tries(
        "import wasi:clocks/monotonic-clock@0.2.0; import wasi:io/poll@0.2.0;",
        "package wasi:io@0.2.0 { interface poll { resource pollable { block: func(); } } }
        package wasi:clocks@0.2.0 { interface monotonic-clock {
            use wasi:io/poll@0.2.0.{pollable}; subscribe-duration: func(when: u64) -> pollable; } }",
        r#"(import "wasi:clocks/monotonic-clock@0.2.0" "subscribe-duration" (func $subscribe (param i64) (result i32)))
        (import "wasi:io/poll@0.2.0" "[method]pollable.block" (func $block (param i32)))
        (func $try (result i32) (call $block (call $subscribe (i64.const 31536000000000000))) (i32.const 0))"#,
    );
    declines(&made, "sleep").await;
}

#[tokio::test]
async fn the_wall_clock_is_the_turn_s_also_in_an_instance_that_is_kept_warm() {
    let made = tries(
        "import wasi:clocks/wall-clock@0.2.0; import pointsman:policy/host@0.1.0;",
        "package wasi:clocks@0.2.0 { interface wall-clock {
            record datetime { seconds: u64, nanoseconds: u32 } now: func() -> datetime; } }",
        // The same second by both clocks; at 3072 seconds and nanoseconds.
        r#"(import "wasi:clocks/wall-clock@0.2.0" "now" (func $wall (param i32)))
        (import "pointsman:policy/host@0.1.0" "now" (func $now (result i64)))
        (func $try (result i32) (call $wall (i32.const 3072))
            (i64.ne (i64.load (i32.const 3072)) (i64.div_u (call $now) (i64.const 1000))))"#,
    );
    for reuse in [false, true] {
        let mut slot = made.slot("wall-clock");
        slot.reuse = reuse;
        let engine = engine(settings(slot)).await;
        for at_ms in [1_700_000_000_000, 1_800_000_000_000] {
            let turn = engine.begin(request().at_ms(at_ms)).await.unwrap();
            let bad = turn.record().slots.iter().find(|slot| slot.slot == "bad").unwrap();
            assert!(
                matches!(bad.outcome, Outcome::Declined { .. }),
                "reuse {reuse}: {bad:#?}"
            );
        }
    }
}

#[tokio::test]
async fn a_policy_built_for_wasip2_finds_an_empty_system_and_the_turns_clock() {
    let made = crate::cages::for_wasip2("router");
    let slot = SlotSettings::new(BAD, PolicyKind::Router, "foreign")
        .settings(serde_json::json!({ "do": "use-system" }))
        .limits(patient());
    for reuse in [false, true] {
        let slot = SlotSettings { reuse, ..slot.clone() };
        let engine = builder(settings(slot))
            .policy("foreign", made.clone())
            .build()
            .await
            .unwrap();
        for at_ms in [1_700_000_000_000, 1_800_000_000_000] {
            let turn = engine.begin(request().at_ms(at_ms)).await.unwrap();
            let record = turn.record();
            let expected = format!("0 variables, 0 arguments, root closed, {at_ms} ms, 2 names");
            assert_eq!(told(record, BAD), expected);
            let own = record.slots.iter().find(|slot| slot.slot == BAD).unwrap();
            let log: Vec<_> = own.log.iter().map(|line| line.text.as_str()).collect();
            assert_eq!(log, ["written to standard output"]);
        }
    }
}

#[tokio::test]
async fn a_policy_that_prints_too_much_is_cut_as_its_log_would_be_and_goes_on() {
    let made = crate::cages::for_wasip2("router");
    for reuse in [false, true] {
        let mut slot = SlotSettings::new(BAD, Router, "foreign").limits(patient());
        (slot.settings, slot.reuse) = (serde_json::json!({ "do": "print-flood" }), reuse);
        let engine = builder(settings(slot)).policy("foreign", made.clone()).build().await;
        let engine = engine.unwrap();
        for _ in 0..2 {
            let (record, _) = turn(&engine).await;
            assert_eq!(told(&record, BAD), "all printed");
            let own = record.slots.iter().find(|slot| slot.slot == BAD).unwrap();
            assert_eq!((own.log.len(), own.log_dropped), (64, 336), "reuse {reuse}");
            assert!(own.log[63].text.starts_with("63: x"), "{:?}", own.log[63]);
        }
    }
}

#[tokio::test]
async fn clock_and_randomness_are_the_same_in_every_configuring_also_in_one_for_each_instance() {
    let components = [crate::cages::component(Router), crate::cages::for_wasip2("router")];
    for (component, reuse) in components.iter().flat_map(|c| [(c, false), (c, true)]) {
        let mut slot = SlotSettings::new(BAD, Router, "clock").limits(patient());
        (slot.settings, slot.reuse) = (serde_json::json!({ "do": "configure-clock" }), reuse);
        let engine = builder(settings(slot)).policy("clock", component.clone()).build().await;
        let engine = engine.unwrap();
        let mut seen = Vec::new();
        for at_ms in [1_700_000_000_000, 1_800_000_000_000] {
            let turn = engine.begin(request().at_ms(at_ms).seed(at_ms)).await.unwrap();
            seen.push(told(turn.record(), BAD));
        }
        assert!(
            seen[0].starts_with("946684800000 ms") && seen[0] == seen[1],
            "reuse {reuse}: {seen:?}"
        );
    }
}

#[tokio::test]
async fn a_call_for_randomness_gives_4096_bytes_and_for_64_mib_is_a_trap_before_the_host_makes_any() {
    let asks = |length: u32| {
        tries(
            "import wasi:random/random@0.2.0;",
            "package wasi:random@0.2.0 { interface random { get-random-bytes: func(len: u64) -> list<u8>; } }",
            &format!(
                r#"(import "wasi:random/random@0.2.0" "get-random-bytes" (func $random (param i64 i32)))
                (func $try (result i32) (call $random (i64.const {length}) (i32.const 3072))
                    (i32.ne (i32.load (i32.const 3076)) (i32.const {length})))"#
            ),
        )
    };
    declines(&asks(4_096), "some-randomness").await;
    let slot = asks(64 << 20).slot("much-randomness");
    show([Animal {
        kind: Router,
        deed: "much-randomness",
        slot,
        fails: FailureKind::Trap,
        says: "exceeds limit 4096",
    }])
    .await;
}
