//! Chat completions that are not streamed.

use serde_json::json;

use crate::support::{Deed, Provider, completion, question, serve, whole};

const POLICIES: &str = "
[[slots]]
name = \"router\"
kind = \"router\"
policy = \"router-rules\"

[[slots]]
name = \"window\"
kind = \"compressor\"
policy = \"compressor-window\"
settings = { max-tokens = 200 }

[[slots]]
name = \"check\"
kind = \"checker\"
policy = \"checker-basic\"
";

#[tokio::test]
async fn a_request_that_no_policy_changes_reaches_the_upstream_byte_for_byte_but_for_the_model() {
    let provider = Provider::saying(200, &completion("Good morning.")).await;
    let gateway = serve(&provider.config(POLICIES)).await;
    let sent = "{ \"x\" : [1,  2.50],\"model\":\"m\",\n \"messages\" : [ {\"content\":\"g\\u00fcten Tag\", \"role\":\"user\"} ], \"seed\":7 }";
    let answer = gateway.post("/v1/chat/completions", sent).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json(), completion("Good morning."));
    assert_eq!(provider.last_body(), sent.replace("\"m\"", "\"m-2025\""));
    assert_eq!(answer.header("x-pointsman-model"), "m");
    assert_eq!(answer.header("x-pointsman-revision"), "1");
    assert_eq!(answer.header("x-pointsman-verdict"), "accept");
    let record = gateway.records.at(0).await;
    assert_eq!(answer.header("x-pointsman-turn"), record.turn);
    assert_eq!(record.usage.unwrap().output_tokens, 5);
    assert_eq!(record.cost_usd, Some((10.0 * 1.0 + 5.0 * 2.0) / 1e6));
}

#[tokio::test]
async fn a_long_conversation_reaches_the_upstream_shortened_and_everything_else_as_it_came() {
    let provider = Provider::saying(200, &completion("Yes, that is so.")).await;
    let gateway = serve(&provider.config(POLICIES)).await;
    let turn = |n: usize| {
        let role = if n.is_multiple_of(2) { "user" } else { "assistant" };
        json!({ "role": role, "content": format!("Message {n} of a long talk about the garden. ").repeat(8) })
    };
    let messages: Vec<_> = (0..21).map(turn).collect();
    let answer = gateway
        .chat(&json!({ "model": "m", "messages": messages, "logit_bias": { "5": 1 } }))
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let sent: serde_json::Value = serde_json::from_str(&provider.last_body()).unwrap();
    assert!(sent["messages"].as_array().unwrap().len() < 21);
    assert_eq!(sent["logit_bias"], json!({ "5": 1 }));
    assert!(answer.header("x-pointsman-tokens-sent").contains(" of "), "{answer:?}");
}

