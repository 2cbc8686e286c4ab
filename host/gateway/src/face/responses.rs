//! OpenAI's responses.

use pointsman::Usage;
use serde_json::{Value, json};

use super::once::once;
use super::{Asked, Form};
use crate::problem::Problem;
use crate::translate::{refused, responses};

/// Reads a request, by way of the chat form.
pub(super) fn read(text: &str) -> Result<Asked, Problem> {
    once(text)?;
    let translated = responses::to_chat(text)?;
    Ok(Asked {
        request: refused::read(&translated.json, Form::Responses, &translated.origins)?,
        model: translated.model,
        stream: translated.stream,
        wants_usage: true,
        original: Some(text.to_owned()),
        left_out: translated.left_out,
        only_there: translated.only_there,
    })
}

/// What was billed, from a `usage` of this form.
pub(crate) fn usage(usage: &Value) -> Option<Usage> {
    let count = |pointer: &str| usage.pointer(pointer)?.as_u64()?.try_into().ok();
    Some(Usage {
        input_tokens: count("/input_tokens")?,
        cached_input_tokens: count("/input_tokens_details/cached_tokens").unwrap_or(0),
        output_tokens: count("/output_tokens")?,
        ..Usage::default()
    })
}

/// A `usage` of this form.
pub(crate) fn usage_json(usage: Usage) -> Value {
    json!({
        "input_tokens": usage.input_tokens,
        "input_tokens_details": { "cached_tokens": usage.cached_input_tokens },
        "output_tokens": usage.output_tokens,
        "output_tokens_details": { "reasoning_tokens": 0 },
        "total_tokens": usage.input_tokens.saturating_add(usage.output_tokens),
    })
}

pub(crate) fn blocked(reply: &Value, words: &str) -> Value {
    let mut reply = reply.clone();
    reply["status"] = "incomplete".into();
    reply["incomplete_details"] = json!({ "reason": "content_filter" });
    reply["output"] = json!([{
        "type": "message",
        "id": "msg_blocked",
        "role": "assistant",
        "status": "incomplete",
        "content": [{ "type": "refusal", "refusal": words }],
    }]);
    reply
}

/// The new text takes the place of the first one; other texts go.
pub(super) fn repair(reply: &mut Value, text: &str) {
    let output = reply.get_mut("output").and_then(Value::as_array_mut);
    let contents = output.into_iter().flatten().filter_map(|item| item.get_mut("content"));
    let mut new = Some(text);
    for content in contents.filter_map(Value::as_array_mut) {
        content.retain_mut(|part| {
            if part["type"] != "output_text" {
                return true;
            }
            let Some(text) = new.take() else { return false };
            *part = json!({ "type": "output_text", "text": text, "annotations": [] });
            true
        });
    }
}
