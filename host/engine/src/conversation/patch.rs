//! Changes to one message that leave all its other fields as they were.

use serde_json::{Map, Value, json, value::RawValue};

use super::message::{Message, Part, PartSource, Role};
use super::parse;

/// A message that did not come with the request.
pub(crate) fn write_message(role: &Role, name: Option<&str>, text: &str) -> Result<Message, String> {
    let mut fields = Map::new();
    fields.insert("role".to_owned(), role.as_str().into());
    if let Some(name) = name {
        fields.insert("name".to_owned(), name.into());
    }
    fields.insert("content".to_owned(), text.into());
    reread(fields)
}

/// The message with new texts in the place of some parts.
pub(crate) fn replace_parts(message: &Message, texts: &[(usize, &str)]) -> Result<Message, String> {
    let mut fields = fields(message)?;
    // From the back: the texts of a tool's result come first, and as one they may take fewer places.
    for (part, text) in texts.iter().rev() {
        let missing = || format!("part {part} is not in the message");
        let kind = message.parts.get(*part).filter(|kind| carries_text(kind));
        let kind = kind.ok_or_else(|| format!("part {part} carries no text that could be replaced"))?;
        match message.sources[*part] {
            PartSource::Content => put_texts(fields.entry("content").or_insert(Value::Null), text),
            PartSource::Field(field) => drop(fields.insert(field.to_owned(), (*text).into())),
            PartSource::Item(item) => {
                let item = fields.get_mut("content").and_then(|content| content.get_mut(item));
                let item = item.ok_or_else(missing)?;
                match kind {
                    Part::Other(_) => {
                        *item = serde_json::from_str(text).map_err(|error| {
                            format!("part {part} is JSON, and what is to take its place is not: {error}")
                        })?;
                    }
                    Part::Refusal(_) => *item.get_mut("refusal").ok_or_else(missing)? = (*text).into(),
                    _ => *item.get_mut("text").ok_or_else(missing)? = (*text).into(),
                }
            }
            PartSource::ToolCall(_) => return Err(format!("part {part} is a tool call")),
        }
    }
    Ok(Message {
        origin: message.origin,
        kept: message.kept.clone(),
        ..reread(fields)?
    })
}

fn carries_text(part: &Part) -> bool {
    matches!(
        part,
        Part::Text(_) | Part::Reasoning(_) | Part::Refusal(_) | Part::ToolResult(_) | Part::Other(_)
    )
}

/// One text in the place of all that `content` has; pictures and the like stay.
fn put_texts(content: &mut Value, text: &str) {
    let Value::Array(items) = content else {
        *content = text.into();
        return;
    };
    let is_text = |item: &Value| {
        let kind = item["type"].as_str();
        matches!(kind, Some("text" | "input_text" | "output_text")) && item["text"].is_string()
    };
    match items.iter().position(is_text) {
        Some(first) => {
            items[first]["text"] = text.into();
            let mut at = 0;
            items.retain(|item| {
                at += 1;
                at - 1 == first || !is_text(item)
            });
        }
        None => items.insert(0, json!({ "type": "text", "text": text })),
    }
}

/// The message without some parts.
pub(crate) fn drop_parts(message: &Message, parts: &[usize]) -> Result<Message, String> {
    if let Some(bad) = parts.iter().find(|part| **part >= message.parts.len()) {
        return Err(format!(
            "part {bad} does not exist: the message has {}",
            message.parts.len()
        ));
    }
    if parts.len() >= message.parts.len() {
        return Err("no part would stay: drop the message instead".to_owned());
    }
    if parts
        .iter()
        .any(|part| matches!(message.parts[*part], Part::ToolCall(_) | Part::ToolResult(_)))
    {
        return Err("a tool call or its result cannot be dropped alone: drop the whole exchange".to_owned());
    }
    let mut fields = fields(message)?;
    // From the back, so that the places of earlier items stay what they were.
    for part in parts.iter().rev() {
        match message.sources[*part] {
            PartSource::Content => drop(fields.insert("content".to_owned(), Value::Null)),
            PartSource::Field(field) => drop(fields.remove(field)),
            PartSource::Item(item) => {
                if let Some(Value::Array(items)) = fields.get_mut("content") {
                    items.remove(item);
                }
            }
            PartSource::ToolCall(_) => {}
        }
    }
    let kept = (0..message.parts.len()).filter(|part| !parts.contains(part));
    Ok(Message {
        origin: message.origin,
        kept: Some(kept.filter_map(|part| message.part_origin(part)).collect()),
        ..reread(fields)?
    })
}

fn fields(message: &Message) -> Result<Map<String, Value>, String> {
    serde_json::from_str(message.raw()).map_err(|error| error.to_string())
}

fn reread(fields: Map<String, Value>) -> Result<Message, String> {
    let raw: Box<RawValue> = serde_json::value::to_raw_value(&fields).map_err(|error| error.to_string())?;
    parse::message(0, raw).map_err(|error| error.to_string())
}
