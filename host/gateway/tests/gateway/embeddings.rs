//! Embeddings, counted tokens, and Azure's addresses.

use pointsman::{Purpose, State};
use serde_json::{Value, json};

use crate::support::{Deed, Provider, completion, question, serve, whole};

fn vectors() -> Value {
    json!({
        "object": "list", "model": "m-2025", "data": [{ "object": "embedding", "index": 0, "embedding": [0.5, 0.25] }],
        "usage": { "prompt_tokens": 7, "total_tokens": 7 },
    })
}

const WINDOW: &str = "[[slots]]\nname = \"window\"\nkind = \"compressor\"\npolicy = \"compressor-window\"\nsettings = { max-tokens = 1 }\n";

#[tokio::test]
async fn a_request_for_embeddings_passes_byte_for_byte_and_is_billed() {
    let provider = Provider::saying(200, &vectors()).await;
    let gateway = serve(&provider.config(WINDOW)).await;
    let body = r#"{ "model":"m", "input" : ["a red fox", [1, 2]],"dimensions":2, "x":1.0 }"#;
    let answer = gateway.post("/v1/embeddings", body).await;
    assert_eq!(answer.json(), vectors(), "{answer:?}");
    assert!(provider.seen()[0].starts_with("POST /v1/embeddings "));
    assert_eq!(provider.last_body(), body.replace("\"m\"", "\"m-2025\""));
    let record = gateway.records.at(0).await;
    assert_eq!((record.purpose, record.slots.len()), (Purpose::Embedding, 0));
    assert_eq!(record.cost_usd, Some(7.0 / 1e6));
}

