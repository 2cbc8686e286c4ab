//! Verdicts and refusals, carried out.

use pointsman::{Outcome, State};
use serde_json::{Value, json};

use crate::support::{Deed, Provider, completion, question, serve, whole};

fn checker(settings: &str) -> String {
    format!(
        "[[slots]]\nname = \"check\"\nkind = \"checker\"\npolicy = \"checker-basic\"\nsettings = {{ {settings} }}\n"
    )
}

#[tokio::test]
async fn a_flag_is_said_in_a_header_and_changes_nothing() {
    let mut reply = completion("This goes on and");
    reply["choices"][0]["finish_reason"] = "length".into();
    let provider = Provider::saying(200, &reply).await;
    let gateway = serve(&provider.config(&checker(""))).await;
    let answer = gateway.chat(&question("hello")).await;
    assert_eq!(answer.header("x-pointsman-verdict"), "flag");
    assert_eq!(answer.json(), reply);
}

#[tokio::test]
async fn a_blocked_reply_is_replaced_by_a_refusal_in_either_form() {
    let provider = Provider::saying(200, &completion("I'm sorry, but I can't help with that.")).await;
    let settings = "refusal = { action = \"block\" }, block-message = \"Not here.\"";
    let gateway = serve(&provider.config(&checker(settings))).await;
    let answer = gateway.chat(&question("hello")).await;
    assert_eq!((answer.status, answer.header("x-pointsman-verdict")), (200, "block"));
    let choice = &answer.json()["choices"][0];
    assert_eq!(choice["finish_reason"], "content_filter");
    assert_eq!(
        choice["message"],
        json!({ "role": "assistant", "content": null, "refusal": "Not here." })
    );
    assert!(!answer.text.contains("sorry"));
    let body = json!({ "model": "m", "max_tokens": 9, "messages": [{ "role": "user", "content": "x" }] });
    let answer = gateway.post("/v1/messages", body.to_string()).await.json();
    assert_eq!(answer["stop_reason"], "refusal");
    assert_eq!(answer["content"], json!([{ "type": "text", "text": "Not here." }]));
}

#[tokio::test]
async fn a_repaired_reply_carries_the_better_text() {
    let provider = Provider::saying(200, &completion("Here you are:\n```json\n{\"a\": 1}\n```")).await;
    let gateway = serve(&provider.config(&checker(""))).await;
    let mut body = question("Give me JSON.");
    body["response_format"] = json!({ "type": "json_object" });
    let answer = gateway.chat(&body).await;
    assert_eq!(answer.header("x-pointsman-verdict"), "repair", "{answer:?}");
    let text = answer.json()["choices"][0]["message"]["content"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), json!({ "a": 1 }));
    assert_eq!(answer.json()["usage"], completion("")["usage"]);
}

#[tokio::test]
async fn a_retry_asks_once_more_and_both_calls_are_paid_for() {
    let (empty, full) = (
        whole(200, "", &completion("")),
        whole(200, "", &completion("Here it is.")),
    );
    let provider = Provider::that(vec![Deed::Send(vec![empty]), Deed::Send(vec![full])]).await;
    let gateway = serve(&provider.config(&checker(""))).await;
    let answer = gateway.chat(&question("hello")).await;
    assert_eq!(answer.json(), completion("Here it is."));
    assert_eq!(
        (
            answer.header("x-pointsman-verdict"),
            answer.header("x-pointsman-attempts")
        ),
        ("accept", "1")
    );
    let record = gateway.records.at(0).await;
    assert_eq!(record.cost_usd, Some(2.0 * 20.0 / 1e6));
    assert_eq!(record.attempts[0].why, "the verdict was retry");
    assert!(matches!(record.attempts[0].slots[0].outcome, Outcome::Decided { .. }));
    assert_eq!(record.verdict().unwrap().action.word(), "accept");
}

#[tokio::test]
async fn a_refusal_and_a_call_of_a_custom_tool_are_not_taken_for_an_empty_reply() {
    let call = json!({ "id": "t1", "type": "custom", "custom": { "name": "apply_patch", "input": "*** Begin" } });
    for (said, verdict) in [
        (json!({ "refusal": "I'm sorry, but I can't help with that." }), "block"),
        (json!({ "tool_calls": [call] }), "accept"),
        (
            json!({ "function_call": { "name": "look", "arguments": "{}" } }),
            "accept",
        ),
        (
            json!({ "content": [{ "type": "text", "text": "Here it is." }] }),
            "accept",
        ),
    ] {
        let mut reply = completion("");
        reply["choices"][0]["message"] = said;
        let provider = Provider::saying(200, &reply).await;
        let gateway = serve(&provider.config(&checker("refusal = { action = \"block\" }"))).await;
        let answer = gateway.chat(&question("hello")).await;
        assert_eq!(answer.header("x-pointsman-verdict"), verdict, "{reply}: {answer:?}");
        assert_eq!(provider.seen().len(), 1, "{reply}");
    }
}

