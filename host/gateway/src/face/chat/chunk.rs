//! The events of a stream.

use pointsman::{Content, Delta, Spoken};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ChatUsage;
use super::call::{FunctionDelta, ToolDelta};
use super::lenient::{or_default, text, where_readable};

/// One event of a stream.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Chunk {
    #[serde(default, deserialize_with = "where_readable")]
    pub(crate) id: Option<String>,
    #[serde(default, deserialize_with = "where_readable")]
    pub(crate) object: Option<String>,
    #[serde(default, deserialize_with = "where_readable")]
    pub(crate) created: Option<u64>,
    #[serde(default, deserialize_with = "where_readable")]
    pub(crate) model: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) choices: Vec<ChunkChoice>,
    #[serde(
        default,
        deserialize_with = "where_readable",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) usage: Option<ChatUsage>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<Value>,
}

/// One choice's part in an event.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct ChunkChoice {
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) index: u32,
    #[serde(default)]
    pub(crate) delta: ChunkDelta,
    #[serde(default, deserialize_with = "text")]
    pub(crate) finish_reason: Option<String>,
}

/// What is new.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(try_from = "Value")]
pub(crate) struct ChunkDelta {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) role: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reasoning_content: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refusal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tool_calls: Option<Vec<ToolDelta>>,
    /// The one call that the oldest form knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) function_call: Option<FunctionDelta>,
    /// What is said and is no text, each as JSON. It is for checkers; no other form has a word for it.
    #[serde(skip_serializing)]
    pub(crate) other: Vec<String>,
}

/// The calls in a delta; what is said in it is read apart.
#[derive(Deserialize)]
struct Calls {
    #[serde(default, deserialize_with = "where_readable")]
    role: Option<String>,
    #[serde(default)]
    tool_calls: Option<Vec<ToolDelta>>,
    #[serde(default)]
    function_call: Option<FunctionDelta>,
}

impl TryFrom<Value> for ChunkDelta {
    type Error = serde_json::Error;

    fn try_from(delta: Value) -> Result<Self, serde_json::Error> {
        if delta.is_null() {
            return Ok(ChunkDelta::default());
        }
        let Spoken {
            reasoning,
            text,
            refusal,
            other,
        } = Spoken::of(&delta);
        let calls = Calls::deserialize(delta)?;
        Ok(ChunkDelta {
            role: calls.role,
            content: text,
            reasoning_content: reasoning,
            refusal,
            tool_calls: calls.tool_calls,
            function_call: calls.function_call,
            other,
        })
    }
}

impl Chunk {
    /// Whether it is there for the usage alone.
    pub(crate) fn is_only_usage(&self) -> bool {
        self.choices.is_empty() && self.usage.is_some()
    }

    /// What checkers are fed of it.
    pub(crate) fn deltas(&self, into: &mut Vec<Delta>) {
        for choice in &self.choices {
            let mut push = |content| {
                into.push(Delta {
                    choice: choice.index,
                    content,
                })
            };
            let delta = &choice.delta;
            if let Some(text) = delta.reasoning_content.as_ref().filter(|text| !text.is_empty()) {
                push(Content::Reasoning(text.clone()));
            }
            let texts = [&delta.content, &delta.refusal].into_iter().flatten();
            for text in texts.filter(|text| !text.is_empty()) {
                push(Content::Text(text.clone()));
            }
            for json in &delta.other {
                push(Content::Other(json.clone()));
            }
            let calls = delta.tool_calls.iter().flatten().map(ToolDelta::arguments);
            let oldest = delta.function_call.iter().map(|call| call.arguments.as_deref());
            for arguments in calls.chain(oldest).flatten() {
                push(Content::ToolArguments(arguments.to_owned()));
            }
            if let Some(reason) = &choice.finish_reason {
                push(Content::Finish(reason.clone()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use pointsman::Usage;
    use serde_json::json;

    use super::*;

    fn read(chunk: Value) -> (Chunk, Vec<Content>) {
        let chunk: Chunk = serde_json::from_value(chunk).unwrap();
        let mut deltas = Vec::new();
        chunk.deltas(&mut deltas);
        (chunk, deltas.into_iter().map(|delta| delta.content).collect())
    }

    fn fed(delta: Value) -> Vec<Content> {
        read(json!({ "choices": [{ "index": 0, "delta": delta }] })).1
    }

    #[test]
    fn an_event_is_read_however_a_server_writes_it() {
        let (text, thought) = (Content::Text("Hi".into()), Content::Reasoning("Hm".into()));
        assert_eq!(
            fed(json!({ "reasoning": "Hm", "reasoning_content": "Hm" })),
            std::slice::from_ref(&thought)
        );
        let parts = json!([
            { "type": "thinking", "thinking": [{ "type": "text", "text": "Hm" }] }, { "type": "text", "text": "Hi" },
        ]);
        assert_eq!(
            fed(json!({ "role": "assistant", "content": parts })),
            [thought, text.clone()]
        );
        let (chunk, deltas) = read(json!({
            "id": 7, "created": 1.5, "usage": { "prompt_tokens": null, "completion_tokens": 3 },
            "choices": [{ "index": null, "delta": { "content": "Hi", "tool_calls": null }, "finish_reason": null }],
        }));
        assert_eq!((deltas, chunk.usage.is_none()), (vec![text], true));
        let (chunk, _) = read(json!({ "choices": null, "usage": { "prompt_tokens": 2, "completion_tokens": 3 } }));
        assert_eq!(chunk.usage.map(Usage::from).map(|usage| usage.output_tokens), Some(3));
        assert_eq!(fed(Value::Null), []);
    }

    #[test]
    fn what_cannot_be_read_as_text_is_fed_as_it_is() {
        assert_eq!(
            fed(json!({ "content": { "a": 1 } })),
            [Content::Other("{\"a\":1}".into())]
        );
        let call = |call: Value| fed(json!({ "tool_calls": [call] }));
        let object = json!({ "index": 0, "function": { "name": "look", "arguments": { "at": 1 } } });
        assert_eq!(call(object), [Content::ToolArguments("{\"at\":1}".into())]);
    }

    #[test]
    fn calls_of_every_kind_are_fed() {
        let custom = json!({ "index": 0, "type": "custom", "custom": { "input": "*** Begin" } });
        assert_eq!(
            fed(json!({ "tool_calls": [custom] })),
            [Content::ToolArguments("*** Begin".into())]
        );
        let oldest = json!({ "function_call": { "name": "look", "arguments": "{}" } });
        assert_eq!(fed(oldest), [Content::ToolArguments("{}".into())]);
    }
}
