//! The items of a conversation in the responses form, as messages of the chat form.

mod assistant;
mod output;

use std::collections::HashSet;

use serde_json::{Value, json};

use super::content::{content, parts_of, places};
use crate::problem::Problem;
use crate::translate::changes::{Of, Origin};

/// Items in the chat form. Those that it has no word for stand in it as they are: guards are to see all that a provider will.
#[derive(Default)]
pub(super) struct Read {
    pub(super) messages: Vec<Value>,
    pub(super) origins: Vec<Origin>,
    /// What the chat form has no word for.
    pub(super) left_out: Vec<String>,
    /// What stands for something that only the provider keeps.
    pub(super) only_there: Option<String>,
    /// Calls whose results may follow.
    calls: HashSet<String>,
}

impl Read {
    /// The field `instructions`.
    pub(super) fn instructions(&mut self, words: &str) {
        self.messages.push(json!({ "role": "system", "content": words }));
        self.origins.push(Origin {
            of: Of::Instructions,
            parts: vec![vec!["/instructions".to_owned()]],
        });
    }

    /// The field `input`. `kept` says whether the provider keeps what went before.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub(super) fn input(&mut self, input: Value, kept: bool) -> Result<(), Problem> {
        let wrong = |message: String| Problem {
            param: Some("input"),
            ..Problem::request(message)
        };
        let items = match input {
            Value::String(text) => {
                let message = json!({ "role": "user", "content": text });
                self.push(message, 0, vec![vec!["/input".to_owned()]]);
                return Ok(());
            }
            Value::Array(items) => items,
            Value::Null => return Err(wrong("`input` is missing: give a text or a list of items".to_owned())),
            _ => return Err(wrong("`input`: expected a text or a list of items".to_owned())),
        };
        for (index, item) in items.into_iter().enumerate() {
            let kind = match (item["type"].as_str(), item["role"].is_string()) {
                (Some(kind), _) => kind.to_owned(),
                (None, true) => "message".to_owned(),
                (None, false) => return Err(wrong(format!("input[{index}]: it has neither a type nor a role"))),
            };
            self.item(index, &kind, item, kept)
                .map_err(|why| wrong(format!("input[{index}]{why}")))?;
        }
        Ok(())
    }

    fn item(&mut self, index: usize, kind: &str, item: Value, kept: bool) -> Result<(), String> {
        match kind {
            "message" => self.message(index, &item)?,
            "function_call" => self.call(
                index,
                json!({
                    "id": item["call_id"],
                    "type": "function",
                    "function": { "name": item["name"], "arguments": item["arguments"] },
                }),
            ),
            "custom_tool_call" => self.call(
                index,
                json!({
                    "id": item["call_id"],
                    "type": "custom",
                    "custom": { "name": item["name"], "input": item["input"] },
                }),
            ),
            "item_reference" => self.only_there = Some("input items of type item_reference".to_owned()),
            other if other.ends_with("_output") => self.output(index, other, item, kept)?,
            // A call of a tool that the client runs, whose result follows.
            other if other.ends_with("_call") && item["call_id"].is_string() => {
                let mut asked = item.clone();
                if let Some(fields) = asked.as_object_mut() {
                    fields.retain(|name, _| !matches!(name.as_str(), "type" | "id" | "call_id" | "status"));
                }
                let function = json!({ "name": other.trim_end_matches("_call"), "arguments": asked.to_string() });
                self.call(
                    index,
                    json!({ "id": item["call_id"], "type": "function", "function": function }),
                );
            }
            other if other.ends_with("_response") => {
                let message = json!({ "role": "tool", "content": [item] });
                self.leave_out(other);
                self.push(message, index, vec![vec![format!("/input/{index}")]]);
            }
            other => self.other(index, other, item),
        }
        Ok(())
    }

    fn push(&mut self, message: Value, item: usize, parts: Vec<Vec<String>>) {
        self.messages.push(message);
        self.origins.push(Origin {
            of: Of::Items(vec![item]),
            parts,
        });
    }

    fn message(&mut self, index: usize, item: &Value) -> Result<(), String> {
        if matches!(item["role"].as_str(), Some("tool" | "function")) {
            return Err(".role: what a tool returned is an item of type function_call_output".to_owned());
        }
        let content = content(&item["content"]).map_err(|why| format!(".content{why}"))?;
        let places = places(&content, &format!("/input/{index}/content"));
        // What its provider's tools did before it spoke belongs to what it said.
        let begun = self.messages.last().is_some_and(|last| {
            let silent = |part: &Value| part["type"] != "text" && part["type"] != "refusal";
            let parts = last["content"].as_array();
            last["role"] == "assistant"
                && last["tool_calls"].is_null()
                && parts.is_some_and(|all| all.iter().all(silent))
        });
        if begun && item["role"] == "assistant" {
            places.into_iter().flatten().for_each(|place| self.go_on(index, place));
            let (message, _) = self.assistant();
            if let Some(parts) = message["content"].as_array_mut() {
                parts.extend(parts_of(content));
            }
        } else {
            self.push(json!({ "role": item["role"], "content": content }), index, places);
        }
        Ok(())
    }

    fn leave_out(&mut self, kind: &str) {
        let name = format!("input items of type {}", &kind[..kind.floor_char_boundary(40)]);
        if !self.left_out.contains(&name) {
            self.left_out.push(name);
        }
    }
}
