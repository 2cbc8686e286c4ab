//! Policies that stop.

use pointsman::FailureKind::{Rejected, Trap};
use pointsman::PolicyKind::{Checker, Compressor, Router};
use pointsman::{Outcome, PolicyKind};

use crate::keeper::{BAD, animal, engine, patient, settings, show, slot, turn};

#[tokio::test]
async fn a_trap_in_any_kind_of_call_is_named_and_skipped() {
    show([
        animal(Router, "trap", Trap, "unreachable"),
        animal(Router, "trap-after-host", Trap, "unreachable"),
        animal(Router, "bad-access", Trap, "out of bounds"),
        animal(Router, "recurse", Trap, ""),
        animal(Router, "fail", Rejected, "not today"),
        animal(Compressor, "trap", Trap, "unreachable"),
        animal(Compressor, "fail", Rejected, "not today"),
        animal(Checker, "trap", Trap, "unreachable"),
        animal(Checker, "fail", Rejected, "not today"),
        animal(Checker, "open-panic", Trap, "cannot open"),
        animal(Checker, "feed-panic", Trap, "cannot feed"),
        animal(Checker, "finish-panic", Trap, "cannot finish"),
    ])
    .await;
}

#[tokio::test]
async fn a_panic_reaches_the_record_as_message_file_and_line_with_the_guest_s_functions() {
    let (message, frames) = failure(Router, "panic").await;
    let (file, rest) = message.strip_prefix("panicked at ").unwrap().split_once(':').unwrap();
    let (line, words) = rest.split_once(": ").unwrap();
    assert!(
        file.ends_with("lib.rs") && line.parse::<u32>().unwrap() > 0,
        "{message}"
    );
    assert_eq!(words, "the points lever broke");
    assert!(frames.iter().any(|frame| frame.contains("deeds::commit")), "{frames:?}");
}

#[tokio::test]
async fn a_call_of_the_standard_clock_says_to_use_the_sdk_s() {
    let (message, _) = failure(Compressor, "instant").await;
    assert!(message.contains("pointsman_policy::host::now"), "{message}");
}

#[tokio::test]
async fn what_was_logged_before_a_trap_is_in_the_record() {
    let engine = engine(settings(slot(BAD, Router, "trap-after-host"))).await;
    let (record, _) = turn(&engine).await;
    let bad = record.slots.iter().find(|slot| slot.slot == BAD).unwrap();
    assert_eq!(
        bad.log.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(),
        ["here I stood with 6 messages"]
    );
}

async fn failure(kind: PolicyKind, deed: &'static str) -> (String, Vec<String>) {
    let engine = engine(settings(slot(BAD, kind, deed).limits(patient()))).await;
    let (record, _) = turn(&engine).await;
    let bad = record.slots.into_iter().find(|slot| slot.slot == BAD).unwrap();
    let Outcome::Failed {
        kind: Trap,
        message,
        frames,
        ..
    } = bad.outcome
    else {
        panic!("{bad:#?}")
    };
    (message, frames)
}
