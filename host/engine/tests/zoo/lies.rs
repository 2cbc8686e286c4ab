//! Policies that break the rules by which components pass values: the host believes none of it.

use pointsman::FailureKind::{self, Deadline, Trap};
use pointsman::PolicyKind::Router;
use pointsman::{Limits, Outcome};

use crate::forge::{DECLINE, Forged};
use crate::keeper::{Animal, brisk, engine, patient, settings, show, turn};

fn forged(name: &'static str, forged: &Forged, limits: Limits, fails: FailureKind, says: &'static str) -> Animal {
    let slot = forged.slot(name).limits(limits);
    Animal {
        kind: Router,
        deed: name,
        slot,
        fails,
        says,
    }
}

fn routes(name: &'static str, fields: &str, route: &str, says: &'static str) -> Animal {
    let made = Forged {
        fields: fields.to_owned(),
        route: route.to_owned(),
        ..Forged::default()
    };
    forged(name, &made, patient(), Trap, says)
}

#[tokio::test]
async fn the_forged_router_is_well_behaved_until_a_part_of_it_is_exchanged() {
    let engine = engine(settings(Forged::default().slot("well-behaved"))).await;
    let (record, _) = turn(&engine).await;
    assert!(
        matches!(&record.slots[1].outcome, Outcome::Declined { reason } if reason.is_empty()),
        "{record:#?}"
    );
}

#[tokio::test]
async fn an_answer_that_is_not_where_the_policy_says_is_a_trap() {
    let give_back = "(call $drop-turn (local.get 0))";
    show([
        routes(
            "out-of-bounds",
            "",
            &format!("{give_back} (i32.const 0x7ffffff0)"),
            "out of bounds",
        ),
        routes("misaligned", "", &format!("{give_back} (i32.const 2049)"), "align"),
        // The first byte of the answer says which case it is, and there are two.
        routes(
            "no-such-case",
            r#"(data (i32.const 3072) "\09")"#,
            &format!("{give_back} (i32.const 3072)"),
            "discriminant",
        ),
        // A choice whose list of fallbacks has four thousand million entries.
        routes(
            "endless-list",
            r#"(data (i32.const 3084) "\00\04\00\00\ff\ff\ff\ff")"#,
            &format!("{give_back} (i32.const 3072)"),
            "out of bounds",
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_handle_that_is_dropped_twice_kept_or_made_up_is_a_trap() {
    let length = r#"(import "pointsman:policy/conversation@0.1.0" "[method]turn.length" (func $length (param i32) (result i32)))"#;
    show([
        routes(
            "dropped-twice",
            "",
            &format!("(call $drop-turn (local.get 0)) {DECLINE}"),
            "unknown handle index",
        ),
        routes("kept", "", "(i32.const 2048)", "borrow"),
        routes(
            "made-up",
            length,
            &format!("(drop (call $length (i32.const 77))) {DECLINE}"),
            "unknown handle index",
        ),
        routes(
            "after-drop",
            length,
            "(call $drop-turn (local.get 0)) (drop (call $length (local.get 0))) (i32.const 2048)",
            "unknown handle index",
        ),
    ])
    .await;
}

#[tokio::test]
async fn an_allocator_that_lies_loops_or_calls_back_is_stopped() {
    // The host asks for room only when it hands a text over; `$hostile` keeps the allocator honest while settings are read.
    let fields = |hostile: &str| {
        format!(
            r#"(import "pointsman:policy/conversation@0.1.0" "[method]turn.raw" (func $raw (param i32 i32 i32)))
            (import "pointsman:policy/conversation@0.1.0" "[method]turn.length" (func $length (param i32) (result i32)))
            (global $hostile (mut i32) (i32.const 0))
            (func $answer (result i32) {hostile})"#
        )
    };
    let animal = |name, hostile, limits, fails, says| {
        let made = Forged {
            fields: fields(hostile),
            realloc: "(if (result i32) (global.get $hostile) (then (call $answer)) (else (i32.const 4096)))",
            route: format!(
                "(global.set $hostile (i32.const 1)) (call $raw (local.get 0) (i32.const 0) (i32.const 3072)) {DECLINE}"
            ),
            ..Forged::default()
        };
        forged(name, &made, limits, fails, says)
    };
    show([
        animal(
            "room-beyond-memory",
            "(i32.const 0xffffff0)",
            patient(),
            Trap,
            "beyond end of memory",
        ),
        animal(
            "room-without-end",
            "(loop $l (br $l)) (unreachable)",
            brisk(),
            Deadline,
            "not finished",
        ),
        animal(
            "room-by-a-host-call",
            "(call $length (i32.const 1))",
            patient(),
            Trap,
            "cannot leave component instance",
        ),
    ])
    .await;
}
