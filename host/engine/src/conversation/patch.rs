//! Changes to one message that leave all its other fields as they were.

use serde_json::{Map, Value, value::RawValue};

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
    for (part, text) in texts {
        let carries_text = matches!(
            message.parts.get(*part),
            Some(Part::Text(_) | Part::Reasoning(_) | Part::Refusal(_) | Part::ToolResult(_))
        );
        if !carries_text {
            return Err(format!("part {part} carries no text that could be replaced"));
        }
        match message.sources[*part] {
            PartSource::Content => drop(fields.insert("content".to_owned(), (*text).into())),
            PartSource::Field(field) => drop(fields.insert(field.to_owned(), (*text).into())),
            PartSource::Item(item) => {
                let field = if matches!(message.parts[*part], Part::Refusal(_)) {
                    "refusal"
                } else {
                    "text"
                };
                let slot = fields
                    .get_mut("content")
                    .and_then(|c| c.get_mut(item))
                    .and_then(|i| i.get_mut(field));
                *slot.ok_or_else(|| format!("part {part} is not in the message"))? = (*text).into();
            }
            PartSource::ToolCall(_) => return Err(format!("part {part} is a tool call")),
        }
    }
    reread(fields)
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
    reread(fields)
}

fn fields(message: &Message) -> Result<Map<String, Value>, String> {
    serde_json::from_str(message.raw()).map_err(|error| error.to_string())
}

fn reread(fields: Map<String, Value>) -> Result<Message, String> {
    let raw: Box<RawValue> = serde_json::value::to_raw_value(&fields).map_err(|error| error.to_string())?;
    parse::message(0, raw).map_err(|error| error.to_string())
}
