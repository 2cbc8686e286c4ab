//! Messages in OpenAI's form: read from a request, and spelt as one.
use serde_json::{Value, json};

use super::builder::Draft;
use crate::{Media, MediaSource, Part, ResponseFormat, Role, ToolCall, ToolResult};

/// The form of a reply, as a request spells it.
pub(super) fn response_format(format: Value) -> ResponseFormat {
    match format["type"].as_str() {
        Some("text") => ResponseFormat::Text,
        Some("json_object") => ResponseFormat::JsonObject,
        Some("json_schema") if format["json_schema"]["schema"].is_object() => {
            ResponseFormat::JsonSchema(format["json_schema"]["schema"].to_string())
        }
        _ => ResponseFormat::Other(format.to_string()),
    }
}

/// A message, from a request's spelling of it.
pub(super) fn draft(message: &Value) -> Result<Draft, String> {
    let role = match message["role"].as_str().ok_or("expected a `role` in words")? {
        "system" => Role::System,
        "developer" => Role::Developer,
        "user" => Role::User,
        "assistant" => Role::Assistant,
        "tool" => Role::Tool,
        other => Role::Other(other.to_owned()),
    };
    let mut parts = Vec::new();
    if let Some(reasoning) = message["reasoning_content"].as_str() {
        parts.push(Part::Reasoning(reasoning.to_owned()));
    }
    match &message["content"] {
        Value::Null => {}
        Value::String(text) => parts.push(Part::Text(text.clone())),
        Value::Array(content) => parts.extend(content.iter().map(part)),
        _ => return Err("expected `content` to be a text, a list of parts, or null".to_owned()),
    }
    if role == Role::Tool {
        let id = message["tool_call_id"].as_str().unwrap_or_default();
        let result = Part::ToolResult(ToolResult {
            call_id: id.to_owned(),
            text: text_of(&parts),
            is_error: false,
        });
        parts.retain(|part| !matches!(part, Part::Text(_)));
        parts.insert(0, result);
    }
    if let Some(refusal) = message["refusal"].as_str() {
        parts.push(Part::Refusal(refusal.to_owned()));
    }
    for call in message["tool_calls"].as_array().into_iter().flatten() {
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let function = &call["function"];
        let (name, arguments) = (word(&function["name"]), word(&function["arguments"]));
        parts.push(Part::ToolCall(ToolCall {
            id: word(&call["id"]),
            name,
            arguments,
        }));
    }
    let name = message["name"].as_str().map(str::to_owned);
    Ok(Draft {
        role,
        name,
        parts,
        raw: Some(message.to_string()),
    })
}

fn text_of(parts: &[Part]) -> String {
    let texts: Vec<&str> = parts
        .iter()
        .filter_map(|part| {
            if let Part::Text(text) = part {
                Some(text.as_str())
            } else {
                None
            }
        })
        .collect();
    texts.join("\n")
}

fn part(value: &Value) -> Part {
    let other = || Part::Other(value.to_string());
    match value["type"].as_str() {
        Some("text") => value["text"]
            .as_str()
            .map_or_else(other, |text| Part::Text(text.to_owned())),
        Some("refusal") => value["refusal"]
            .as_str()
            .map_or_else(other, |text| Part::Refusal(text.to_owned())),
        Some("image_url") => value["image_url"]["url"]
            .as_str()
            .map_or_else(other, |url| Part::Image(at(url))),
        Some("input_audio") => value["input_audio"]["data"].as_str().map_or_else(other, |data| {
            let media_type = value["input_audio"]["format"]
                .as_str()
                .map(|format| format!("audio/{format}"));
            Part::Audio(Media {
                media_type,
                source: MediaSource::Inline(data.len() as u64),
            })
        }),
        Some("file") => match (value["file"]["file_id"].as_str(), value["file"]["file_data"].as_str()) {
            (Some(id), _) => Part::File(Media {
                media_type: None,
                source: MediaSource::FileId(id.to_owned()),
            }),
            (None, Some(data)) => Part::File(at(data)),
            (None, None) => other(),
        },
        _ => other(),
    }
}

