//! From one raw message of the chat API to roles and parts. Nothing is thrown away: what has no word here becomes
//! [`Part::Other`], and the raw message is kept beside it.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::RequestError;
use super::content::Parts;
use super::error::words;
use super::message::{Message, Part, PartSource, Role, ToolCall};

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(borrow)]
    role: Cow<'a, str>,
    #[serde(borrow, default)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    content: Option<&'a RawValue>,
    #[serde(borrow, default)]
    tool_calls: Option<Vec<WireCall<'a>>>,
    #[serde(borrow, default)]
    function_call: Option<WireFunction<'a>>,
    #[serde(borrow, default)]
    tool_call_id: Option<Cow<'a, str>>,
    #[serde(default)]
    refusal: Option<String>,
    #[serde(default)]
    reasoning_content: Option<String>,
}

#[derive(Deserialize)]
struct WireCall<'a> {
    #[serde(borrow, default)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    function: Option<WireFunction<'a>>,
    #[serde(borrow, default)]
    custom: Option<WireFunction<'a>>,
}

#[derive(Deserialize)]
struct WireFunction<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(default, alias = "input")]
    arguments: String,
}

/// Reads one message; `index` is its place, for errors.
pub(crate) fn message(index: usize, raw: Box<RawValue>) -> Result<Message, RequestError> {
    let bad = |message: String| RequestError::Message { index, message };
    let wire: Wire<'_> = serde_json::from_str(raw.get()).map_err(|error| bad(words(&error)))?;
    let role = match wire.role.as_ref() {
        "system" => Role::System,
        "developer" => Role::Developer,
        "user" => Role::User,
        "assistant" => Role::Assistant,
        "tool" | "function" => Role::Tool,
        other => {
            return Err(RequestError::UnknownRole {
                index,
                role: other.to_owned(),
            });
        }
    };
    let mut parts = Parts::default();
    if let Some(text) = wire.reasoning_content {
        parts.push(Part::Reasoning(text), PartSource::Field("reasoning_content"));
    }
    if role == Role::Tool {
        // The old `function` role names the function instead of a call.
        let call_id = wire
            .tool_call_id
            .or_else(|| wire.name.clone())
            .unwrap_or_default()
            .into_owned();
        parts.result(call_id, wire.content).map_err(bad)?;
    } else if let Some(content) = wire.content {
        parts.content(content).map_err(bad)?;
    }
    if let Some(text) = wire.refusal {
        parts.push(Part::Refusal(text), PartSource::Field("refusal"));
    }
    for (item, call) in wire.tool_calls.into_iter().flatten().enumerate() {
        let function = call.function.or(call.custom);
        let (name, arguments) = function.map(|f| (f.name.into_owned(), f.arguments)).unwrap_or_default();
        let id = call.id.unwrap_or_default().into_owned();
        parts.push(
            Part::ToolCall(ToolCall { id, name, arguments }),
            PartSource::ToolCall(item),
        );
    }
    if let Some(call) = wire.function_call {
        let name = call.name.into_owned();
        let call = ToolCall {
            id: name.clone(),
            name,
            arguments: call.arguments,
        };
        parts.push(Part::ToolCall(call), PartSource::Field("function_call"));
    }
    let name = wire.name.map(Cow::into_owned);
    let digest = xxhash_rust::xxh3::xxh3_128(raw.get().as_bytes());
    Ok(Message {
        role,
        name,
        parts: parts.parts,
        sources: parts.sources,
        raw,
        digest,
        origin: None,
        kept: None,
    })
}
