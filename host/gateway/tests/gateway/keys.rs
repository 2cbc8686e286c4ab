//! Keys: who may ask, for what, and how often.

use serde_json::{Value, json};

use crate::support::{Provider, client, completion, question, serve};

const ROUTE: &str =
    "[[models]]\nname = \"dear\"\nupstream = \"there\"\n[[routes]]\nname = \"auto\"\ncandidates = [\"m\", \"dear\"]\n";

fn asking(model: &str) -> Value {
    json!({ "model": model, "messages": [{ "role": "user", "content": "hello" }] })
}

fn bearer(secret: &str) -> String {
    format!("Bearer {secret}")
}

#[tokio::test]
async fn without_a_key_everybody_is_served_here_and_one_that_is_not_known_is_refused() {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let gateway = serve(&provider.config("")).await;
    assert_eq!(gateway.chat(&question("hello")).await.status, 200);
    // What an SDK sends where nobody gave it a key.
    let answer = gateway
        .chat_with(&[("authorization", "Bearer none")], &question("hello"))
        .await;
    assert_eq!(answer.status, 200);
    let answer = gateway
        .chat_with(&[("authorization", "Bearer pm-made-up")], &question("hello"))
        .await;
    assert_eq!(
        (answer.status, &answer.json()["error"]["code"]),
        (401, &json!("invalid_api_key")),
        "{answer:?}"
    );
    assert_eq!(answer.json()["error"]["type"], "authentication_error");
}

#[tokio::test]
async fn where_keys_are_required_who_brings_none_is_told_how_to_get_one() {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let gateway = serve(&provider.config("[tenants]\nkeys = \"required\"\n")).await;
    let answer = gateway.chat(&question("hello")).await;
    assert_eq!(answer.status, 401);
    assert!(answer.text.contains("pointsman key create"), "{answer:?}");
    assert_eq!(gateway.get("/v1/models").await.status, 401);
    let secret = gateway.key(&json!({ "name": "ann" })).await;
    assert_eq!(
        gateway
            .chat_with(&[("authorization", &bearer(&secret))], &question("hello"))
            .await
            .status,
        200
    );
    assert_eq!(
        gateway
            .chat_with(&[("x-api-key", &secret)], &question("hello"))
            .await
            .status,
        200
    );
    let record = gateway.records.at(0).await;
    assert_eq!(record.attributes["key"], "ann");
    // The provider never sees it.
    assert!(provider.seen().iter().all(|seen| !seen.contains(&secret)));
}