#[tokio::test]
async fn a_turn_is_sent_round_no_more_often_than_was_said_and_keeps_the_reply_it_has() {
    let empty = whole(200, "", &completion(""));
    let provider = Provider::that(vec![Deed::Send(vec![empty.clone()])]).await;
    let gateway = serve(&provider.config(&checker(""))).await;
    let answer = gateway.chat(&question("hello")).await;
    assert_eq!((answer.status, answer.header("x-pointsman-verdict")), (200, "retry"));
    assert_eq!(provider.seen().len(), 2);

    let busy = whole(503, "retry-after: 9\r\n", &json!({ "error": { "message": "busy" } }));
    let provider = Provider::that(vec![Deed::Send(vec![empty]), Deed::Send(vec![busy])]).await;
    let gateway = serve(&provider.config(&checker(""))).await;
    let answer = gateway.chat(&question("hello")).await;
    assert_eq!((answer.status, answer.json()), (200, completion("")));
    let record = gateway.records.at(0).await;
    assert_eq!((record.state, record.cost_usd), (State::Finished, Some(20.0 / 1e6)));
}

#[tokio::test]
async fn an_escalation_asks_the_dearest_model_of_the_route() {
    let weak = Provider::saying(200, &completion("I'm sorry, but I can't help with that.")).await;
    let strong = Provider::saying(200, &completion("Of course.")).await;
    let more = format!(
        "[[upstreams]]\nname = \"strong\"\nkind = \"openai\"\nbase-url = \"http://{}/v1\"\n\
         [[models]]\nname = \"large\"\nupstream = \"strong\"\ninput-price = 10.0\noutput-price = 40.0\n\
         [[routes]]\nname = \"auto\"\ncandidates = [\"m\", \"large\"]\n{}",
        strong.address,
        checker("refusal = { action = \"escalate\" }")
    );
    let gateway = serve(&weak.config(&more)).await;
    let mut body = question("hello");
    body["model"] = "auto".into();
    let answer = gateway.chat(&body).await;
    assert_eq!(answer.json(), completion("Of course."), "{answer:?}");
    assert_eq!(
        (answer.header("x-pointsman-model"), answer.header("x-pointsman-verdict")),
        ("large", "accept")
    );
    let record = gateway.records.at(0).await;
    assert_eq!(record.cost_usd, Some((10.0 + 10.0 + 100.0 + 200.0) / 1e6));
    // A model by its own name has nobody to escalate to.
    let answer = gateway.chat(&question("hello")).await;
    assert_eq!(
        (answer.header("x-pointsman-model"), answer.header("x-pointsman-verdict")),
        ("m", "escalate")
    );
}

#[tokio::test]
async fn a_reply_that_is_kept_since_the_stronger_model_fails_is_told_as_the_weak_ones() {
    let weak = Provider::saying(200, &completion("I'm sorry, but I can't help with that.")).await;
    let page = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\nconnection: close\r\n\r\n<html>";
    let strong = Provider::that(vec![Deed::Send(vec![page.to_vec()])]).await;
    let more = format!(
        "[[upstreams]]\nname = \"strong\"\nkind = \"openai\"\nbase-url = \"http://{}/v1\"\n\
         [[models]]\nname = \"large\"\nupstream = \"strong\"\ninput-price = 10.0\noutput-price = 40.0\n\
         [[routes]]\nname = \"auto\"\ncandidates = [\"m\", \"large\"]\n{}",
        strong.address,
        checker("refusal = { action = \"escalate\" }")
    );
    let gateway = serve(&weak.config(&more)).await;
    let mut body = question("hello");
    body["model"] = "auto".into();
    let answer = gateway.chat(&body).await;
    assert_eq!(
        (answer.header("x-pointsman-model"), answer.header("x-pointsman-verdict")),
        ("m", "escalate"),
        "{answer:?}"
    );
    let record = gateway.records.at(0).await;
    assert_eq!(
        (record.model.as_str(), record.attempts[0].model.as_str()),
        ("m", "large")
    );
    // What the strong one took for its page is not known, and so neither is the sum.
    assert_eq!((record.reply_cost_usd(), record.cost_usd), (Some(20.0 / 1e6), None));
}

#[tokio::test]
async fn what_a_guard_refuses_is_answered_without_asking_anybody() {
    let provider = Provider::saying(200, &completion("never")).await;
    let gateway = serve(&provider.config("")).await;
    let uploaded = gateway.operate("POST", "/policies", crate::guard::component()).await;
    assert_eq!(uploaded.status, 201, "{uploaded:?}");
    let change = json!({
        "slot": "guard", "kind": "checker", "policy": uploaded.json()["digest"], "settings": { "word": "password" }, "activate": true,
    });
    let staged = gateway.operate("POST", "/revisions", change.to_string()).await;
    assert_eq!(staged.status, 201, "{staged:?}");
    let answer = gateway.chat(&question("My password is hunter2.")).await;
    assert_eq!(
        (answer.status, answer.header("x-pointsman-revision")),
        (400, "2"),
        "{answer:?}"
    );
    let error = &answer.json()["error"];
    assert_eq!(
        (error["code"].as_str(), error["message"].as_str()),
        (Some("content_filter"), Some("no password, please"))
    );
    let record = gateway.records.at(0).await;
    assert_eq!((record.state, record.cost_usd), (State::Refused, Some(0.0)));
    let body = json!({ "model": "m", "max_tokens": 9, "stream": true, "messages": [{ "role": "user", "content": "password" }] });
    let answer = gateway.post("/v1/messages", body.to_string()).await;
    assert_eq!(
        (answer.status, answer.json()["error"]["type"].as_str()),
        (400, Some("invalid_request_error"))
    );
    assert_eq!(provider.seen().len(), 0);
    assert_eq!(gateway.chat(&question("hello")).await.status, 200);
}