/// What is at an address; a `data:` address holds the bytes itself.
fn at(url: &str) -> Media {
    match url.strip_prefix("data:").and_then(|rest| rest.split_once(',')) {
        Some((head, data)) => {
            let media_type = head
                .split(';')
                .next()
                .filter(|kind| !kind.is_empty())
                .map(str::to_owned);
            Media {
                media_type,
                source: MediaSource::Inline(data.len() as u64),
            }
        }
        None => Media {
            media_type: None,
            source: MediaSource::Url(url.to_owned()),
        },
    }
}

/// The message as a request would spell it.
pub(super) fn message(draft: &Draft) -> String {
    let role = match &draft.role {
        Role::System => "system",
        Role::Developer => "developer",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => "tool",
        Role::Other(other) => other,
    };
    let mut spelt = json!({ "role": role });
    if let Some(name) = &draft.name {
        spelt["name"] = json!(name);
    }
    let mut content = Vec::new();
    let mut calls = Vec::new();
    for part in &draft.parts {
        match part {
            Part::Text(text) => content.push(json!({ "type": "text", "text": text })),
            Part::Reasoning(text) => spelt["reasoning_content"] = json!(text),
            Part::Refusal(text) => spelt["refusal"] = json!(text),
            Part::Image(media) => content.push(json!({ "type": "image_url", "image_url": { "url": address(media) } })),
            Part::Audio(media) => content.push(json!({ "type": "input_audio", "input_audio": address(media) })),
            Part::File(media) => content.push(json!({ "type": "file", "file": { "file_id": address(media) } })),
            Part::ToolCall(call) => calls.push(json!({
                "id": call.id, "type": "function", "function": { "name": call.name, "arguments": call.arguments },
            })),
            Part::ToolResult(result) => {
                spelt["tool_call_id"] = json!(result.call_id);
                content.push(json!({ "type": "text", "text": result.text }));
            }
            Part::Other(raw) => content.push(serde_json::from_str(raw).unwrap_or_else(|_| json!(raw))),
        }
    }
    spelt["content"] = match content.as_mut_slice() {
        [] => Value::Null,
        [only] if only["type"] == "text" => only["text"].take(),
        _ => Value::Array(content),
    };
    if !calls.is_empty() {
        spelt["tool_calls"] = Value::Array(calls);
    }
    spelt.to_string()
}

fn address(media: &Media) -> String {
    match &media.source {
        MediaSource::Url(text) | MediaSource::FileId(text) | MediaSource::Other(text) => text.clone(),
        MediaSource::Inline(bytes) => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{turn, turn_from_json};

    #[test]
    fn every_kind_of_content_becomes_its_part() {
        let turn = turn_from_json(
            r#"{"messages": [
                {"role": "user", "content": [
                    {"type": "text", "text": "what is this?"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
                    {"type": "hologram"}
                ]},
                {"role": "assistant", "content": null, "tool_calls": [
                    {"id": "1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
                ]},
                {"role": "tool", "tool_call_id": "1", "content": "a cat"}
            ]}"#,
        )
        .unwrap();
        let image = Media {
            media_type: Some("image/png".to_owned()),
            source: MediaSource::Inline(4),
        };
        assert_eq!(
            turn.message(0).unwrap().parts,
            [
                Part::Text("what is this?".to_owned()),
                Part::Image(image),
                Part::Other(r#"{"type":"hologram"}"#.to_owned()),
            ]
        );
        assert_eq!(
            turn.message(1).unwrap().outline.exchange,
            turn.message(2).unwrap().outline.exchange
        );
        assert!(matches!(&turn.message(2).unwrap().parts[..], [Part::ToolResult(result)] if result.text == "a cat"));
    }

    #[test]
    fn a_message_is_spelt_as_a_request_would() {
        let turn = turn().user("hi").named("Ada").tool_call("1", "f", "{}").build();
        let spelt = |index| serde_json::from_str::<Value>(&turn.raw(index).unwrap()).unwrap();
        assert_eq!(spelt(0), json!({ "role": "user", "name": "Ada", "content": "hi" }));
        assert_eq!(spelt(1)["tool_calls"][0]["function"]["name"], "f");
        assert_eq!(spelt(1)["content"], Value::Null);
    }
}
