//! Policies that take more memory than they may.

use pointsman::FailureKind::{Memory, Rejected};
use pointsman::PolicyKind::{Checker, Compressor, Router};

use crate::keeper::{BAD, animal, decided, engine, roomy, settings, show, slot, told, turn};

#[tokio::test]
async fn memory_without_end_is_refused_with_the_limit_that_was_met() {
    for kind in [Router, Compressor, Checker] {
        show([animal(kind, "grow", Memory, "the limit is 32768 KiB: raise the slot's `memory-mib`")]).await;
    }
}

#[tokio::test]
async fn a_hundred_megabytes_of_answer_are_refused() {
    let all_but_output = pointsman::Limits { output_kib: 4096, ..roomy() };
    show([
        animal(Router, "huge-reason", Memory, "raise the slot's `memory-mib`"),
        animal(Router, "huge-reason", Rejected, "more than the slot's `output-kib`").within(all_but_output),
    ])
    .await;
}

#[tokio::test]
async fn a_policy_that_lives_with_a_refusal_of_memory_still_decides() {
    let engine = engine(settings(slot(BAD, Router, "hoard"))).await;
    let (record, _) = turn(&engine).await;
    assert!(record.slots.iter().all(decided), "{record:#?}");
    let mib: u32 = told(&record, BAD).parse().unwrap();
    assert!((20..32).contains(&mib), "{mib}");
}
