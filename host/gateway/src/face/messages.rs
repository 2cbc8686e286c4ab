//! Anthropic's messages.

use pointsman::{Purpose, Usage};
use serde_json::{Value, json};

use super::once::once;
use super::{Asked, Form};
use crate::problem::Problem;
use crate::translate::{self, refused};

/// Reads a request, by way of the chat form.
pub(super) fn read(text: &str) -> Result<Asked, Problem> {
    let asked = read_to_count(text)?;
    if asked.request.field("max_completion_tokens").is_none() {
        return Err(Problem::request(
            "`max_tokens` is missing: say how many tokens the reply may have",
        ));
    }
    Ok(Asked {
        request: asked.request.purpose(Purpose::Reply),
        ..asked
    })
}

/// Reads a request whose tokens are to be counted: the same, but for the length of a reply.
pub(super) fn read_to_count(text: &str) -> Result<Asked, Problem> {
    once(text)?;
    let translated = translate::request::to_chat(text)?;
    Ok(Asked {
        request: refused::read(&translated.json, Form::Messages, &translated.origins)?.purpose(Purpose::Count),
        model: translated.model,
        stream: translated.stream,
        wants_usage: true,
        original: Some(text.to_owned()),
        left_out: translated.left_out,
        only_there: None,
    })
}

/// What was billed, from a `usage` of this form: what was read from or written to the cache is counted beside the input.
pub(crate) fn usage(usage: &Value) -> Option<Usage> {
    let count = |field: &str| usage.get(field)?.as_u64()?.try_into().ok();
    let cached: u32 = count("cache_read_input_tokens").unwrap_or(0);
    let written: u32 = count("cache_creation_input_tokens").unwrap_or(0);
    let for_an_hour = usage.pointer("/cache_creation/ephemeral_1h_input_tokens");
    let for_an_hour = for_an_hour.and_then(Value::as_u64).and_then(|n| n.try_into().ok());
    Some(Usage {
        input_tokens: count("input_tokens")?.saturating_add(cached).saturating_add(written),
        cached_input_tokens: cached,
        cache_write_input_tokens: written,
        cache_write_1h_input_tokens: for_an_hour.unwrap_or(0),
        output_tokens: count("output_tokens")?,
        ..Usage::default()
    })
}

/// A `usage` of this form.
pub(crate) fn usage_json(usage: Usage) -> Value {
    let beside = usage.cached_input_tokens.saturating_add(usage.cache_write_input_tokens);
    let mut json = json!({
        "input_tokens": usage.input_tokens.saturating_sub(beside),
        "cache_read_input_tokens": usage.cached_input_tokens,
        "output_tokens": usage.output_tokens,
    });
    if usage.cache_write_input_tokens > 0 {
        json["cache_creation_input_tokens"] = usage.cache_write_input_tokens.into();
    }
    json
}

pub(super) fn blocked(reply: &Value, words: &str) -> Value {
    let mut reply = reply.clone();
    reply["content"] = json!([{ "type": "text", "text": words }]);
    reply["stop_reason"] = "refusal".into();
    reply["stop_sequence"] = Value::Null;
    reply
}

/// The new text takes the place of the first one; other texts go.
pub(super) fn repair(reply: &mut Value, text: &str) {
    if let Some(content) = reply.get_mut("content").and_then(Value::as_array_mut) {
        let first = content.iter().position(|block| block["type"] == "text");
        let mut place = 0;
        content.retain(|block| {
            let keep = block["type"] != "text" || Some(place) == first;
            place += 1;
            keep
        });
        let new = json!({ "type": "text", "text": text });
        match content.iter_mut().find(|block| block["type"] == "text") {
            Some(block) => *block = new,
            None => content.push(new),
        }
    }
}
