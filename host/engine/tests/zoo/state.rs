//! What one call may see of another: nothing, unless its slot asks for warm instances.

use pointsman::PolicyKind::{Checker, Router};
use pointsman::{Mode, Reply, SlotSettings};
use serde_json::json;

use crate::keeper::{BAD, decided, engine, request, settings, slot, told, turn};

#[tokio::test]
async fn a_counter_in_a_static_reads_the_same_in_every_call() {
    let engine = engine(settings(slot(BAD, Router, "count"))).await;
    for _ in 0..3 {
        assert_eq!(told(&turn(&engine).await.0, BAD), "0");
    }
}

#[tokio::test]
async fn a_slot_that_asks_for_warm_instances_keeps_what_they_counted() {
    let mut warm = slot(BAD, Router, "count");
    warm.reuse = true;
    let engine = engine(settings(warm)).await;
    for expected in ["0", "1", "2"] {
        assert_eq!(told(&turn(&engine).await.0, BAD), expected);
    }
}

/// A counter in warm instances; a note tells two policies apart.
fn counting(note: &str) -> SlotSettings {
    let mut warm = slot(BAD, Router, "count").settings(json!({ "do": "count", "note": note }));
    warm.reuse = true;
    warm
}

#[tokio::test]
async fn warm_instances_go_with_the_revision_that_asked_them_and_turns_on_their_way_end_well() {
    let engine = engine(settings(counting("one"))).await;
    let count = async || told(&turn(&engine).await.0, BAD);
    assert_eq!((count().await, count().await), ("0".to_owned(), "1".to_owned()));
    let mut on_its_way = engine.begin(request()).await.unwrap();
    let other = engine.apply(settings(counting("two"))).await.unwrap();
    assert_eq!(count().await, "0");

    on_its_way.check(&Reply::text("A lady.")).await.unwrap();
    let record = on_its_way.finish(None).await;
    assert!(record.slots.iter().all(decided), "{record:#?}");

    engine.rollback().await.unwrap();
    assert_eq!((count().await, count().await), ("0".to_owned(), "1".to_owned()));
    // A slot that is off asks nobody.
    engine.apply(settings(counting("one").mode(Mode::Off))).await.unwrap();
    engine.rollback().await.unwrap();
    assert_eq!(count().await, "0");
    engine.activate(other).await.unwrap();
    assert_eq!(count().await, "0");
}

#[tokio::test]
async fn instances_that_are_kept_for_later_give_way_to_calls_and_no_swap_overloads_a_small_pool() {
    // Four policies that each keep what they can, in a pool of four.
    let greedy = |note: &str| {
        let mut settings = settings(slot(BAD, Checker, "good"));
        (settings.sandbox.instances, settings.sandbox.wait_ms) = (4, 1);
        for slot in &mut settings.slots {
            slot.reuse = true;
            slot.settings["note"] = note.into();
        }
        settings
    };
    let engine = engine(greedy("0")).await;
    for note in ["0", "1", "2"] {
        engine.apply(greedy(note)).await.unwrap();
        for _ in 0..2 {
            let (record, _) = turn(&engine).await;
            assert!(record.slots.iter().all(decided), "{note}: {record:#?}");
        }
    }
}

#[tokio::test]
async fn getrandom_works_and_follows_from_the_turn_s_seed() {
    let engine = engine(settings(slot(BAD, Router, "get-random"))).await;
    let mut drawn = Vec::new();
    for seed in [7, 7, 8] {
        let turn = engine.begin(request().seed(seed)).await.unwrap();
        drawn.push(told(turn.record(), BAD));
    }
    assert_eq!(drawn[0], drawn[1]);
    assert_ne!(drawn[0], drawn[2]);
    assert_ne!(drawn[0], format!("{:?}", [0_u8; 24]));
}
