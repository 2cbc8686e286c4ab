//! What makes up one message of the assistant: items of this form stand alone.

use serde_json::{Value, json};

use super::super::content::parts_of;
use super::Read;
use crate::translate::changes::{Of, Origin};

impl Read {
    /// The last message where it is the assistant's, to be gone on with.
    pub(super) fn assistant(&mut self) -> (&mut Value, &mut Origin) {
        if self.messages.last().is_none_or(|last| last["role"] != "assistant") {
            self.messages.push(json!({ "role": "assistant", "content": null }));
            self.origins.push(Origin {
                of: Of::Items(Vec::new()),
                parts: Vec::new(),
            });
        }
        let at = self.messages.len() - 1;
        (&mut self.messages[at], &mut self.origins[at])
    }

    /// Notes that the last message has a further part, before its calls.
    pub(super) fn go_on(&mut self, item: usize, place: String) {
        let (message, origin) = self.assistant();
        let calls = message["tool_calls"].as_array().map_or(0, Vec::len);
        origin.parts.insert(origin.parts.len() - calls, vec![place]);
        if let Of::Items(items) = &mut origin.of
            && items.last() != Some(&item)
        {
            items.push(item);
        }
    }

    /// A call joins the assistant's message that it belongs to.
    pub(super) fn call(&mut self, index: usize, call: Value) {
        self.calls.extend(call["id"].as_str().map(str::to_owned));
        let (message, origin) = self.assistant();
        match message.get_mut("tool_calls").and_then(Value::as_array_mut) {
            Some(calls) => calls.push(call),
            None => message["tool_calls"] = json!([call]),
        }
        origin.parts.push(vec![format!("/input/{index}")]);
        if let Of::Items(items) = &mut origin.of {
            items.push(index);
        }
    }

    /// What the model's provider did, which only that provider knows what to make of.
    pub(super) fn other(&mut self, index: usize, kind: &str, item: Value) {
        self.leave_out(kind);
        self.go_on(index, format!("/input/{index}"));
        let (message, _) = self.assistant();
        let said = message["content"].take();
        message["content"] = parts_of(said).into_iter().chain([item]).collect();
    }
}
