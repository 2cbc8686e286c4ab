//! An item of a response's output that is being written.

use serde_json::{Value, json};

use super::reply::output_text;
use crate::face::chat::ToolDelta;

/// An item, and its text so far.
pub(super) struct Item {
    pub(super) kind: Kind,
    pub(super) json: Value,
    pub(super) text: String,
}

/// What an item holds. Of tools, each call is another kind.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Reasoning,
    Text,
    Refusal,
    Function(u32),
    Custom(u32),
}

impl Kind {
    /// Which kind of call a piece belongs to, after one that is open.
    pub(super) fn of_call(call: &ToolDelta, open: Option<Kind>) -> Self {
        let custom = match (&call.function, &call.custom) {
            (Some(_), _) => false,
            (None, Some(_)) => true,
            (None, None) => call.kind.as_deref() == Some("custom") || open == Some(Kind::Custom(call.index)),
        };
        match custom {
            true => Kind::Custom(call.index),
            false => Kind::Function(call.index),
        }
    }

    pub(super) fn is_call(self) -> bool {
        matches!(self, Kind::Function(_) | Kind::Custom(_))
    }

    /// What the events of its pieces begin with.
    pub(super) fn event(self) -> &'static str {
        match self {
            Kind::Reasoning => "response.reasoning_text",
            Kind::Text => "response.output_text",
            Kind::Refusal => "response.refusal",
            Kind::Function(_) => "response.function_call_arguments",
            Kind::Custom(_) => "response.custom_tool_call_input",
        }
    }

    /// Where its text stands, in the event that ends it and in an item that is a call.
    pub(super) fn field(self) -> &'static str {
        match self {
            Kind::Reasoning | Kind::Text => "text",
            Kind::Refusal => "refusal",
            Kind::Function(_) => "arguments",
            Kind::Custom(_) => "input",
        }
    }

    /// A whole text, as the item's only part; none, where the item has no parts.
    pub(super) fn part(self, text: &str) -> Option<Value> {
        match self {
            Kind::Reasoning => Some(json!({ "type": "reasoning_text", "text": text })),
            Kind::Text => Some(output_text(text)),
            Kind::Refusal => Some(json!({ "type": "refusal", "refusal": text })),
            Kind::Function(_) | Kind::Custom(_) => None,
        }
    }

    /// The item before it has a text: the one at this place in the output of the response `id`.
    pub(super) fn begun(self, at: usize, id: &str, call: Option<&ToolDelta>) -> Item {
        let (call_id, name) = (call.and_then(|call| call.id.as_deref()), call.and_then(ToolDelta::name));
        let json = match self {
            Kind::Reasoning => {
                json!({ "type": "reasoning", "id": format!("rs_{at}_{id}"), "summary": [], "content": [] })
            }
            Kind::Text | Kind::Refusal => json!({
                "type": "message", "id": format!("msg_{at}_{id}"), "role": "assistant", "content": [],
            }),
            Kind::Function(_) => json!({
                "type": "function_call", "id": format!("fc_{at}_{id}"), "arguments": "", "call_id": call_id, "name": name,
            }),
            Kind::Custom(_) => json!({
                "type": "custom_tool_call", "id": format!("ctc_{at}_{id}"), "input": "", "call_id": call_id, "name": name,
            }),
        };
        Item {
            kind: self,
            json,
            text: String::new(),
        }
    }
}
