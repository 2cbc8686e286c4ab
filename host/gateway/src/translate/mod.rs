//! Between the message forms. What one of them has no word for is named, never lost in silence.

pub(crate) mod changes;
pub(crate) mod refused;
pub(crate) mod reply;
pub(crate) mod request;
pub(crate) mod responses;
pub(crate) mod stream;

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::face::Form;

/// A whole reply of one form, told in another. `request` is the one that it answers, in the client's form.
pub(crate) fn reply(json: &Value, from: Form, to: Form, request: Option<&str>) -> Value {
    let chat = reply_to_chat(from, json);
    match to {
        Form::Chat => chat.into_owned(),
        Form::Messages => reply::to_messages(&chat),
        Form::Responses => responses::reply_to_responses(&chat, &responses::Echo::of(request.unwrap_or_default())),
    }
}

/// A whole reply in the chat form, which checkers read.
pub(crate) fn reply_to_chat(from: Form, json: &Value) -> Cow<'_, Value> {
    match from {
        Form::Chat => Cow::Borrowed(json),
        Form::Messages => Cow::Owned(reply::to_chat(json)),
        Form::Responses => Cow::Owned(responses::reply_to_chat(json)),
    }
}

/// What the model said, from the messages form's blocks to a message of the chat form. What only its own provider can
/// read, such as thinking that it encrypted, is left out.
fn assistant<'a>(blocks: impl IntoIterator<Item = &'a Value>) -> Value {
    let (mut text, mut reasoning, mut calls) = (String::new(), String::new(), Vec::new());
    for block in blocks {
        match block["type"].as_str() {
            Some("text") => text.push_str(block["text"].as_str().unwrap_or_default()),
            Some("thinking") => reasoning.push_str(block["thinking"].as_str().unwrap_or_default()),
            Some("tool_use") => calls.push(json!({
                "id": block["id"],
                "type": "function",
                "function": { "name": block["name"], "arguments": block["input"].to_string() },
            })),
            _ => {}
        }
    }
    let content = if text.is_empty() && !calls.is_empty() {
        Value::Null
    } else {
        text.into()
    };
    let mut message = json!({ "role": "assistant", "content": content });
    if !reasoning.is_empty() {
        message["reasoning_content"] = reasoning.into();
    }
    if !calls.is_empty() {
        message["tool_calls"] = calls.into();
    }
    message
}

/// Why a reply ended, from the chat form's word to the messages form's. A reply that calls a tool because it had to ends with
/// `stop` in the chat form; clients of the messages form run no tool unless they are told to.
fn stop_reason(finish: &str, calls: bool) -> &'static str {
    match finish {
        "length" => "max_tokens",
        "content_filter" => "refusal",
        "tool_calls" | "function_call" => "tool_use",
        _ if calls => "tool_use",
        _ => "end_turn",
    }
}

/// The other way round.
fn finish_reason(stop: &str) -> &'static str {
    match stop {
        "max_tokens" | "model_context_window_exceeded" => "length",
        "tool_use" => "tool_calls",
        "refusal" => "content_filter",
        _ => "stop",
    }
}
