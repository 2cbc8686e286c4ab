//! Policies that take more memory than they may.

use pointsman::FailureKind::{Memory, Rejected};
use pointsman::PolicyKind::{Checker, Compressor, Router};

use crate::forge::{self, Forged};
use crate::keeper::{BAD, animal, decided, engine, roomy, settings, show, slot, told, turn};
use crate::staging::refuse;

#[tokio::test]
async fn memory_without_end_is_refused_with_the_limit_that_was_met() {
    show([Router, Compressor, Checker].map(|kind| {
        animal(
            kind,
            "grow",
            Memory,
            "the limit is 32768 KiB: raise the slot's `memory-mib`",
        )
    }))
    .await;
}

#[tokio::test]
async fn a_hundred_megabytes_of_answer_are_refused() {
    let all_but_output = pointsman::Limits {
        output_kib: 4096,
        ..roomy()
    };
    show([
        animal(Router, "huge-reason", Memory, "raise the slot's `memory-mib`"),
        animal(Router, "huge-reason", Rejected, "more than the slot's `output-kib`").within(all_but_output),
    ])
    .await;
}

#[tokio::test]
async fn memories_that_are_small_each_are_counted_in_sum() {
    let component = forge::with_instances(Forged::default().component(), "(module (memory 200))", 3);
    refuse([(forge::slot("memories", &component), "the limit is 32768 KiB")]).await;
}

#[tokio::test]
async fn a_policy_that_lives_with_a_refusal_of_memory_still_decides() {
    let engine = engine(settings(slot(BAD, Router, "hoard"))).await;
    let (record, _) = turn(&engine).await;
    assert!(record.slots.iter().all(decided), "{record:#?}");
    let mib: u32 = told(&record, BAD).parse().unwrap();
    assert!((20..32).contains(&mib), "{mib}");
}
