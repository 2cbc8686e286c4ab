//! One request, from its body to its answer: this is all that it takes to embed the engine.

use std::convert::Infallible;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, HeaderMap, HeaderValue};
use axum::response::Response;
use pointsman::{Action, Engine, Reply, Usage};
use serde_json::Value;
use tower::{Service, ServiceExt};

use crate::problem::Problem;

/// Most bytes of a request's or a reply's body.
const BODY_LIMIT: usize = 8 << 20;

/// Begins a turn, asks the model behind `inner`, has its reply checked, and ends the turn.
///
/// Whatever returns early drops the turn, and the engine records it as abandoned.
pub(crate) async fn take_turn<S>(engine: Engine, inner: S, request: Request) -> Result<Response, Problem>
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    let (mut head, body) = request.into_parts();
    let mut asked = pointsman::Request::from_json(&text(body).await.map_err(Problem::request)?)?;
    // What the engine remembers, and what a split assigns, goes by the conversation.
    if let Some(id) = head.headers.get("x-conversation-id").and_then(|id| id.to_str().ok()) {
        asked = asked.conversation_id(id);
    }

    let mut turn = engine.begin(asked).await?;
    if let Some(sentence) = turn.refusal() {
        return Err(Problem::refused(sentence));
    }

    head.headers.remove(CONTENT_LENGTH);
    let sent = Request::from_parts(head, Body::from(turn.request_json()?));
    let response = match inner.oneshot(sent).await {
        Ok(response) if response.status().is_success() => response,
        Ok(failure) => return Ok(failure),
        Err(never) => match never {},
    };

    let (mut head, body) = response.into_parts();
    let body = text(body).await.map_err(Problem::reply)?;
    let mut body: Value = serde_json::from_str(&body).map_err(Problem::reply)?;
    let verdict = turn
        .check(&Reply::from_json(&body.to_string()).map_err(Problem::reply)?)
        .await?;
    let record = turn.finish(usage(&body)).await;
    match &verdict.action {
        Action::Block(sentence) => return Err(Problem::blocked(sentence)),
        Action::Repair { choice, text } => repair(&mut body, *choice, text),
        // Whether to ask once more, or a stronger model, is for the service to say. This one passes the reply on with
        // the verdict beside it.
        _ => {}
    }

    head.headers.remove(CONTENT_LENGTH);
    put(&mut head.headers, "x-pointsman-model", &record.model);
    if let (Some(before), Some(after)) = (record.tokens_before, record.tokens_after) {
        put(&mut head.headers, "x-pointsman-tokens-before", before.tokens);
        put(&mut head.headers, "x-pointsman-tokens-after", after.tokens);
    }
    put(&mut head.headers, "x-pointsman-verdict", verdict.action.word());
    Ok(Response::from_parts(head, Body::from(body.to_string())))
}

/// The whole of a body, or a sentence on what is wrong with it.
async fn text(body: Body) -> Result<String, String> {
    let bytes = to_bytes(body, BODY_LIMIT)
        .await
        .map_err(|error| format!("the body could not be read: {error}; it may have up to {BODY_LIMIT} bytes"))?;
    String::from_utf8(bytes.into()).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        format!("the body is not UTF-8: byte {at} begins no character; send JSON in UTF-8")
    })
}

/// What the model's provider billed; `None` where the reply does not say.
fn usage(reply: &Value) -> Option<Usage> {
    let count = |field: &str| reply.pointer(field)?.as_u64()?.try_into().ok();
    Some(Usage {
        cached_input_tokens: count("/usage/prompt_tokens_details/cached_tokens").unwrap_or(0),
        ..Usage::new(count("/usage/prompt_tokens")?, count("/usage/completion_tokens")?)
    })
}

fn repair(reply: &mut Value, choice: u32, text: &str) {
    if let Some(content) = reply.pointer_mut(&format!("/choices/{choice}/message/content")) {
        *content = text.into();
    }
}

/// Sets a header, unless its value cannot stand in one.
fn put(headers: &mut HeaderMap, name: &'static str, value: impl ToString) {
    if let Ok(value) = HeaderValue::try_from(value.to_string()) {
        headers.insert(name, value);
    }
}
