//! The conversation of the messages form, as messages of the chat form.

mod part;

use serde_json::{Value, json};

use self::part::{is_text, parts as parts_of};
use super::texts;
use crate::problem::Problem;
use crate::translate::changes::{Of, Origin};

/// A conversation in the chat form, and for each message where it came from. Blocks that the chat form has no word for stand in
/// it as they are: guards are to see all that a provider will.
#[derive(Default)]
pub(super) struct Read {
    pub(super) messages: Vec<Value>,
    pub(super) origins: Vec<Origin>,
    /// What the chat form has no word for.
    pub(super) left_out: Vec<String>,
}

impl Read {
    fn push(&mut self, message: Value, of: Of, parts: Vec<Vec<String>>) {
        self.messages.push(message);
        self.origins.push(Origin { of, parts });
    }

    /// The field `system`.
    ///
    /// # Errors
    /// It is neither a text nor a list of texts.
    pub(super) fn system(&mut self, system: &Value) -> Result<(), Problem> {
        let text = texts(system).ok_or_else(|| Problem::request("`system`: expected a string or a list of texts"))?;
        let message = json!({ "role": "system", "content": text });
        self.push(message, Of::Instructions, vec![places(system, "/system")]);
        Ok(())
    }

    /// One of the field `messages`.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub(super) fn message(&mut self, index: usize, role: &str, content: Value) -> Result<(), Problem> {
        let place = format!("messages[{index}]");
        let pointer = format!("/messages/{index}/content");
        if role != "user" && role != "assistant" && role != "system" {
            let cut = &role[..role.floor_char_boundary(40)];
            let message = format!("{place}.role: unknown role `{cut}`, expected user or assistant");
            return Err(Problem::request(message));
        }
        let blocks = match content {
            Value::String(text) => {
                let message = json!({ "role": role, "content": text });
                self.push(message, Of::Blocks(index, vec![0]), vec![vec![pointer]]);
                return Ok(());
            }
            Value::Array(blocks) => blocks,
            _ => {
                return Err(Problem::request(format!(
                    "{place}.content: expected a string or a list of blocks"
                )));
            }
        };
        for (at, block) in blocks.iter().enumerate() {
            let missing = |field: &str| Problem::request(format!("{place}.content[{at}].{field} is missing"));
            match block["type"].as_str() {
                None => return Err(missing("type")),
                Some("tool_result") if !block["tool_use_id"].is_string() => return Err(missing("tool_use_id")),
                Some(_) => {}
            }
        }
        match role {
            "assistant" => self.assistant(index, &pointer, blocks),
            _ => self.user(role, index, &pointer, blocks),
        }
        Ok(())
    }

    /// What the model said: its thoughts, its texts and its calls, and between them what its provider's own tools did.
    fn assistant(&mut self, index: usize, pointer: &str, blocks: Vec<Value>) {
        let all = (0..blocks.len()).collect();
        let (mut text, mut reasoning) = (String::new(), String::new());
        let (mut others, mut calls) = (Vec::new(), Vec::new());
        // Where each of these stood.
        let (mut thoughts, mut texts, mut rest, mut called) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (at, block) in blocks.into_iter().enumerate() {
            let place = format!("{pointer}/{at}");
            match block["type"].as_str() {
                Some("text") => {
                    text.push_str(block["text"].as_str().unwrap_or_default());
                    texts.push(place);
                }
                Some("thinking") => {
                    reasoning.push_str(block["thinking"].as_str().unwrap_or_default());
                    thoughts.push(place);
                }
                Some("tool_use") => {
                    calls.push(json!({
                        "id": block["id"],
                        "type": "function",
                        "function": { "name": block["name"], "arguments": block["input"].to_string() },
                    }));
                    called.push(vec![place]);
                }
                kind => {
                    self.leave_out(kind.unwrap_or_default());
                    others.push(block);
                    rest.push(vec![place]);
                }
            }
        }
        let mut parts = Vec::new();
        let mut message = json!({ "role": "assistant" });
        if !reasoning.is_empty() {
            message["reasoning_content"] = reasoning.into();
            parts.push(thoughts);
        }
        if text.is_empty() && !(calls.is_empty() && others.is_empty()) {
            message["content"] = Value::Null;
        } else {
            message["content"] = text.into();
            parts.push(texts);
        }
        if !others.is_empty() {
            let said = message["content"].take();
            let said = said.is_string().then(|| json!({ "type": "text", "text": said }));
            message["content"] = said.into_iter().chain(others).collect();
            parts.append(&mut rest);
        }
        if !calls.is_empty() {
            message["tool_calls"] = calls.into();
            parts.append(&mut called);
        }
        self.push(message, Of::Blocks(index, all), parts);
    }

    fn leave_out(&mut self, kind: &str) {
        let name = format!("blocks of type {}", &kind[..kind.floor_char_boundary(40)]);
        if !self.left_out.contains(&name) {
            self.left_out.push(name);
        }
    }

    /// A user's message: results of tools come first, each a message of its own.
    fn user(&mut self, role: &str, index: usize, pointer: &str, blocks: Vec<Value>) {
        let (mut parts, mut places, mut of) = (Vec::new(), Vec::new(), Vec::new());
        for (at, block) in blocks.into_iter().enumerate() {
            let place = format!("{pointer}/{at}");
            if block["type"] == "tool_result" {
                self.result(&block, Of::Blocks(index, vec![at]), place);
            } else {
                of.push(at);
                for (part, place) in parts_of(block, &place) {
                    parts.push(part);
                    places.push(vec![place]);
                }
            }
        }
        if !parts.is_empty() {
            self.push(json!({ "role": role, "content": parts }), Of::Blocks(index, of), places);
        }
    }

    fn result(&mut self, block: &Value, of: Of, place: String) {
        let inner = format!("{place}/content");
        let (told, parts) = match &block["content"] {
            Value::Array(blocks) if !blocks.is_empty() => {
                let numbered = blocks.iter().cloned().enumerate();
                let all = numbered.flat_map(|(at, block)| parts_of(block, &format!("{inner}/{at}")));
                let (mut told, mut first, mut others) = (Vec::new(), Vec::new(), Vec::new());
                for (part, at) in all {
                    match is_text(&part) {
                        true => first.push(at),
                        false => others.push(vec![at]),
                    }
                    told.push(part);
                }
                if first.is_empty() {
                    // A new text goes into the result itself.
                    first.push(place);
                }
                let told = Value::Array(told);
                let joined = texts(&told).filter(|_| others.is_empty());
                let parts = std::iter::once(first).chain(others).collect();
                (joined.map_or(told, Value::from), parts)
            }
            Value::Null | Value::Array(_) => ("".into(), vec![vec![place]]),
            Value::String(text) => (text.as_str().into(), vec![vec![inner]]),
            other => (other.to_string().into(), vec![vec![inner]]),
        };
        let message = json!({ "role": "tool", "tool_call_id": block["tool_use_id"], "content": told });
        self.push(message, of, parts);
    }
}

/// Where the texts of a content stand.
fn places(content: &Value, pointer: &str) -> Vec<String> {
    match content {
        Value::Array(blocks) => (0..blocks.len()).map(|at| format!("{pointer}/{at}")).collect(),
        _ => vec![pointer.to_owned()],
    }
}
