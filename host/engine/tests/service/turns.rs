//! Turns from begin to finish.

use pointsman::{
    Action, Decision, Delta, Mode, Model, Outcome, PolicyKind, Reply, Request, RequestError, RequestedLimits, Settings,
    SlotSettings, State, TurnError, Usage,
};
use serde_json::Value;

use crate::{ask, checker, engine, long_talk, models, router, window};

fn all() -> Settings {
    models().slot(router()).slot(window(300)).slot(checker())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_is_routed_compressed_checked_and_billed() {
    let (engine, records) = engine(all()).await;
    let mut turn = engine.begin(long_talk()).await.unwrap();
    assert_eq!(turn.model(), "small");
    let record = turn.record();
    assert!(
        record.tokens_after.unwrap().tokens <= 300 && record.tokens_before.unwrap().tokens > 600,
        "{record:?}"
    );
    let sent: Value = serde_json::from_str(&turn.request_json().unwrap()).unwrap();
    assert_eq!(sent["model"], "small");
    let messages = sent["messages"].as_array().unwrap();
    assert_eq!(messages[0]["content"], "Be kind.");
    assert_eq!(messages.last().unwrap()["x-kept"].to_string(), "[1,2.5]");
    assert_eq!(messages.len(), turn.messages().len());
    let verdict = turn
        .check(&Reply::text("We arrived and everybody was glad to be home.").finished("stop"))
        .await
        .unwrap();
    assert_eq!(verdict.action, Action::Accept);
    let record = turn.finish(Some(Usage::new(1_000_000, 500_000))).await;
    assert_eq!((record.state, record.cost_usd), (State::Finished, Some(0.1 + 0.2)));
    let slots: Vec<_> = record.slots.iter().map(|slot| slot.slot.as_str()).collect();
    assert_eq!(slots, ["router", "window", "checker"]);
    assert_eq!(records.all(), [record]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_sends_a_proof_to_the_large_model_with_its_fallback() {
    let (engine, _) = engine(models().slot(router())).await;
    let turn = engine
        .begin(ask("Please prove that there are infinitely many primes."))
        .await
        .unwrap();
    assert_eq!((turn.model(), turn.fallbacks()), ("large", &["small".to_owned()][..]));
    let Outcome::Decided {
        decision: Decision::Route(choice),
        undone: None,
    } = &turn.record().slots[0].outcome
    else {
        panic!()
    };
    assert_eq!(choice.reasons[0].code, "rule:prove");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_is_never_given_up_for_a_reply_that_the_model_could_write_or_the_client_allows() {
    let mut small = Model::named("small");
    (small.window, small.max_output_tokens) = (Some(2_000), Some(2_000));
    let slot = |policy: &str| SlotSettings::new("shorten", PolicyKind::Compressor, policy);
    let allowing = |max_output_tokens, context_tokens| {
        let mut limits = RequestedLimits::default();
        (limits.max_output_tokens, limits.context_tokens) = (max_output_tokens, context_tokens);
        long_talk().limits(limits)
    };
    for policy in ["compressor-window", "compressor-memory"] {
        let (engine, _) = engine(Settings::new([small.clone()]).slot(slot(policy))).await;
        for allowed in [None, Some(2_000), Some(100_000)] {
            let turn = engine.begin(allowing(allowed, None)).await.unwrap();
            assert_eq!(
                turn.messages().len(),
                long_talk().messages().len(),
                "{policy}, {allowed:?}"
            );
        }
        let turn = engine.begin(allowing(Some(100), Some(0))).await.unwrap();
        assert_eq!(turn.messages().len(), long_talk().messages().len(), "{policy}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_nobody_asked_for_are_not_counted_and_not_taken_for_none() {
    let (engine, records) = engine(models()).await;
    let turn = engine.begin(long_talk()).await.unwrap();
    assert_eq!(turn.record().tokens_before, None);
    turn.finish(None).await;
    let turn = engine.begin(long_talk()).await.unwrap();
    assert!(turn.tokens().tokens > 600);
    let asked = turn.finish(None).await;
    assert!(asked.tokens_before.is_some() && asked.tokens_before == asked.tokens_after);
    let line = serde_json::to_value(&records.all()[0]).unwrap();
    assert_eq!(
        (&line["tokens_before"], &line["tokens_after"]),
        (&Value::Null, &Value::Null)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_that_observes_says_what_it_would_have_saved_and_changes_nothing() {
    let observing = models()
        .slot(router().mode(Mode::Observe))
        .slot(window(300).mode(Mode::Observe));
    let (engine, _) = engine(observing).await;
    let turn = engine.begin(long_talk()).await.unwrap();
    let record = turn.record();
    assert!(record.tokens_after.is_some() && record.tokens_after == record.tokens_before);
    let slot = &record.slots[1];
    assert!(slot.tokens_after.unwrap().tokens <= 300);
    assert!(matches!(&slot.outcome, Outcome::Decided { undone: Some(why), .. } if why.contains("observes")));
    assert_eq!(turn.messages().len(), 42);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_that_is_off_is_not_asked() {
    let (engine, _) = engine(models().slot(window(300).mode(Mode::Off))).await;
    let turn = engine.begin(long_talk()).await.unwrap();
    assert!(turn.record().slots.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_is_reviewed_piece_by_piece_and_stopped_when_it_loops() {
    let (engine, _) = engine(models().slot(checker())).await;
    let mut turn = engine.begin(ask("Tell me a story.")).await.unwrap();
    let mut review = turn.review().await.unwrap();
    let mut stopped = None;
    for _ in 0..400 {
        stopped = review.feed(&[Delta::text("and then again ")]).await.unwrap();
        if stopped.is_some() {
            break;
        }
    }
    let verdict = stopped.expect("the loop was not noticed");
    assert_eq!(verdict.action, Action::Escalate);
    // Who goes on all the same is told again.
    let again = review.feed(&[Delta::text("and then again ")]).await.unwrap();
    assert_eq!(again.as_ref(), Some(&verdict));
    assert_eq!(review.finish().await.unwrap(), verdict);
    assert_eq!(turn.record().verdict(), Some(&verdict));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_that_is_dropped_is_recorded_as_abandoned() {
    let (engine, records) = engine(models()).await;
    drop(engine.begin(ask("hello")).await.unwrap());
    assert_eq!(records.all()[0].state, State::Abandoned);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_and_seed_give_the_same_decisions() {
    let (engine, _) = engine(all()).await;
    let outcomes =
        |record: &pointsman::Record| record.slots.iter().map(|slot| slot.outcome.clone()).collect::<Vec<_>>();
    let first = engine
        .begin(long_talk().seed(7).at_ms(1))
        .await
        .unwrap()
        .finish(None)
        .await;
    let second = engine
        .begin(long_talk().seed(7).at_ms(1))
        .await
        .unwrap()
        .finish(None)
        .await;
    assert_eq!(outcomes(&first), outcomes(&second));
    assert_eq!(first.request, second.request);
    // Times are measured, and a decimal may differ in its last digit once it was read back.
    let mut untimed = first;
    untimed.engine_us = 0.0;
    untimed
        .slots
        .iter_mut()
        .for_each(|slot| slot.timing = pointsman::Timing::default());
    let through_json: pointsman::Record = serde_json::from_str(&serde_json::to_string(&untimed).unwrap()).unwrap();
    assert_eq!(through_json, untimed);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_decided_before_is_known_on_the_next_turn_of_the_same_person() {
    let (engine, _) = engine(models().slot(router())).await;
    let begin = |user: &'static str| engine.begin(ask("prove it").conversation_id("c").user(user));
    begin("ann").await.unwrap().finish(None).await;
    assert_eq!(
        begin("ann").await.unwrap().record().previous.as_ref().unwrap().model,
        "large"
    );
    assert_eq!(begin("bob").await.unwrap().record().previous, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_cannot_be_taken_says_why() {
    let mut settings = models();
    settings.limits.request_bytes = 1_000;
    let (engine, records) = engine(settings).await;
    let error = engine.begin(ask(&"x".repeat(2_000))).await.unwrap_err().to_string();
    assert!(error.contains("more than the limit of 1000"), "{error}");
    // However little of it is said in messages.
    let tools = format!(
        r#"{{"messages":[{{"role":"user","content":"hi"}}],"x":"{}"}}"#,
        "x".repeat(2_000)
    );
    let error = engine.begin(Request::from_json(&tools).unwrap()).await.unwrap_err();
    assert!(
        matches!(&error, TurnError::Request(RequestError::TooLarge { bytes, .. }) if *bytes == tools.len()),
        "{error}"
    );
    let error = engine.begin(ask("hi").candidates(["huge"])).await.unwrap_err();
    assert!(
        matches!(&error, TurnError::UnknownCandidate { name, .. } if name == "huge"),
        "{error}"
    );
    assert!(records.all().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_that_is_not_known_leaves_the_cost_unknown() {
    let (engine, _) = engine(Settings::new([pointsman::Model::named("mystery")])).await;
    let record = engine
        .begin(ask("hi"))
        .await
        .unwrap()
        .finish(Some(Usage::new(5, 5)))
        .await;
    assert_eq!(record.cost_usd, None);
}
