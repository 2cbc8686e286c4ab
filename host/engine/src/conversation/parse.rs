//! From one raw message of the chat API to roles and parts. Nothing is thrown away: what has no word here becomes
//! [`Part::Other`], and the raw message is kept beside it.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::message::{Media, MediaSource, Message, Part, PartSource, Role, ToolCall, ToolResult};

/// Why a request cannot be taken. Messages are counted from 0.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The text is not JSON, or not of the expected form.
    #[error("the request is not valid JSON of the chat form: {0}")]
    Json(#[from] serde_json::Error),
    /// There is no list of messages.
    #[error("the request has no `messages`: give a list of at least one message")]
    NoMessages,
    /// A message is not of the expected form.
    #[error("messages[{index}]: {message}")]
    Message {
        /// Which message.
        index: usize,
        /// What was expected and what was found.
        message: String,
    },
    /// A field stands in the request twice.
    #[error("`{field}` stands in the request twice: keep one, so that everybody reads the same")]
    Twice {
        /// The field's name.
        field: String,
    },
    /// A message has a role that the chat API does not know.
    #[error(
        "messages[{index}].role: unknown role `{role}`, expected one of system, developer, user, assistant, tool, function"
    )]
    UnknownRole {
        /// Which message.
        index: usize,
        /// The role as it was spelt.
        role: String,
    },
    /// A tool result answers no earlier call.
    #[error(
        "messages[{index}]: the tool result for call `{call_id}` answers no earlier tool call: send the assistant message that made the call, or leave the result out"
    )]
    OrphanedToolResult {
        /// Which message.
        index: usize,
        /// The call that it names.
        call_id: String,
    },
    /// The messages are larger than this engine takes.
    #[error(
        "the messages have {bytes} bytes, more than the limit of {limit}: shorten them, or raise `limits.request-bytes`"
    )]
    TooLarge {
        /// Bytes of all messages.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// There are more messages than this engine takes.
    #[error(
        "there are {count} messages, more than the limit of {most}: shorten the conversation, or raise `limits.messages`"
    )]
    TooMany {
        /// Messages there are.
        count: usize,
        /// The limit.
        most: usize,
    },
    /// A field beside the messages is not of the expected form.
    #[error("`{field}`: {message}")]
    Field {
        /// The field's name.
        field: &'static str,
        /// What was expected and what was found.
        message: String,
    },
}

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
    let wire: Wire<'_> = serde_json::from_str(raw.get()).map_err(|error| bad(error.to_string()))?;
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
        let text = wire
            .content
            .map(tool_text)
            .transpose()
            .map_err(bad)?
            .unwrap_or_default();
        parts.push(Part::ToolResult(ToolResult { call_id, text }), PartSource::Content);
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
    })
}

#[derive(Default)]
struct Parts {
    parts: Vec<Part>,
    sources: Vec<PartSource>,
}

impl Parts {
    fn push(&mut self, part: Part, source: PartSource) {
        self.parts.push(part);
        self.sources.push(source);
    }

    fn content(&mut self, content: &RawValue) -> Result<(), String> {
        match content.get().as_bytes().first() {
            Some(b'"') => self.push(Part::Text(string(content)?), PartSource::Content),
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(content.get()).map_err(|e| format!("content: {e}"))?;
                for (at, item) in items.into_iter().enumerate() {
                    let part = item_part(item).map_err(|e| format!("content[{at}]: {e}"))?;
                    self.push(part, PartSource::Item(at));
                }
            }
            Some(b'n') => {}
            _ => return Err("content: expected a string, a list of parts or null".to_owned()),
        }
        Ok(())
    }
}

fn string(raw: &RawValue) -> Result<String, String> {
    serde_json::from_str(raw.get()).map_err(|error| format!("content: {error}"))
}

/// A tool's result: a string, or the texts of a list of parts.
fn tool_text(content: &RawValue) -> Result<String, String> {
    let mut parts = Parts::default();
    parts.content(content)?;
    let texts: Vec<String> = parts
        .parts
        .into_iter()
        .filter_map(|p| if let Part::Text(t) = p { Some(t) } else { None })
        .collect();
    Ok(texts.join("\n"))
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    refusal: Option<String>,
    #[serde(borrow, default)]
    image_url: Option<ItemUrl<'a>>,
    #[serde(borrow, default)]
    input_audio: Option<ItemAudio<'a>>,
    #[serde(borrow, default)]
    file: Option<ItemFile<'a>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ItemUrl<'a> {
    Object {
        #[serde(borrow)]
        url: Cow<'a, str>,
    },
    Plain(#[serde(borrow)] Cow<'a, str>),
}

#[derive(Deserialize)]
struct ItemAudio<'a> {
    #[serde(borrow, default)]
    data: Cow<'a, str>,
    #[serde(borrow, default)]
    format: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct ItemFile<'a> {
    #[serde(borrow, default)]
    file_id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    file_data: Option<Cow<'a, str>>,
}

fn item_part(raw: &RawValue) -> Result<Part, String> {
    let item: Item<'_> = serde_json::from_str(raw.get()).map_err(|error| error.to_string())?;
    let other = || Part::Other(raw.get().to_owned());
    let kind = item.kind.clone();
    Ok(match (kind.as_ref(), item) {
        ("text" | "input_text" | "output_text", Item { text: Some(text), .. }) => Part::Text(text),
        (
            "refusal",
            Item {
                refusal: Some(text), ..
            },
        ) => Part::Refusal(text),
        (
            "image_url",
            Item {
                image_url: Some(ItemUrl::Object { url } | ItemUrl::Plain(url)),
                ..
            },
        ) => Part::Image(at_url(&url)),
        (
            "input_audio",
            Item {
                input_audio: Some(audio),
                ..
            },
        ) => Part::Audio(Media {
            media_type: audio.format.map(|format| format!("audio/{format}")),
            source: MediaSource::Inline(audio.data.len() as u64),
        }),
        ("file", Item { file: Some(file), .. }) => Part::File(Media {
            media_type: None,
            source: match (file.file_id, file.file_data) {
                (Some(id), _) => MediaSource::FileId(id.into_owned()),
                (None, Some(data)) => MediaSource::Inline(data.len() as u64),
                (None, None) => MediaSource::Other(raw.get().to_owned()),
            },
        }),
        _ => other(),
    })
}

/// An address, or the size and type of a `data:` address: its bytes stay in the request.
fn at_url(url: &str) -> Media {
    let Some(data) = url.strip_prefix("data:") else {
        return Media {
            media_type: None,
            source: MediaSource::Url(url.to_owned()),
        };
    };
    let (head, body) = data.split_once(',').unwrap_or((data, ""));
    let media_type = head.split(';').next().filter(|t| !t.is_empty()).map(str::to_owned);
    Media {
        media_type,
        source: MediaSource::Inline(body.len() as u64),
    }
}
