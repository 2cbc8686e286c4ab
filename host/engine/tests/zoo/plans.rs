//! What becomes of a turn whose policy fails: it goes on without it, the policy before answers, or it ends.

use std::sync::{Arc, Mutex};

use pointsman::FailureKind::{Rejected, Trap};
use pointsman::PolicyKind::{Checker, Compressor, Router};
use pointsman::{
    BreakerSettings, Delta, Engine, FailureKind, FailurePlan, Mode, Outcome, PolicyKind, Record, Reply, SkipReason,
    SlotRecord, SlotSettings, State, TurnError, Usage, inspect,
};

use serde_json::json;

use crate::keeper::{BAD, builder, decided, engine, request, settings, slot, turn};

/// The misdeed of a guard.
const GUARDS_BADLY: &str = "mask-out-of-range";

/// A misdeed for each call that a policy may fail in.
const FAILING: [(PolicyKind, &str, FailureKind); 7] = [
    (Router, "trap", Trap),
    (Router, "stranger", Rejected),
    (Compressor, "locked", Rejected),
    (Checker, GUARDS_BADLY, Rejected),
    (Checker, "open-panic", Trap),
    (Checker, "feed-panic", Trap),
    (Checker, "backwards-span", Rejected),
];

fn planned(kind: PolicyKind, deed: &str, plan: FailurePlan) -> SlotSettings {
    slot(BAD, kind, deed).on_failure(plan).on_guard_failure(plan)
}

fn of_bad(record: &Record) -> Vec<&SlotRecord> {
    record.slots.iter().filter(|slot| slot.slot == BAD).collect()
}

#[tokio::test]
async fn by_the_plan_last_good_the_policy_before_answers_in_every_kind_of_call() {
    let engine = engine(settings(slot(BAD, Router, "good"))).await;
    for (kind, deed, fails) in FAILING {
        engine
            .apply(settings(planned(kind, "good", FailurePlan::LastGood)))
            .await
            .unwrap();
        let (before, _) = turn(&engine).await;
        engine
            .apply(settings(planned(kind, deed, FailurePlan::LastGood)))
            .await
            .unwrap();
        let (record, verdict) = turn(&engine).await;
        assert!(record.slots.iter().all(decided), "{deed}: {record:#?}");
        let stood_in: Vec<_> = of_bad(&record)
            .into_iter()
            .filter(|slot| slot.answered_by.is_some())
            .collect();
        let [slot] = stood_in[..] else {
            panic!("{deed}: {record:#?}")
        };
        assert_eq!(
            slot.answered_by.as_ref(),
            Some(&of_bad(&before)[0].policy),
            "{deed}: with its settings, since the component is the same"
        );
        let last = slot.log.last().unwrap();
        assert!(
            last.level == "warn" && last.text.contains(&fails.to_string()),
            "{deed}: {last:?}"
        );
        assert_eq!(
            (record.skipped(), record.model.as_str(), verdict.action.word()),
            (0, "large", "flag"),
            "{deed}"
        );
        assert_eq!(record.tokens_after, before.tokens_after, "{deed}");
    }
}

#[tokio::test]
async fn the_next_turn_is_told_which_policy_chose_also_where_it_stood_in_for_another() {
    let engine = engine(settings(slot(BAD, Router, "good"))).await;
    let mut other = crate::cages::component(Router).to_vec();
    // A section of another name makes another component of it.
    other.extend([0, 2, 1, b'x']);
    let mut failing = planned(Router, "trap", FailurePlan::LastGood);
    failing.policy = Some(inspect(&other).unwrap().digest);
    let revision = engine.stage_with(settings(failing), vec![other.into()]).await.unwrap();
    engine.activate(revision).await.unwrap();
    let begin = || engine.begin(request().conversation_id("c"));
    let record = begin().await.unwrap().finish(None).await;
    let [slot] = of_bad(&record)[..] else {
        panic!("{record:#?}")
    };
    let stood_in = slot.answered_by.as_ref().unwrap();
    assert_ne!(stood_in.digest, slot.policy.digest);
    let next = begin().await.unwrap();
    assert_eq!(next.record().previous.as_ref().unwrap().policy, stood_in.digest);
}

#[tokio::test]
async fn a_policy_that_fails_from_its_first_revision_on_has_none_before_it_and_is_skipped() {
    let engine = engine(settings(planned(Router, "trap", FailurePlan::LastGood))).await;
    let (record, _) = turn(&engine).await;
    assert_eq!((record.skipped(), record.model.as_str()), (1, "small"));
}