#[tokio::test]
async fn a_route_is_decided_by_the_router_and_a_model_by_its_name_stays_what_it_is() {
    let gateway = serve(&format!(
        "[[upstreams]]\nname = \"s\"\nkind = \"simulated\"\n{}{}{POLICIES}",
        "[[models]]\nname = \"small\"\nupstream = \"s\"\ntags = [\"cheap\"]\n",
        "[[models]]\nname = \"large\"\nupstream = \"s\"\ntags = [\"strong\", \"reasoning\"]\n\
         [[routes]]\nname = \"auto\"\ncandidates = [\"small\", \"large\"]\n"
    ))
    .await;
    let ask = async |model: &str| {
        let proof = "Prove that the square root of 2 is irrational, step by step, by contradiction.";
        let body = json!({ "model": model, "messages": [{ "role": "user", "content": proof }] });
        gateway.chat(&body).await.header("x-pointsman-model").to_owned()
    };
    assert_eq!(ask("auto").await, "large");
    assert_eq!(ask("small").await, "small");
    let listed = gateway.get("/v1/models").await.json();
    let names: Vec<_> = listed["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|model| model["id"].clone())
        .collect();
    assert_eq!(names, ["auto", "small", "large"]);
    assert_eq!(gateway.get("/v1/models/auto").await.json()["owned_by"], "pointsman");
    assert_eq!(gateway.get("/v1/models/nobody").await.status, 404);
}

#[tokio::test]
async fn where_one_upstream_fails_the_next_candidate_of_the_route_answers() {
    let dead = Provider::nowhere();
    let alive = Provider::saying(200, &completion("Here.")).await;
    let second = format!(
        "[[upstreams]]\nname = \"second\"\nkind = \"openai\"\nbase-url = \"http://{}\"\n\
         [[models]]\nname = \"n\"\nupstream = \"second\"\n[[routes]]\nname = \"auto\"\ncandidates = [\"m\", \"n\"]\n",
        alive.address
    );
    let gateway = serve(&dead.config(&second)).await;
    let mut body = question("hello");
    body["model"] = "auto".into();
    let answer = gateway.chat(&body).await;
    assert_eq!(
        (answer.status, answer.header("x-pointsman-model")),
        (200, "n"),
        "{answer:?}"
    );
    assert_eq!(answer.header("x-pointsman-attempts"), "1");
    assert!(alive.seen()[0].starts_with("POST /chat/completions"));
    let record = gateway.records.at(0).await;
    assert_eq!((record.model.as_str(), record.attempts[0].model.as_str()), ("n", "m"));
    assert!(
        record.attempts[0].why.contains("cannot be reached"),
        "{:?}",
        record.attempts
    );
}

#[tokio::test]
async fn a_routers_limit_stands_where_the_client_said_its_own() {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let router = "[[slots]]\nname = \"router\"\nkind = \"router\"\npolicy = \"router-rules\"\n\
        settings = { standard = false, default = { model = \"m\", max-output-tokens = 50 } }\n\
        [[models]]\nname = \"n\"\nupstream = \"there\"\n\
        [[routes]]\nname = \"auto\"\ncandidates = [\"m\", \"n\"]\n";
    let gateway = serve(&provider.config(router)).await;
    for (given, there) in [
        (json!({ "max_tokens": 400 }), [json!(50), json!(null)]),
        (json!({ "max_completion_tokens": 400 }), [json!(null), json!(50)]),
        (json!({}), [json!(null), json!(50)]),
    ] {
        let mut body = question("hello");
        body["model"] = "auto".into();
        for (name, value) in given.as_object().unwrap() {
            body[name] = value.clone();
        }
        assert_eq!(gateway.chat(&body).await.status, 200);
        let sent: serde_json::Value = serde_json::from_str(&provider.last_body()).unwrap();
        assert_eq!(
            [&sent["max_tokens"], &sent["max_completion_tokens"]],
            [&there[0], &there[1]]
        );
    }
}

#[tokio::test]
async fn a_failure_that_passes_is_tried_once_more_and_one_that_does_not_is_passed_on() {
    let busy = whole(503, "", &json!({ "error": { "message": "busy" } }));
    let fine = whole(200, "", &completion("Now."));
    let provider = Provider::that(vec![Deed::Send(vec![busy]), Deed::Send(vec![fine])]).await;
    let gateway = serve(&provider.config("").replace("retries = 0", "retries = 1")).await;
    let answer = gateway.chat(&question("hello")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(provider.seen().len(), 2);
    assert_eq!(gateway.records.at(0).await.cost_usd, Some(20.0 / 1e6));
}

#[tokio::test]
async fn the_credential_of_the_upstream_is_sent_and_that_of_the_client_is_not() {
    let key = concat!(env!("CARGO_TARGET_TMPDIR"), "/upstream-key");
    std::fs::write(key, "the-operators-own\n").unwrap();
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let config = provider
        .config("")
        .replace("retries", &format!("credential = {{ file = \"{key}\" }}\nretries"));
    let gateway = serve(&config).await;
    let request = hyper::Request::post(format!("http://{}/v1/chat/completions", gateway.address))
        .header("authorization", "Bearer the-clients")
        .body(question("hello").to_string().into())
        .unwrap();
    assert_eq!(crate::support::client().request(request).await.unwrap().status(), 200);
    let seen = provider.seen();
    assert!(seen[0].contains("Bearer the-operators-own"), "{seen:?}");
    assert!(!seen[0].contains("the-clients"), "{seen:?}");
}
