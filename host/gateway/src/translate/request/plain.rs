//! A request that came in another form, without what its translation holds for policies alone.

use serde_json::{Value, json};

use crate::face::Form;
use crate::problem::Problem;

/// The request in the chat form, as an upstream of the form `to` may read it: of what the model's own provider did only that
/// provider knows what to make, and results of tools hold what their form there can.
///
/// # Errors
/// The request cannot be read.
pub(crate) fn plain(body: &str, to: Form) -> Result<String, Problem> {
    let mut body: Value = serde_json::from_str(body).map_err(Problem::request)?;
    let mut messages = Vec::new();
    // Pictures that tools made and that are still to be shown.
    let mut pictures = Vec::new();
    let all = body["messages"].as_array_mut().map(std::mem::take).unwrap_or_default();
    for mut message in all {
        match message["role"].as_str() {
            // What answers no call of a tool is for the provider that asked for it.
            Some("tool") if message["tool_call_id"].is_null() => continue,
            Some("tool") => {
                result(&mut message["content"], (to == Form::Chat).then_some(&mut pictures));
                messages.push(message);
                continue;
            }
            Some("assistant") => {
                said(&mut message);
                let holds = |field: &str| !message[field].is_null();
                if !["content", "tool_calls", "reasoning_content"].into_iter().any(holds) {
                    continue;
                }
            }
            Some("user") if !pictures.is_empty() => {
                let content = match message["content"].take() {
                    Value::Array(parts) => parts,
                    text => vec![json!({ "type": "text", "text": text })],
                };
                message["content"] = pictures.drain(..).chain(content).collect();
            }
            _ => {}
        }
        show(&mut pictures, &mut messages);
        messages.push(message);
    }
    show(&mut pictures, &mut messages);
    body["messages"] = messages.into();
    Ok(body.to_string())
}

/// Pictures that no message of the user followed get one of their own.
fn show(pictures: &mut Vec<Value>, messages: &mut Vec<Value>) {
    if !pictures.is_empty() {
        messages.push(json!({ "role": "user", "content": std::mem::take(pictures) }));
    }
}

/// What the assistant said: texts and refusals. Texts alone are one text, for not every provider takes a list of them.
fn said(message: &mut Value) {
    let Value::Array(parts) = &mut message["content"] else {
        return;
    };
    parts.retain(|part| matches!(part["type"].as_str(), Some("text" | "refusal")));
    let texts: Option<Vec<&str>> = parts.iter().map(|part| part["text"].as_str()).collect();
    let text = texts.map(|texts| texts.concat());
    if let Some(text) = text {
        message["content"] = match text.as_str() {
            "" => Value::Null,
            text => text.into(),
        };
    }
}

/// What a tool returned, with all that is no text in its place as JSON. Where `pictures` are asked for, they go there: a tool's
/// message of the chat form holds texts only.
fn result(content: &mut Value, mut pictures: Option<&mut Vec<Value>>) {
    let Value::Array(parts) = content else { return };
    for part in &mut *parts {
        match (part["type"].as_str(), &mut pictures) {
            (Some("text"), _) => {}
            (Some("image_url" | "file" | "input_audio"), None) => {}
            (Some("image_url" | "file" | "input_audio"), Some(pictures)) => {
                pictures.push(part.take());
                *part = json!({ "type": "text", "text": "(shown in the next message)" });
            }
            _ => *part = json!({ "type": "text", "text": part.to_string() }),
        }
    }
    let texts: Option<Vec<&str>> = parts.iter().map(|part| part["text"].as_str()).collect();
    let text = texts.map(|texts| texts.join("\n"));
    if let Some(text) = text {
        *content = text.into();
    }
}
