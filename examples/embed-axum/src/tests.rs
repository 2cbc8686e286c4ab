//! The service, driven through tower: no socket is opened.

use std::convert::Infallible;

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use pointsman::testing::Fixed;
use pointsman::{Action, Engine, Verdict};
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use tower::{Layer, ServiceExt, service_fn};

use crate::layer::Policies;
use crate::service;

/// The engine with the standard policies: staged once, and shared by the tests.
async fn standard() -> Engine {
    static ENGINE: OnceCell<Engine> = OnceCell::const_new();
    let build = async || service::engine().unwrap().build().await.unwrap();
    ENGINE.get_or_init(build).await.clone()
}

async fn post(engine: Engine, body: impl Into<Body>) -> Response<Body> {
    let request = Request::post("/v1/chat/completions");
    service::routes(engine)
        .oneshot(request.body(body.into()).unwrap())
        .await
        .unwrap()
}

async fn say(engine: Engine, text: &str) -> Response<Body> {
    post(
        engine,
        json!({ "model": "auto", "messages": [{ "role": "user", "content": text }] }).to_string(),
    )
    .await
}

fn header<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    response.headers()[name].to_str().unwrap()
}

async fn json_of(response: Response<Body>) -> Value {
    serde_json::from_slice(&to_bytes(response.into_body(), usize::MAX).await.unwrap()).unwrap()
}

#[tokio::test]
async fn a_question_about_code_is_routed_answered_and_accepted() {
    let response = say(
        standard().await,
        "Why does this not compile?\n```rust\nlet x: i32 = \"1\";\n```",
    )
    .await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(header(&response, "x-pointsman-model"), "large");
    assert_eq!(header(&response, "x-pointsman-verdict"), "accept");
    let body = json_of(response).await;
    assert_eq!(body["model"], "large");
    assert!(
        body["choices"][0]["message"]["content"]
            .as_str()
            .unwrap()
            .contains("large model"),
        "{body}"
    );
}

#[tokio::test]
async fn a_long_history_reaches_the_model_shortened() {
    let turn = |n: usize| {
        let role = if n.is_multiple_of(2) { "user" } else { "assistant" };
        json!({ "role": role, "content": format!("Message {n} of a long talk about the garden. ").repeat(8) })
    };
    let messages: Vec<_> = (0..21).map(turn).collect();
    let response = post(standard().await, json!({ "messages": messages }).to_string()).await;
    let tokens = |name| header(&response, name).parse::<u32>().unwrap();
    assert!(tokens("x-pointsman-tokens-before") > 1_000);
    assert!(tokens("x-pointsman-tokens-after") <= 400);
    let body = json_of(response).await;
    let said = body["choices"][0]["message"]["content"].as_str().unwrap();
    assert!(
        said.contains("I was given: ") && !said.contains("I was given: 21"),
        "{said}"
    );
}

#[tokio::test]
async fn an_empty_reply_is_marked() {
    let response = say(standard().await, "Please say nothing").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(header(&response, "x-pointsman-verdict"), "retry");
}

#[tokio::test]
async fn a_bad_request_gets_the_sentence_of_the_engine() {
    let response = post(standard().await, r#"{"messages":[{"role":"wizard","content":"hi"}]}"#).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    let error = &json_of(response).await["error"];
    assert_eq!(error["type"], "invalid_request_error");
    let sentence = error["message"].as_str().unwrap();
    assert!(
        sentence.contains("messages[0].role") && sentence.contains("wizard"),
        "{sentence}"
    );
}

#[tokio::test]
async fn a_body_that_is_not_text_or_not_json_is_a_bad_request() {
    for (body, word) in [(&b"\x7b\xff"[..], "UTF-8"), (b"{", "JSON"), (b"{}", "messages")] {
        let response = post(standard().await, body).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        let sentence = json_of(response).await["error"]["message"].to_string();
        assert!(sentence.contains(word), "{sentence}");
    }
}

#[tokio::test]
async fn another_method_never_reaches_the_policies() {
    let request = Request::get("/v1/chat/completions").body(Body::empty()).unwrap();
    let response = service::routes(standard().await).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
}

// From here on as in a service's own unit tests: what the engine decides is fixed, and no policy is loaded.

#[tokio::test]
async fn the_model_that_was_chosen_is_asked() {
    let engine = Fixed::model("large").engine(["small", "large"]).await.unwrap();
    let response = say(engine, "hello").await;
    assert_eq!(header(&response, "x-pointsman-model"), "large");
    assert_eq!(json_of(response).await["model"], "large");
}

#[tokio::test]
async fn a_repair_takes_the_place_of_the_reply_and_a_block_keeps_it_back() {
    let fixed = |action| {
        Fixed::model("small")
            .verdict(Verdict {
                action,
                ..Verdict::default()
            })
            .engine(["small"])
    };
    let repair = Action::Repair {
        choice: 0,
        text: "mended".to_owned(),
    };
    let body = json_of(say(fixed(repair).await.unwrap(), "hello").await).await;
    assert_eq!(body["choices"][0]["message"]["content"], "mended");

    let response = say(fixed(Action::Block("not like this".to_owned())).await.unwrap(), "hello").await;
    assert_eq!(response.status(), StatusCode::BAD_GATEWAY);
    assert_eq!(json_of(response).await["error"]["message"], "not like this");
}

#[tokio::test]
async fn a_refusal_of_a_guard_is_forbidden_and_nothing_is_asked() {
    let engine = Fixed::default().refusal("no card numbers, please").engine(["small"]);
    let response = say(engine.await.unwrap(), "hello").await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert_eq!(json_of(response).await["error"]["message"], "no card numbers, please");
}

#[tokio::test]
async fn a_reply_that_cannot_be_read_is_no_fault_of_the_client() {
    let engine = Fixed::model("small").engine(["small"]).await.unwrap();
    for reply in [&b"\xff"[..], b"{", b"{}"] {
        let model = service_fn(move |_| async move { Ok::<_, Infallible>(Response::new(Body::from(reply))) });
        let asked = json!({ "messages": [{ "role": "user", "content": "hello" }] });
        let request = Request::new(Body::from(asked.to_string()));
        let response = Policies(engine.clone()).layer(model).oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::BAD_GATEWAY);
        assert_eq!(json_of(response).await["error"]["type"], "bad_reply");
    }
}
