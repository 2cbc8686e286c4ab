//! One message and its parts.

use serde_json::value::RawValue;

use super::RequestError;

/// Who speaks in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Role {
    /// Instructions of the service.
    System,
    /// Instructions of the developer.
    Developer,
    /// The person who asks.
    User,
    /// The model that answers.
    Assistant,
    /// The result of a tool.
    Tool,
}

impl Role {
    /// The role in the word of the chat API.
    pub fn as_str(&self) -> &'static str {
        match self {
            Role::System => "system",
            Role::Developer => "developer",
            Role::User => "user",
            Role::Assistant => "assistant",
            Role::Tool => "tool",
        }
    }
}

/// The assistant asks for a tool to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolCall {
    /// Ties the call to its results.
    pub id: String,
    /// The tool's name.
    pub name: String,
    /// The arguments as the model wrote them.
    pub arguments: String,
}

/// What a tool returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolResult {
    /// The call that it answers.
    pub call_id: String,
    /// The result as text.
    pub text: String,
}

/// Where the bytes of an image, a recording or a file are.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MediaSource {
    /// An address.
    Url(String),
    /// In the request itself: bytes of its encoded form.
    Inline(u64),
    /// An identifier known to the provider.
    FileId(String),
    /// Anything else, as JSON.
    Other(String),
}

/// A part that is not text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// Such as `image/png`, where the request says it.
    pub media_type: Option<String>,
    /// Where the bytes are.
    pub source: MediaSource,
}

/// One piece of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// Plain text.
    Text(String),
    /// The model's own reasoning.
    Reasoning(String),
    /// A refusal that the provider marked as one.
    Refusal(String),
    /// A picture.
    Image(Media),
    /// A recording.
    Audio(Media),
    /// A document.
    File(Media),
    /// A request to run a tool.
    ToolCall(ToolCall),
    /// The result of a tool.
    ToolResult(ToolResult),
    /// Anything else, as JSON.
    Other(String),
}

impl Part {
    /// The kind in the contract's word.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Part::Text(_) => "text",
            Part::Reasoning(_) => "reasoning",
            Part::Refusal(_) => "refusal",
            Part::Image(_) => "image",
            Part::Audio(_) => "audio",
            Part::File(_) => "file",
            Part::ToolCall(_) => "tool-call",
            Part::ToolResult(_) => "tool-result",
            Part::Other(_) => "other",
        }
    }
}

/// Where in the raw message a part stands, so that an edit finds it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) enum PartSource {
    /// `content` itself: a string, or all texts of a tool's result.
    Content,
    /// An item of `content`.
    Item(usize),
    /// An item of `tool_calls`, or `function_call`.
    ToolCall(usize),
    /// A field beside the content, such as `refusal`.
    Field(&'static str),
}

/// One message: its parts for policies, and its raw JSON for the provider.
#[derive(Debug)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// The speaker's name.
    pub name: Option<String>,
    /// The body in the order of the request.
    pub parts: Vec<Part>,
    pub(crate) sources: Vec<PartSource>,
    pub(crate) raw: Box<RawValue>,
    pub(crate) digest: u128,
    pub(crate) origin: Option<usize>,
    /// For each part that is left, its number before some were dropped; `None` where none was.
    pub(crate) kept: Option<Box<[usize]>>,
}

impl Message {
    /// Reads a message of the chat form, as it stands in a request.
    ///
    /// # Errors
    /// It is none.
    pub fn from_value(message: &serde_json::Value) -> Result<Self, RequestError> {
        super::parse::message(0, serde_json::value::to_raw_value(message)?)
    }

    /// The message as it stands in the request, byte for byte.
    pub fn raw(&self) -> &str {
        self.raw.get()
    }

    /// The place in the request of the message that this one is, or was before policies changed it; `None` for one that a
    /// policy wrote.
    pub fn origin(&self) -> Option<usize> {
        self.origin
    }

    /// The number that a part had in the message as it came with the request.
    pub fn part_origin(&self, part: usize) -> Option<usize> {
        match &self.kept {
            Some(kept) => kept.get(part).copied(),
            None => (part < self.parts.len()).then_some(part),
        }
    }

    /// The text parts, joined by line feeds.
    pub fn text(&self) -> String {
        let mut texts = self.texts();
        let first = texts.next().unwrap_or_default().to_owned();
        texts.fold(first, |mut all, text| {
            all.push('\n');
            all.push_str(text);
            all
        })
    }

    /// Bytes of [`Message::text`].
    pub fn text_bytes(&self) -> usize {
        let (count, bytes) = self
            .texts()
            .fold((0, 0), |(count, bytes), text| (count + 1, bytes + text.len()));
        bytes + usize::saturating_sub(count, 1)
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            Part::ToolResult(result) => Some(result.text.as_str()),
            _ => None,
        })
    }
}
