//! Checkers that do not let go of a review.

use pointsman::PolicyKind::Checker;
use pointsman::{Delta, FailureKind, FailurePlan, Outcome, Settings, TurnError};

use crate::keeper::{BAD, brisk, decided, engine, request, settings, slot, turn};

#[tokio::test]
async fn a_review_that_loops_or_traps_when_it_is_dropped_changes_nothing() {
    for deed in ["drop-loop", "drop-panic"] {
        for reuse in [false, true] {
            let mut bad = slot(BAD, Checker, deed).limits(brisk());
            bad.reuse = reuse;
            let engine = engine(settings(bad)).await;
            for _ in 0..3 {
                let (record, verdict) = turn(&engine).await;
                assert!(record.slots.iter().all(decided), "{deed}, reuse {reuse}: {record:#?}");
                assert_eq!(verdict.action.word(), "flag");
            }
        }
    }
}

fn two_instances() -> Settings {
    let mut settings = settings(slot(BAD, Checker, "good"));
    settings.sandbox.instances = 2;
    settings.sandbox.wait_ms = 1;
    settings
}

#[tokio::test]
async fn reviews_that_are_never_finished_take_room_from_others_only_as_long_as_they_live() {
    let engine = engine(two_instances()).await;
    let mut slow = engine.begin(request()).await.unwrap();
    let mut review = slow.review().await.unwrap();
    review.feed(&[Delta::text("A")]).await.unwrap();

    let (record, _) = turn(&engine).await;
    let overloaded = |outcome: &Outcome| {
        matches!(
            outcome,
            Outcome::Failed {
                kind: FailureKind::Overloaded,
                ..
            }
        )
    };
    assert!(record.slots.iter().all(|slot| overloaded(&slot.outcome)), "{record:#?}");
    assert_eq!(record.model, "small", "the turn itself is served");

    drop(review);
    drop(slow);
    let (record, _) = turn(&engine).await;
    assert!(record.slots.iter().all(decided), "{record:#?}");
}

#[tokio::test]
async fn a_hundred_reviews_that_are_dropped_half_way_give_their_room_back() {
    let engine = engine(two_instances()).await;
    for _ in 0..100 {
        let mut turn = engine.begin(request()).await.unwrap();
        let mut review = turn.review().await.unwrap();
        review.feed(&[Delta::text("half a ")]).await.unwrap();
    }
    let (record, _) = turn(&engine).await;
    assert!(record.slots.iter().all(decided), "{record:#?}");
}

#[tokio::test]
async fn while_a_checker_loops_on_a_thread_of_its_own_other_turns_come_and_go() {
    for deed in ["loop", "open-loop", "feed-loop", "finish-loop"] {
        let mut slow = brisk();
        slow.deadline_ms = 1_500;
        let looping = engine(settings(slot(BAD, Checker, deed).limits(slow))).await;
        let good = engine(settings(slot(BAD, Checker, "good"))).await;
        // One thread for both: whoever blocked it would end first.
        let stuck = async {
            turn(&looping).await;
            "stuck"
        };
        let served = async {
            turn(&good).await;
            "served"
        };
        let first = tokio::select! { biased; first = stuck => first, first = served => first };
        assert_eq!(first, "served", "{deed}");
    }
}

/// Checkers whose reviews share warm instances, in a pool that has no room for one instance each.
fn at_home(deed: &str) -> Settings {
    let mut settings = settings(slot(BAD, Checker, deed));
    for slot in &mut settings.slots {
        slot.reuse = slot.kind == Checker;
    }
    settings.sandbox.instances = 8;
    settings.sandbox.wait_ms = 1;
    settings
}

#[tokio::test]
async fn three_hundred_reviews_live_side_by_side_in_a_few_warm_instances() {
    let engine = engine(at_home("good")).await;
    let mut turns = Vec::new();
    for _ in 0..300 {
        turns.push(engine.begin(request()).await.unwrap());
    }
    let mut reviews = Vec::new();
    for turn in &mut turns {
        reviews.push(turn.review().await.unwrap());
    }
    for _ in 0..2 {
        for review in &mut reviews {
            assert_eq!(review.feed(&[Delta::text("half a ")]).await.unwrap(), None);
        }
    }
    for review in reviews {
        assert_eq!(review.finish().await.unwrap().action.word(), "flag");
    }
    for turn in turns {
        let record = turn.finish(None).await;
        assert!(record.slots.iter().all(decided), "{record:#?}");
    }
}

#[tokio::test]
async fn a_trap_ends_the_reviews_of_its_home_in_words_and_the_next_find_another() {
    let engine = engine(at_home("drop-panic")).await;
    let (mut one, mut two) = (
        engine.begin(request()).await.unwrap(),
        engine.begin(request()).await.unwrap(),
    );
    let first = one.review().await.unwrap();
    let mut second = two.review().await.unwrap();
    drop(first);
    second.feed(&[Delta::text("A lady.")]).await.unwrap();
    second.finish().await.unwrap();
    let record = two.finish(None).await;
    // A slot that guards too stands there twice: the review comes last.
    let [neighbour, bad] = ["checker", BAD].map(|name| record.slots.iter().rfind(|slot| slot.slot == name).unwrap());
    assert!(decided(neighbour), "{record:#?}");
    assert!(
        matches!(&bad.outcome, Outcome::Failed { kind: FailureKind::Trap, message, .. } if message.contains("another review")),
        "{record:#?}"
    );

    let (record, _) = turn(&engine).await;
    assert!(record.slots.iter().all(decided), "{record:#?}");
}

#[tokio::test]
async fn a_piece_that_was_given_up_half_way_is_a_failure_of_the_checkers_that_lack_it() {
    for plan in [FailurePlan::Fail, FailurePlan::Skip] {
        let mut looping = slot(BAD, Checker, "feed-loop").limits(brisk());
        looping.on_failure = plan;
        let engine = engine(settings(looping)).await;
        let mut turn = engine.begin(request()).await.unwrap();
        let mut review = turn.review().await.unwrap();
        let piece = [Delta::text("A lady.")];
        tokio::select! { biased;
            _ = review.feed(&piece) => panic!("a loop without an end has ended"),
            () = std::future::ready(()) => {}
        }
        let verdict = review.finish().await;
        let record = turn.finish(None).await;
        let says = "gave up a call of the review";
        let failed = |slot: &&pointsman::SlotRecord| matches!(&slot.outcome, Outcome::Failed { message, .. } if message.contains(says));
        // Neither the checker that was asked nor the one behind it has seen the piece.
        let failed: Vec<_> = record
            .slots
            .iter()
            .filter(failed)
            .map(|slot| slot.slot.as_str())
            .collect();
        if plan == FailurePlan::Fail {
            assert!(verdict.unwrap_err().to_string().contains(says));
            assert_eq!(failed, [BAD]);
        } else {
            assert_eq!(verdict.unwrap().action.word(), "accept");
            assert_eq!(failed, [BAD, "checker"], "{record:#?}");
        }
    }
}

#[tokio::test]
async fn of_a_request_that_a_guard_refused_there_is_nothing_to_send() {
    let engine = engine(settings(slot(BAD, Checker, "refuse"))).await;
    let mut turn = engine.begin(request()).await.unwrap();
    assert_eq!(turn.refusal(), Some("not with me"));
    for refused in [
        turn.request_json().map(drop),
        turn.request_json_for("small", &[]).map(drop),
        turn.review().await.map(drop),
    ] {
        assert!(matches!(refused, Err(TurnError::Refused(words)) if words == "not with me"));
    }
}
