//! Whole replies.

use pointsman::Spoken;
use serde_json::{Value, json};

use super::{assistant, finish_reason, stop_reason};
use crate::face::chat::ChatUsage;
use crate::face::{Form, messages};

/// From the chat form to the messages form. Of several choices the first is taken: the messages form knows one.
pub(crate) fn to_messages(reply: &Value) -> Value {
    let choice = &reply["choices"][0];
    let message = &choice["message"];
    let spoken = Spoken::of(message);
    let mut content = Vec::new();
    if let Some(text) = spoken.reasoning.filter(|text| !text.is_empty()) {
        content.push(json!({ "type": "thinking", "thinking": text, "signature": "" }));
    }
    let texts = [spoken.text, spoken.refusal].into_iter().flatten();
    for text in texts.filter(|text| !text.is_empty()) {
        content.push(json!({ "type": "text", "text": text }));
    }
    let calls = message["tool_calls"].as_array().map_or(&[][..], Vec::as_slice);
    for call in calls {
        content.push(json!({
            "type": "tool_use",
            "id": call["id"],
            "name": call["function"]["name"],
            "input": arguments(call["function"]["arguments"].as_str().unwrap_or_default()),
        }));
    }
    // The form wants numbers where none are known.
    let usage = Form::Chat.usage(reply).unwrap_or_default();
    json!({
        "id": reply["id"],
        "type": "message",
        "role": "assistant",
        "model": reply["model"],
        "content": content,
        "stop_reason": stop_reason(choice["finish_reason"].as_str().unwrap_or("stop"), !calls.is_empty()),
        "stop_sequence": null,
        "usage": messages::usage_json(usage),
    })
}

/// A call's arguments as an object; what is no JSON is kept under a name of its own.
fn arguments(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => object.into(),
        _ if text.trim().is_empty() => json!({}),
        _ => json!({ "arguments": text }),
    }
}

/// From the messages form to the chat form.
pub(crate) fn to_chat(reply: &Value) -> Value {
    let message = assistant(reply["content"].as_array().into_iter().flatten());
    let mut out = json!({
        "id": reply["id"],
        "object": "chat.completion",
        "created": 0,
        "model": reply["model"],
        "choices": [{
            "index": 0,
            "message": message,
            "finish_reason": finish_reason(reply["stop_reason"].as_str().unwrap_or_default()),
        }],
    });
    if let Some(usage) = messages::usage(&reply["usage"]) {
        out["usage"] = json!(ChatUsage::from(usage));
    }
    out
}