#[tokio::test]
async fn where_the_policy_before_fails_too_the_slot_is_skipped() {
    let engine = engine(settings(slot(BAD, Router, "good"))).await;
    for (kind, deed, fails) in FAILING.into_iter().filter(|(_, deed, _)| *deed != GUARDS_BADLY) {
        engine
            .apply(settings(planned(kind, deed, FailurePlan::LastGood)))
            .await
            .unwrap();
        let again = planned(kind, deed, FailurePlan::LastGood).settings(json!({ "do": deed, "note": "no better" }));
        engine.apply(settings(again)).await.unwrap();
        let (record, _) = turn(&engine).await;
        let failed: Vec<_> = of_bad(&record).into_iter().filter(|slot| !decided(slot)).collect();
        assert!(
            matches!(
                failed[..],
                [SlotRecord {
                    answered_by: None,
                    outcome: Outcome::Failed {
                        plan: FailurePlan::Skip,
                        ..
                    },
                    ..
                }]
            ),
            "{deed} ({fails}): {record:#?}"
        );
    }
}

#[tokio::test]
async fn by_the_plan_fail_the_turn_ends_with_the_failure_in_its_error_and_in_its_record() {
    let records = Arc::new(Mutex::new(Vec::new()));
    let kept = records.clone();
    let recorder = move |record: &Record| kept.lock().unwrap().push(record.clone());
    let good = settings(slot(BAD, Router, "good"));
    let engine = builder(good).recorder(recorder).build().await.unwrap();
    for (kind, deed, fails) in FAILING {
        engine
            .apply(settings(planned(kind, deed, FailurePlan::Fail)))
            .await
            .unwrap();
        let error = whole(&engine).await.unwrap_err();
        let TurnError::Policy { slot, failure } = error else {
            panic!("{error}")
        };
        assert_eq!((slot.as_str(), failure.kind), (BAD, fails), "{deed}");
        let record = records.lock().unwrap().pop().unwrap();
        assert_eq!(record.state, State::Failed);
        let words = record.error.as_deref().unwrap_or_default();
        assert!(
            words.contains("slot `bad` failed") && words.contains(&failure.message),
            "{deed}: {words}"
        );
        let failed: Vec<_> = of_bad(&record).into_iter().filter(|slot| !decided(slot)).collect();
        assert!(
            matches!(failed[..], [SlotRecord { outcome: Outcome::Failed { kind, plan: FailurePlan::Fail, .. }, .. }] if *kind == fails),
            "{deed}: {record:#?}"
        );

        engine
            .apply(settings(planned(kind, "good", FailurePlan::Fail)))
            .await
            .unwrap();
        let (record, _) = turn(&engine).await;
        assert!(record.slots.iter().all(decided), "{record:#?}");
    }
}

async fn whole(engine: &Engine) -> Result<(), TurnError> {
    let mut turn = engine.begin(request()).await?;
    turn.check(&Reply::text("A lady.").finished("stop")).await.map(drop)
}

#[tokio::test]
async fn a_policy_that_keeps_failing_is_not_asked_any_more_and_its_neighbours_are() {
    for (kind, deed) in [(Router, "trap"), (Compressor, "locked"), (Checker, "finish-panic")] {
        let mut failing = slot(BAD, kind, deed);
        failing.breaker = BreakerSettings {
            failures: 3,
            seconds: 3_600,
        };
        let engine = engine(settings(failing)).await;
        for round in 0..5 {
            let (record, _) = turn(&engine).await;
            let bad = of_bad(&record);
            let skipped = bad.iter().any(|s| {
                s.outcome
                    == Outcome::Skipped {
                        reason: SkipReason::BreakerOpen,
                    }
            });
            assert_eq!(skipped, round >= 3, "{deed} {round}: {bad:#?}");
            assert!(
                record.slots.iter().filter(|slot| slot.slot != BAD).all(decided),
                "{record:#?}"
            );
        }
    }
}

#[tokio::test]
async fn a_review_that_failed_stays_failed_whoever_asks_it_again() {
    let engine = engine(settings(planned(Checker, "feed-panic", FailurePlan::Fail))).await;
    let mut turn = engine.begin(request()).await.unwrap();
    let mut review = turn.review().await.unwrap();
    let piece = [Delta::text("A lady.")];
    let first = review.feed(&piece).await.unwrap_err().to_string();
    assert_eq!(review.feed(&piece).await.unwrap_err().to_string(), first);
    assert_eq!(review.finish().await.unwrap_err().to_string(), first);
    let record = turn.finish(None).await;
    assert_eq!((record.state, record.error), (State::Failed, Some(first)));
}

