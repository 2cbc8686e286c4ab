//! What a turn goes without: said, or not gone without at all.

use serde_json::{Value, json};

use crate::support::{Provider, Served, completion, delta, ending, question, serve, streamed_question};

/// Puts the tests' own checker into a slot.
async fn stage(gateway: &Served, settings: Value, more: Value) {
    let uploaded = gateway.operate("POST", "/policies", crate::guard::component()).await;
    let mut change = json!({
        "slot": "guard", "kind": "checker", "policy": uploaded.json()["digest"], "settings": settings, "activate": true,
    });
    for (name, value) in more.as_object().unwrap() {
        change[name] = value.clone();
    }
    let staged = gateway.operate("POST", "/revisions", change.to_string()).await;
    assert_eq!(staged.status, 201, "{staged:?}");
}

#[tokio::test]
async fn a_guard_that_fails_lets_nothing_through_unless_it_is_told_to() {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let gateway = serve(&provider.config("")).await;
    stage(&gateway, json!({ "fails": "guard" }), json!({})).await;
    for body in [question("hello"), streamed_question("hello")] {
        let answer = gateway.chat(&body).await;
        assert_eq!(
            (answer.status, answer.json()["error"]["code"].as_str()),
            (503, Some("policy_failed")),
            "{answer:?}"
        );
    }
    assert_eq!(provider.seen().len(), 0);
    stage(
        &gateway,
        json!({ "fails": "guard" }),
        json!({ "on_guard_failure": "skip" }),
    )
    .await;
    let answer = gateway.chat(&question("hello")).await;
    assert_eq!(
        (answer.status, answer.header("x-pointsman-skipped")),
        (200, "guard (rejected)"),
        "{answer:?}"
    );
    // One that observes ends no turn.
    stage(
        &gateway,
        json!({ "fails": "guard" }),
        json!({ "on_guard_failure": "fail", "mode": "observe" }),
    )
    .await;
    assert_eq!(gateway.chat(&question("hello")).await.status, 200);
}

#[tokio::test]
async fn a_review_that_fails_is_said_in_the_head_and_on_a_stream_at_its_end() {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let gateway = serve(&provider.config("")).await;
    stage(&gateway, json!({ "fails": "review" }), json!({})).await;
    let answer = gateway.chat(&question("hello")).await;
    assert_eq!(
        (answer.status, answer.header("x-pointsman-skipped")),
        (200, "guard (rejected)"),
        "{answer:?}"
    );

    let text = delta("Hello.") + &ending();
    let provider = Provider::streaming(&[text.as_bytes()]).await;
    let gateway = serve(&provider.config("")).await;
    stage(&gateway, json!({ "fails": "review" }), json!({})).await;
    let answer = gateway.chat(&streamed_question("hello")).await;
    assert_eq!(answer.header("x-pointsman-skipped"), "");
    assert!(
        answer.text.contains(": x-pointsman-skipped: guard (rejected)\n\n"),
        "{}",
        answer.text
    );
    assert!(
        answer.text.ends_with("data: [DONE]\n\n") && answer.streamed_text() == "Hello.",
        "{}",
        answer.text
    );
}
