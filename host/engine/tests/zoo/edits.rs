//! Compressors whose edits may not be carried out.

use pointsman::FailureKind::Rejected;
use pointsman::Outcome;
use pointsman::PolicyKind::Compressor;

use crate::keeper::{BAD, animal, engine, roomy, settings, show, slot, turn};

#[tokio::test]
async fn edits_that_may_not_be_carried_out_are_rejected_and_none_of_them_is() {
    show([
        animal(
            Compressor,
            "out-of-range",
            Rejected,
            "edits[1] is at message 12, the conversation has 6",
        ),
        animal(
            Compressor,
            "out-of-order",
            Rejected,
            "edits[1] at message 1 does not come after",
        ),
        animal(
            Compressor,
            "same-message-twice",
            Rejected,
            "edits[1] at message 1 does not come after",
        ),
        animal(
            Compressor,
            "locked",
            Rejected,
            "edits[1] changes message 5, which is locked",
        ),
        animal(
            Compressor,
            "torn-exchange",
            Rejected,
            "message 2 of tool exchange 0 would go and others of it stay",
        ),
        animal(
            Compressor,
            "between-exchange",
            Rejected,
            "edits[0] puts a message between a tool call and its results",
        ),
        animal(Compressor, "drop-all", Rejected, "locked"),
        animal(
            Compressor,
            "unknown-change",
            Rejected,
            "does not know the change `paint it blue",
        ),
        animal(Compressor, "foreign-role", Rejected, "a message of role `king`"),
        animal(Compressor, "missing-part", Rejected, "edits[0]"),
    ])
    .await;
}

#[tokio::test]
async fn a_million_edits_are_refused_by_their_size_or_else_by_their_places() {
    let all_but_output = pointsman::Limits {
        output_kib: 4096,
        ..roomy()
    };
    show([
        animal(Compressor, "million-edits", Rejected, "`output-kib`").within(all_but_output),
        animal(
            Compressor,
            "million-edits",
            Rejected,
            "edits[1] at message 1 does not come after",
        )
        .within(roomy()),
    ])
    .await;
}

#[tokio::test]
async fn ten_megabytes_to_remember_are_refused_and_not_kept() {
    show([animal(
        Compressor,
        "remember-too-much",
        Rejected,
        "asked to remember 10485760 bytes",
    )
    .within(roomy())])
    .await;
}

#[tokio::test]
async fn a_memory_that_no_store_could_give_back_is_refused() {
    show([animal(
        Compressor,
        "remember-nan",
        Rejected,
        "importance[1] is NaN, and must be a number from 0 to 1",
    )])
    .await;
}

#[tokio::test]
async fn edits_that_gain_nothing_are_undone_and_are_no_failure() {
    let engine = engine(settings(slot(BAD, Compressor, "gain-nothing"))).await;
    let (record, _) = turn(&engine).await;
    let bad = record.slots.iter().find(|slot| slot.slot == BAD).unwrap();
    assert!(
        matches!(&bad.outcome, Outcome::Decided { undone: Some(why), .. } if why.contains("gain nothing")),
        "{bad:#?}"
    );
    assert_eq!(record.skipped(), 0);
}
