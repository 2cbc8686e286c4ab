//! Upstreams in trouble: spared, tried again, and seen by routers and operators.

use std::time::Duration;

use pointsman::HealthState;
use serde_json::{Value, json};

use crate::support::{Deed, Provider, Served, completion, delta, question, serve, stream, streamed_question, whole};

/// What operators see of the first upstream.
async fn first_upstream(gateway: &Served) -> Value {
    let all = gateway.operate("GET", "/upstreams", "").await;
    assert_eq!(all.status, 200, "{all:?}");
    all.json()["upstreams"][0].clone()
}

#[tokio::test]
async fn an_upstream_that_keeps_failing_is_spared_until_one_call_finds_it_well() {
    let fine = Deed::Send(vec![whole(200, "", &completion("Back again."))]);
    let provider = Provider::that(vec![Deed::Close, Deed::Close, fine]).await;
    let config = provider
        .config("")
        .replace("retries = 0", "retries = 0\nbreaker = { failures = 2, seconds = 1 }");
    let gateway = serve(&config).await;
    for _ in 0..2 {
        assert_eq!(gateway.chat(&question("hello")).await.status, 502);
    }
    let spared = gateway.chat(&question("hello")).await;
    assert_eq!((spared.status, spared.header("retry-after")), (503, "1"), "{spared:?}");
    assert!(
        spared.text.contains("circuit breaker opened after 2 failures"),
        "{spared:?}"
    );
    assert_eq!(provider.seen().len(), 2);
    let seen = first_upstream(&gateway).await;
    assert_eq!(
        (&seen["breaker"]["state"], &seen["breaker"]["opened"]),
        (&json!("open"), &json!(1))
    );
    assert_eq!(seen["models"][0]["health"]["state"], "down");
    let record = gateway.records.at(2).await;
    assert_eq!((record.attempts.len(), record.attempts[0].cost_usd), (1, Some(0.0)));
    let answer = loop {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let answer = gateway.chat(&question("hello")).await;
        if answer.status != 503 {
            break answer;
        }
    };
    assert_eq!(answer.json(), completion("Back again."));
    let seen = first_upstream(&gateway).await;
    assert_eq!(
        (&seen["breaker"]["state"], &seen["breaker"]["failures"]),
        (&json!("closed"), &json!(0))
    );
    assert_eq!((&seen["calls"], &seen["failed"]), (&json!(3), &json!(2)));
}

#[tokio::test]
async fn an_upstream_that_begins_to_answer_and_fails_then_is_spared_too() {
    let page = "<html>all is well</html>";
    let html = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{page}",
        page.len()
    );
    let html = vec![Deed::Send(vec![html.into_bytes()])];
    let cut = vec![Deed::Send(stream(&[delta("Hel").as_bytes()]))];
    for (deeds, body) in [(html, question("hello")), (cut, streamed_question("hello"))] {
        let provider = Provider::that(deeds).await;
        let config = provider
            .config("")
            .replace("retries = 0", "retries = 0\nbreaker = { failures = 2, seconds = 3600 }");
        let gateway = serve(&config).await;
        for number in 0..2 {
            assert_ne!(gateway.chat(&body).await.status, 503);
            gateway.records.at(number).await;
        }
        assert_eq!(gateway.chat(&body).await.status, 503);
        let seen = first_upstream(&gateway).await;
        assert_eq!(
            (
                &seen["breaker"]["opened"],
                &seen["breaker"]["failures"],
                &seen["failed"]
            ),
            (&json!(1), &json!(2), &json!(2))
        );
    }
}

#[tokio::test]
async fn routers_see_which_model_is_down_and_choose_another_one() {
    let dead = Provider::that(vec![Deed::Close]).await;
    let alive = Provider::saying(200, &completion("Here.")).await;
    let more = format!(
        "[[upstreams]]\nname = \"second\"\nkind = \"openai\"\nbase-url = \"http://{}\"\n\
         [[models]]\nname = \"n\"\nupstream = \"second\"\ninput-price = 5.0\noutput-price = 9.0\n\
         [[routes]]\nname = \"auto\"\ncandidates = [\"m\", \"n\"]\n\
         [[slots]]\nname = \"router\"\nkind = \"router\"\npolicy = \"router-rules\"\n",
        alive.address
    );
    let config = dead
        .config(&more)
        .replace("retries = 0", "retries = 0\nbreaker = { failures = 1, seconds = 3600 }");
    let gateway = serve(&config).await;
    assert_eq!(gateway.chat(&question("hello")).await.status, 502);
    // Health is looked up a few times a second.
    tokio::time::sleep(Duration::from_millis(250)).await;
    let mut body = question("hello");
    body["model"] = "auto".into();
    let answer = gateway.chat(&body).await;
    assert_eq!(
        (answer.status, answer.header("x-pointsman-model")),
        (200, "n"),
        "{answer:?}"
    );
    let record = gateway.records.at(1).await;
    assert!(record.attempts.is_empty(), "{:?}", record.attempts);
    let health = |index: usize| &record.candidates[index].health;
    assert_eq!((health(0).state, health(0).error_rate), (HealthState::Down, Some(1.0)));
    assert_eq!((health(1).state, health(1).error_rate), (HealthState::Unknown, None));
}

#[tokio::test]
async fn retries_are_made_within_a_budget_and_counted() {
    let busy = whole(503, "", &json!({ "error": { "message": "busy" } }));
    let provider = Provider::that(vec![Deed::Send(vec![busy])]).await;
    // A tenth of a retry a second, of which ten seconds are saved up: one, to begin with.
    let config = provider.config("").replace(
        "retries = 0",
        "retries = 3\nbreaker = { failures = 0 }\nretry-budget = { ratio = 0.0, per-second = 0.1 }",
    );
    let gateway = serve(&config).await;
    assert_eq!(gateway.chat(&question("hello")).await.status, 503);
    assert_eq!(provider.seen().len(), 2);
    let seen = first_upstream(&gateway).await;
    assert_eq!(
        (&seen["retries"]["made"], &seen["retries"]["denied"]),
        (&json!(1), &json!(1))
    );
}

#[tokio::test]
async fn a_stream_tells_how_fast_its_model_is_and_a_request_that_is_wrong_tells_nothing_bad() {
    let gateway = serve(
        "[[upstreams]]\nname = \"s\"\nkind = \"simulated\"\nlatency-ms = 20\ntokens-per-second = 500.0\n\
         [[models]]\nname = \"m\"\nupstream = \"s\"\n",
    )
    .await;
    let seen = first_upstream(&gateway).await;
    assert_eq!(seen["models"][0]["health"]["state"], "unknown");
    assert_eq!(seen["models"][0]["health"]["first_token_ms"], Value::Null);
    gateway.chat(&crate::support::streamed_question("hello")).await;
    gateway.records.at(0).await;
    let seen = first_upstream(&gateway).await;
    let health = &seen["models"][0]["health"];
    assert_eq!(
        (&health["state"], &health["error_rate"]),
        (&json!("healthy"), &json!(0.0))
    );
    assert!(health["first_token_ms"].as_f64().unwrap() >= 20.0, "{health}");
    assert!(health["tokens_per_second"].as_f64().unwrap() > 0.0, "{health}");

    let refused = json!({ "error": { "message": "no such parameter" } });
    let provider = Provider::saying(400, &refused).await;
    let gateway = serve(&provider.config("")).await;
    assert_eq!(gateway.chat(&question("hello")).await.status, 400);
    let seen = first_upstream(&gateway).await;
    assert_eq!((&seen["calls"], &seen["failed"]), (&json!(1), &json!(0)));
}