#[tokio::test]
async fn a_turn_that_a_policy_ended_tells_what_it_was_billed_also_where_it_is_only_dropped() {
    let records = Arc::new(Mutex::new(Vec::new()));
    let kept = records.clone();
    let recorder = move |record: &Record| kept.lock().unwrap().push(record.clone());
    let failing = settings(planned(Checker, "feed-panic", FailurePlan::Fail));
    let engine = builder(failing).recorder(recorder).build().await.unwrap();
    for billed in [Some(Usage::new(1_000, 100)), None] {
        let mut turn = engine.begin(request()).await.unwrap();
        turn.billed(billed);
        turn.check(&Reply::text("A lady.").finished("stop")).await.unwrap_err();
    }
    let records = records.lock().unwrap();
    let [known, estimated] = &records[..] else {
        panic!("{records:#?}")
    };
    assert_eq!((known.state, known.model.as_str()), (State::Failed, "large"));
    let cost = known.cost_usd.unwrap();
    assert!((cost - (1_000.0 + 4.0 * 100.0) / 1e6).abs() < 1e-12, "{cost}");
    assert!(
        estimated.usage.unwrap().estimated && estimated.cost_usd.is_some(),
        "{estimated:#?}"
    );
}

#[tokio::test]
async fn a_turn_whose_second_reply_was_reviewed_has_not_failed() {
    let engine = engine(settings(planned(Checker, "feed-panic", FailurePlan::Fail))).await;
    let mut turn = engine.begin(request()).await.unwrap();
    turn.check(&Reply::text("A lady.")).await.unwrap_err();
    turn.sent_round("the checker failed", None);
    turn.review().await.unwrap();
    let record = turn.finish(None).await;
    assert_eq!((record.state, record.error), (State::Finished, None));
}

/// A checker that guards as badly as can be, with the plan that it has unless told otherwise.
fn closed() -> SlotSettings {
    let told_nothing = SlotSettings::new(BAD, Checker, Checker.to_string());
    slot(BAD, Checker, GUARDS_BADLY).on_guard_failure(told_nothing.on_guard_failure)
}

#[tokio::test]
async fn a_guard_fails_closed_unless_told_otherwise_and_so_it_does_where_the_policy_before_fails_too() {
    let engine = engine(settings(closed())).await;
    let refused = async || {
        let Err(TurnError::Policy { slot, failure }) = engine.begin(request()).await else {
            panic!("the request was let through")
        };
        assert_eq!((slot.as_str(), failure.kind), (BAD, Rejected));
    };
    refused().await;
    for note in ["first", "second"] {
        let bad = closed().on_guard_failure(FailurePlan::LastGood);
        let bad = bad.settings(json!({ "do": GUARDS_BADLY, "note": note }));
        engine.apply(settings(bad)).await.unwrap();
    }
    refused().await;
    engine
        .apply(settings(closed().on_guard_failure(FailurePlan::Skip)))
        .await
        .unwrap();
    let (record, _) = turn(&engine).await;
    assert_eq!((record.skipped(), record.model.as_str()), (1, "large"));
}

#[tokio::test]
async fn a_guard_whose_breaker_is_open_fails_closed_too() {
    let mut bad = closed();
    bad.breaker = BreakerSettings {
        failures: 2,
        seconds: 3_600,
    };
    let engine = engine(settings(bad)).await;
    let mut words = String::new();
    for _ in 0..3 {
        words = engine.begin(request()).await.unwrap_err().to_string();
    }
    assert!(words.contains("circuit breaker is open"), "{words}");
}

#[tokio::test]
async fn a_slot_that_observes_never_ends_a_turn_whatever_its_plan() {
    let engine = engine(settings(slot(BAD, Router, "good"))).await;
    for (kind, deed, _) in FAILING {
        let observing = planned(kind, deed, FailurePlan::Fail).mode(Mode::Observe);
        engine.apply(settings(observing)).await.unwrap();
        let (record, verdict) = turn(&engine).await;
        assert_eq!((record.skipped(), verdict.action.word()), (1, "flag"), "{deed}");
    }
}
