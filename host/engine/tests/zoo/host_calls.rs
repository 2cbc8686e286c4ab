//! Policies that ask too much of the host's functions: cut or refused as the contract says, and never a harm to others.

use pointsman::FailureKind::{Rejected, Trap};
use pointsman::PolicyKind::{Compressor, Router};
use pointsman::{Artifact, Limits, Record, SlotSettings};

use crate::keeper::{BAD, animal, decided, engine, roomy, settings, show, slot, told, turn};

/// A turn with a policy that asks too much and decides all the same.
async fn turned(slot: SlotSettings) -> Record {
    let (record, _) = turn(&engine(settings(slot)).await).await;
    assert!(record.slots.iter().all(decided), "{record:#?}");
    record
}

#[tokio::test]
async fn a_flood_of_log_lines_is_cut_to_64_and_the_rest_counted() {
    let record = turned(slot(BAD, Router, "log-flood")).await;
    let bad = record.slots.iter().find(|slot| slot.slot == BAD).unwrap();
    assert_eq!((bad.log.len(), bad.log_dropped), (64, 936));
    assert_eq!(bad.log[63].text, "line 63");
}

#[tokio::test]
async fn a_log_line_of_100_kb_is_cut_to_four_kib_between_two_characters() {
    let record = turned(slot(BAD, Compressor, "log-huge")).await;
    let bad = record.slots.iter().find(|slot| slot.slot == BAD).unwrap();
    assert_eq!((bad.log[0].text.len(), bad.log[0].level.as_str()), (4096, "warn"));
}

#[tokio::test]
async fn a_log_line_that_is_no_text_is_a_trap() {
    show([animal(Router, "log-garbage", Trap, "utf-8")]).await;
}

#[tokio::test]
async fn four_gigabytes_of_randomness_are_4096_bytes() {
    let record = turned(slot(BAD, Router, "random-huge")).await;
    assert_eq!(told(&record, BAD), "4096");
}

#[tokio::test]
async fn a_hundred_megabytes_to_count_are_refused_or_where_the_slot_allows_them_estimated() {
    let all_but_output = Limits {
        output_kib: 4096,
        ..roomy()
    };
    show([animal(Router, "count-huge", Rejected, "more than the slot's `output-kib`").within(all_but_output)]).await;
    let record = turned(slot(BAD, Router, "count-huge").limits(roomy())).await;
    let told = told(&record, BAD);
    assert!(told.contains("exact: false") && !told.contains("tokens: 0"), "{told}");
}

#[tokio::test]
async fn handles_that_are_never_given_back_run_out_and_the_log_says_so() {
    let artifact = Artifact::new(2, vec![1.0; 8], Vec::new()).unwrap();
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("zoo-weights.pma");
    std::fs::write(&file, artifact.to_bytes()).unwrap();
    let mut leaks = slot(BAD, Router, "leak-artifacts");
    leaks.artifacts.insert("weights".to_owned(), file);
    let engine = engine(settings(leaks)).await;
    // Each turn has all of its handles: none is lost to the turn before.
    for _ in 0..2 {
        let (record, _) = turn(&engine).await;
        assert_eq!(told(&record, BAD), "1024");
        let bad = record.slots.iter().find(|slot| slot.slot == BAD).unwrap();
        assert!(bad.log[0].text.contains("too many artifact handles"), "{bad:#?}");
    }
}
