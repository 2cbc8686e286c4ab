//! Whole replies.

use pointsman::Spoken;
use serde_json::{Map, Value, json};

use crate::face::chat::ChatUsage;
use crate::face::responses;

/// What a response repeats of its request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Echo(Map<String, Value>);

/// What stands in a response where the request did not say it.
fn defaults() -> Value {
    json!({
        "instructions": null,
        "max_output_tokens": null,
        "metadata": {},
        "parallel_tool_calls": true,
        "previous_response_id": null,
        "reasoning": { "effort": null, "summary": null },
        "store": false,
        "temperature": null,
        "text": { "format": { "type": "text" } },
        "tool_choice": "auto",
        "tools": [],
        "top_p": null,
        "truncation": "disabled",
        "user": null,
    })
}

impl Echo {
    /// Of a request of the responses form.
    pub(crate) fn of(request: &str) -> Self {
        let mut request: Map<String, Value> = serde_json::from_str(request).unwrap_or_default();
        let mut echo = Map::new();
        if let Value::Object(defaults) = defaults() {
            for (name, default) in defaults {
                let said = request.remove(&name).filter(|said| !said.is_null());
                echo.insert(name, said.unwrap_or(default));
            }
        }
        // Nothing is kept here that could be asked for by its identifier.
        echo.insert("store".to_owned(), false.into());
        Echo(echo)
    }

    /// A response of these parts.
    pub(super) fn response(&self, id: &str, model: &Value, status: &str, output: Vec<Value>, usage: Value) -> Value {
        let mut out = json!({
            "id": id,
            "object": "response",
            "created_at": 0,
            "status": status,
            "error": null,
            "incomplete_details": null,
            "model": model,
            "output": output,
            "usage": usage,
        });
        if let Some(fields) = out.as_object_mut() {
            fields.extend(self.0.clone());
        }
        out
    }
}

/// A response's identifier, which begins as those of the form do.
pub(super) fn response_id(id: Option<&str>) -> String {
    match id {
        Some(id) if id.starts_with("resp_") => id.to_owned(),
        other => format!("resp_{}", other.unwrap_or("pointsman")),
    }
}

/// How a response ended, by the chat form's word: its status, and why it is not complete.
pub(super) fn status(finish: Option<&str>) -> (&'static str, Value) {
    match finish {
        Some("length") => ("incomplete", json!({ "reason": "max_output_tokens" })),
        Some("content_filter") => ("incomplete", json!({ "reason": "content_filter" })),
        _ => ("completed", Value::Null),
    }
}

/// From the chat form. Of several choices the first is taken: the responses form knows one.
pub(crate) fn to_responses(reply: &Value, echo: &Echo) -> Value {
    let id = response_id(reply["id"].as_str());
    let choice = &reply["choices"][0];
    let message = &choice["message"];
    let (status, why) = status(choice["finish_reason"].as_str());
    let spoken = Spoken::of(message);
    let some = |text: Option<String>| text.filter(|text| !text.is_empty());
    let mut output = Vec::new();
    if let Some(text) = some(spoken.reasoning) {
        output.push(reasoning(&id, &text));
    }
    let mut content = Vec::new();
    if let Some(text) = some(spoken.text) {
        content.push(output_text(&text));
    }
    if let Some(text) = some(spoken.refusal) {
        content.push(json!({ "type": "refusal", "refusal": text }));
    }
    if !content.is_empty() {
        output.push(json!({
            "type": "message", "id": format!("msg_{id}"), "role": "assistant", "status": status, "content": content,
        }));
    }
    for (at, call) in message["tool_calls"].as_array().into_iter().flatten().enumerate() {
        output.push(match &call["custom"] {
            Value::Null => json!({
                "type": "function_call", "id": format!("fc_{at}_{id}"), "status": "completed", "call_id": call["id"],
                "name": call["function"]["name"], "arguments": call["function"]["arguments"],
            }),
            custom => json!({
                "type": "custom_tool_call", "id": format!("ctc_{at}_{id}"), "call_id": call["id"],
                "name": custom["name"], "input": custom["input"],
            }),
        });
    }
    let usage: Option<ChatUsage> = serde_json::from_value(reply["usage"].clone()).ok();
    let usage = usage.map_or(Value::Null, |usage| responses::usage_json(usage.into()));
    let mut response = echo.response(&id, &reply["model"], status, output, usage);
    response["created_at"] = reply["created"].as_u64().unwrap_or(0).into();
    response["incomplete_details"] = why;
    response
}

pub(super) fn output_text(text: &str) -> Value {
    json!({ "type": "output_text", "text": text, "annotations": [], "logprobs": [] })
}

pub(super) fn reasoning(id: &str, text: &str) -> Value {
    let content = [json!({ "type": "reasoning_text", "text": text })];
    json!({ "type": "reasoning", "id": format!("rs_{id}"), "status": "completed", "summary": [], "content": content })
}

/// To the chat form.
pub(crate) fn to_chat(reply: &Value) -> Value {
    let (mut text, mut refusal, mut thought, mut calls) = (String::new(), String::new(), String::new(), Vec::new());
    for item in reply["output"].as_array().into_iter().flatten() {
        let parts = item["content"].as_array().into_iter().flatten();
        match item["type"].as_str() {
            Some("message") => parts.for_each(|part| {
                text.push_str(part["text"].as_str().unwrap_or_default());
                refusal.push_str(part["refusal"].as_str().unwrap_or_default());
            }),
            Some("reasoning") => {
                let all = parts.chain(item["summary"].as_array().into_iter().flatten());
                all.filter_map(|part| part["text"].as_str())
                    .for_each(|part| thought.push_str(part));
            }
            Some("function_call") => calls.push(json!({
                "id": item["call_id"], "type": "function",
                "function": { "name": item["name"], "arguments": item["arguments"] },
            })),
            Some("custom_tool_call") => calls.push(json!({
                "id": item["call_id"], "type": "custom", "custom": { "name": item["name"], "input": item["input"] },
            })),
            _ => {}
        }
    }
    let finish = finish_reason(reply, !calls.is_empty());
    let content: Value = if text.is_empty() && !calls.is_empty() {
        Value::Null
    } else {
        text.into()
    };
    let mut message = json!({ "role": "assistant", "content": content });
    for (name, said) in [("refusal", refusal), ("reasoning_content", thought)] {
        if !said.is_empty() {
            message[name] = said.into();
        }
    }
    if !calls.is_empty() {
        message["tool_calls"] = calls.into();
    }
    let mut out = json!({
        "id": reply["id"],
        "object": "chat.completion",
        "created": reply["created_at"],
        "model": reply["model"],
        "choices": [{ "index": 0, "message": message, "finish_reason": finish }],
    });
    if let Some(usage) = responses::usage(&reply["usage"]) {
        out["usage"] = json!(ChatUsage::from(usage));
    }
    out
}

/// Why a response ended, in the chat form's word.
pub(super) fn finish_reason(response: &Value, calls: bool) -> &'static str {
    match (response["incomplete_details"]["reason"].as_str(), calls) {
        (Some("max_output_tokens"), _) => "length",
        (Some("content_filter"), _) => "content_filter",
        (_, true) => "tool_calls",
        _ => "stop",
    }
}