#[tokio::test]
async fn a_key_is_held_to_the_names_that_it_may_ask_for() {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let gateway = serve(&provider.config(ROUTE)).await;
    let secret = gateway.key(&json!({ "name": "ann", "models": ["auto"] })).await;
    let auth = bearer(&secret);
    // The route may go to models that the key may not ask for by their own names.
    let answer = gateway.chat_with(&[("authorization", &auth)], &asking("auto")).await;
    assert_eq!((answer.status, answer.header("x-pointsman-model")), (200, "m"));
    let answer = gateway.chat_with(&[("authorization", &auth)], &asking("m")).await;
    assert_eq!(
        (answer.status, &answer.json()["error"]["type"]),
        (403, &json!("permission_error")),
        "{answer:?}"
    );
    assert!(answer.text.contains("it may ask for auto"), "{answer:?}");
    let request = hyper::Request::get(format!("http://{}/v1/models", gateway.address)).header("authorization", &auth);
    let listed = client()
        .request(request.body(Default::default()).unwrap())
        .await
        .unwrap();
    let listed = crate::support::Answer::of(listed).await.json();
    assert_eq!(listed["data"].as_array().unwrap().len(), 1);
    let misspelt = gateway
        .operate("POST", "/keys", r#"{"name":"ben","models":["outo"]}"#)
        .await;
    assert!(
        misspelt.status == 400 && misspelt.text.contains("known are auto"),
        "{misspelt:?}"
    );
}

#[tokio::test]
async fn a_key_is_listed_without_its_secret_and_refused_once_it_is_revoked() {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let gateway = serve(&provider.config("")).await;
    let secret = gateway.key(&json!({ "name": "ann", "tags": ["team-a"] })).await;
    let listed = gateway.operate("GET", "/keys", "").await;
    assert!(
        !listed.text.contains(&secret) && listed.text.contains(&secret[secret.len() - 4..]),
        "{listed:?}"
    );
    let again = gateway.operate("POST", "/keys", r#"{"name":"ann"}"#).await;
    assert_eq!(again.status, 409, "{again:?}");
    assert_eq!(gateway.operate("DELETE", "/keys/ann", "").await.status, 200);
    assert_eq!(gateway.operate("DELETE", "/keys/ann", "").await.status, 404);
    let answer = gateway
        .chat_with(&[("authorization", &bearer(&secret))], &question("hello"))
        .await;
    assert!(answer.status == 401 && answer.text.contains("revoked"), "{answer:?}");
}

#[tokio::test]
async fn a_minute_without_room_is_said_in_each_sdks_form() {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let gateway = serve(&provider.config("")).await;
    let secret = gateway.key(&json!({ "name": "ann", "requests_per_minute": 1 })).await;
    let auth = bearer(&secret);
    assert_eq!(
        gateway
            .chat_with(&[("authorization", &auth)], &question("hello"))
            .await
            .status,
        200
    );
    let answer = gateway.chat_with(&[("authorization", &auth)], &question("hello")).await;
    assert_eq!(
        (answer.status, &answer.json()["error"]["code"]),
        (429, &json!("rate_limit_exceeded")),
        "{answer:?}"
    );
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    let request = hyper::Request::post(format!("http://{}/v1/messages", gateway.address)).header("x-api-key", &secret);
    let answer = client().request(request.body("{}".into()).unwrap()).await.unwrap();
    let answer = crate::support::Answer::of(answer).await;
    assert_eq!(answer.json()["type"], "error");
    assert_eq!(
        (answer.status, &answer.json()["error"]["type"]),
        (429, &json!("rate_limit_error")),
        "{answer:?}"
    );
}

#[tokio::test]
async fn tokens_count_by_what_was_billed_and_what_never_fits_is_said() {
    // The provider bills 15 tokens a call, more than the eight or so that the question has.
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let gateway = serve(&provider.config("")).await;
    let secret = gateway.key(&json!({ "name": "ann", "tokens_per_minute": 16 })).await;
    let auth = bearer(&secret);
    assert_eq!(
        gateway
            .chat_with(&[("authorization", &auth)], &question("hello"))
            .await
            .status,
        200
    );
    let answer = gateway.chat_with(&[("authorization", &auth)], &question("hello")).await;
    assert!(
        answer.status == 429 && answer.text.contains("16 tokens a minute"),
        "{answer:?}"
    );
    assert!(!answer.header("retry-after").is_empty());
    let answer = gateway
        .chat_with(&[("authorization", &auth)], &question(&"hello ".repeat(50)))
        .await;
    assert!(answer.status == 429 && answer.text.contains("shorten it"), "{answer:?}");
    assert_eq!(answer.header("x-should-retry"), "false");
}

#[tokio::test]
async fn another_configuration_takes_no_key_away_from_an_address_that_others_reach() {
    let provider = Provider::saying(200, &completion("Hello.")).await;
    let gateway = serve(&provider.config("[server]\nlisten = \"0.0.0.0:0\"\n")).await;
    let applied = async |more: &str| {
        gateway
            .operate("POST", "/config/apply", provider.config(more))
            .await
            .status
    };
    assert_eq!(gateway.get("/v1/models").await.status, 401);
    // Where it says nothing of the address, the one that is bound still counts.
    assert_eq!(applied("").await, 200);
    assert_eq!(gateway.get("/v1/models").await.status, 401);
    assert_eq!(applied("[tenants]\nkeys = \"optional\"\n").await, 200);
    assert_eq!(gateway.get("/v1/models").await.status, 200);
    assert_eq!(applied("").await, 200);
    assert_eq!(gateway.get("/v1/models").await.status, 401);
}
