//! The number of a request's tokens: the provider's own where it counts, and ours where it does not.

use bytes::Bytes;
use hyper::Response;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use pointsman::{Encoding, Turn, Usage};
use serde_json::json;

use super::ask::Ask;
use super::whole;
use crate::face::Api;
use crate::problem::Problem;
use crate::reply::{ReplyBody, describe, names, set, whole as body};

pub(super) async fn answer(
    ask: Box<Ask>,
    turn: Box<Turn>,
    models: Vec<String>,
) -> Result<Response<ReplyBody>, Problem> {
    let served = ask.gateway.catalogue.served(turn.model());
    if served.is_some_and(|served| served.upstream.offers(Api::CountTokens)) {
        return whole::answer(ask, turn, models, None).await;
    }
    let messages = turn.tokens();
    let tools = ask.asked.request.field("tools").unwrap_or_default();
    let tools = ask
        .gateway
        .engine
        .counter()
        .text(tools, Encoding::of_model(turn.model()));
    let count = json!({ "input_tokens": messages.tokens.saturating_add(tools.tokens) });
    let record = turn.finish(Some(Usage::default())).await;
    let mut response = body(Bytes::from(count.to_string()));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    describe(headers, &record);
    // Providers count a prompt's frame and its tools in ways of their own.
    set(headers, &names::COUNT, "estimated");
    Ok(response)
}