#[tokio::test]
async fn a_vector_of_another_model_never_stands_in() {
    let provider = Provider::that(vec![Deed::Close]).await;
    let more = "[[upstreams]]\nname = \"here\"\nkind = \"simulated\"\n[[models]]\nname = \"n\"\nupstream = \"here\"\n\
        [[routes]]\nname = \"auto\"\ncandidates = [\"m\", \"n\"]\n";
    let gateway = serve(&provider.config(more)).await;
    let answer = gateway.post("/v1/embeddings", r#"{"model":"auto","input":"x"}"#).await;
    assert_eq!(answer.status, 502, "{answer:?}");
    assert_eq!(gateway.records.at(0).await.state, State::Failed);
    let answer = gateway
        .post("/v1/embeddings", r#"{"model":"n","input":["x","y"],"dimensions":8}"#)
        .await;
    let data = answer.json()["data"].as_array().unwrap().clone();
    assert_eq!((data.len(), data[1]["embedding"].as_array().unwrap().len()), (2, 8));
}

#[tokio::test]
async fn guards_see_what_is_to_be_embedded_or_counted() {
    let provider = Provider::saying(200, &vectors()).await;
    let gateway = serve(&provider.config("")).await;
    let uploaded = gateway.operate("POST", "/policies", crate::guard::component()).await;
    let change = json!({
        "slot": "guard", "kind": "checker", "policy": uploaded.json()["digest"], "settings": { "word": "password" }, "activate": true,
    });
    let staged = gateway.operate("POST", "/revisions", change.to_string()).await;
    assert_eq!(staged.status, 201, "{staged:?}");
    let body = json!({ "model": "m", "input": ["fine", "my password is hunter2"] });
    let answer = gateway.post("/v1/embeddings", body.to_string()).await;
    assert_eq!(
        (answer.status, answer.json()["error"]["code"].as_str()),
        (400, Some("content_filter"))
    );
    let body = json!({ "model": "m", "messages": [{ "role": "user", "content": "my password" }] });
    let answer = gateway.post("/v1/messages/count_tokens", body.to_string()).await;
    assert_eq!((answer.status, answer.json()["type"].as_str()), (400, Some("error")));
    assert!(provider.seen().is_empty());
}

#[tokio::test]
async fn what_is_no_request_for_embeddings_is_refused_in_words() {
    let provider = Provider::saying(200, &vectors()).await;
    let anthropic = "[[upstreams]]\nname = \"a\"\nkind = \"anthropic\"\nbase-url = \"http://127.0.0.1:1/v1\"\n\
        [[models]]\nname = \"claude\"\nupstream = \"a\"\n";
    let gateway = serve(&provider.config(anthropic)).await;
    for (body, words) in [
        (r#"{"model":"m"}"#, "`input`: it is missing"),
        (r#"{"model":"m","input":[]}"#, "at least one text"),
        (r#"{"model":"m","input":[{}]}"#, "expected texts"),
        (r#"{"input":"x"}"#, "names no `model`"),
        (r#"{"model":"m","input":"a","input":"b"}"#, "duplicate field"),
        (r#"{"model":"claude","input":"a"}"#, "has no embeddings"),
    ] {
        let answer = gateway.post("/v1/embeddings", body).await;
        assert!(
            answer.status == 400 && answer.text.contains(words),
            "{body}: {answer:?}"
        );
    }
    assert!(provider.seen().is_empty());
}

#[tokio::test]
async fn tokens_are_counted_here_or_by_the_provider_that_counts() {
    let provider = Provider::saying(200, &json!({ "input_tokens": 41 })).await;
    let kind = |kind: &str| {
        provider
            .config("")
            .replace("kind = \"openai\"", &format!("kind = \"{kind}\""))
    };
    let there = serve(&kind("anthropic")).await;
    let body =
        r#"{"model":"m", "messages":[{"role":"user","content":"hello"}],"tools":[{"name":"f","input_schema":{}}]}"#;
    let answer = there.post("/v1/messages/count_tokens", body).await;
    assert_eq!(answer.json(), json!({ "input_tokens": 41 }), "{answer:?}");
    assert!(provider.seen()[0].starts_with("POST /v1/messages/count_tokens "));
    assert_eq!(provider.last_body(), body.replace("\"m\"", "\"m-2025\""));
    let record = there.records.at(0).await;
    assert_eq!((record.purpose, record.cost_usd), (Purpose::Count, Some(0.0)));

    let here = serve(&kind("openai")).await;
    let answer = here.post("/v1/messages/count_tokens", body).await;
    assert!(answer.json()["input_tokens"].as_u64().unwrap() > 10, "{answer:?}");
    assert_eq!(answer.header("x-pointsman-count"), "estimated");
    assert_eq!(provider.seen().len(), 1);
    // A reply needs to know its length, a count does not.
    let answer = here.post("/v1/messages", body).await;
    assert!(answer.status == 400 && answer.text.contains("max_tokens"), "{answer:?}");
}

#[tokio::test]
async fn azure_is_asked_at_its_deployment_with_a_header_of_its_own() {
    let provider = Provider::that(vec![
        Deed::Send(vec![whole(200, "", &completion("Good morning."))]),
        Deed::Send(vec![whole(200, "", &vectors())]),
    ])
    .await;
    let key = concat!(env!("CARGO_TARGET_TMPDIR"), "/azure-key");
    std::fs::write(key, "a-key-of-azure").unwrap();
    let azure = format!("kind = \"azure\"\napi-version = \"2024-10-21\"\ncredential = {{ file = \"{key}\" }}");
    let config = provider
        .config("")
        .replace("kind = \"openai\"", &azure)
        .replace("/v1\"", "\"");
    let gateway = serve(&config).await;
    assert_eq!(
        gateway.chat(&question("hello")).await.json(),
        completion("Good morning.")
    );
    gateway.post("/v1/embeddings", r#"{"model":"m","input":"x"}"#).await;
    let seen = provider.seen();
    assert!(
        seen[0].starts_with("POST /openai/deployments/m-2025/chat/completions?api-version=2024-10-21 "),
        "{seen:?}"
    );
    assert!(
        seen[0].contains("api-key: a-key-of-azure") && !seen[0].contains("Bearer"),
        "{seen:?}"
    );
    assert!(seen[1].starts_with("POST /openai/deployments/m-2025/embeddings?api-version=2024-10-21 "));
}
