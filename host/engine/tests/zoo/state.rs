//! What one call may see of another: nothing, unless its slot asks for warm instances.

use pointsman::PolicyKind::Router;

use crate::keeper::{BAD, engine, request, settings, slot, told, turn};

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
