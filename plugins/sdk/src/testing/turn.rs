//! The turn of a unit test: the same methods as the host's, on plain data.
use std::collections::BTreeSet;

use super::surroundings::estimate;
use crate::{
    Candidate, Memory, Message, Outline, Part, Previous, RequestedLimits, ResponseFormat, Role, TokenCount,
    ToolDefinition,
};

/// One turn: a request of a conversation, with everything that a decision may rest on.
///
/// Indexes count messages from 0. Ranges are half open and are cut to what exists, so a range past the end is shorter
/// or empty, and an index past the end is `None`.
///
/// In Wasm this is a handle that the host lends for one call, and every method is a call of the host; natively
/// [`testing::turn`](crate::testing::turn) builds it.
#[derive(Debug)]
pub struct Turn {
    pub(super) messages: Vec<Message>,
    /// Each message as JSON, by the same index.
    pub(super) raw: Vec<String>,
    pub(super) tools: Vec<ToolDefinition>,
    pub(super) response_format: ResponseFormat,
    pub(super) limits: RequestedLimits,
    pub(super) candidates: Vec<Candidate>,
    pub(super) model: Option<String>,
    pub(super) previous: Option<Previous>,
    pub(super) memory: Option<Memory>,
    /// Sorted by name.
    pub(super) attributes: Vec<(String, String)>,
    pub(super) tenant_settings: Option<String>,
}

impl Turn {
    /// Messages in the conversation.
    pub fn length(&self) -> u32 {
        u32::try_from(self.messages.len()).unwrap_or(u32::MAX)
    }

    /// One message.
    pub fn message(&self, index: u32) -> Option<Message> {
        self.messages.get(index as usize).cloned()
    }

    /// The messages of `start..end`. One call for many is several times cheaper than many calls.
    pub fn messages(&self, start: u32, end: u32) -> Vec<Message> {
        self.range(start, end).to_vec()
    }

    /// The messages of `start..end` without their bodies.
    pub fn outlines(&self, start: u32, end: u32) -> Vec<Outline> {
        self.range(start, end)
            .iter()
            .map(|message| message.outline.clone())
            .collect()
    }

    /// A message's text parts and tool results, joined by line feeds.
    pub fn text(&self, index: u32) -> Option<String> {
        self.messages.get(index as usize).map(Message::text)
    }

    /// The same for all messages of `start..end`.
    pub fn texts(&self, start: u32, end: u32) -> Vec<String> {
        self.range(start, end).iter().map(Message::text).collect()
    }

    /// A message as JSON, with every field of the request.
    pub fn raw(&self, index: u32) -> Option<String> {
        self.raw.get(index as usize).cloned()
    }

    /// The index of the last message of this role; `None` where there is none.
    pub fn last(&self, role: &Role) -> Option<u32> {
        let place = self
            .messages
            .iter()
            .rposition(|message| message.outline.role == *role)?;
        u32::try_from(place).ok()
    }

    /// The number of the tool exchange that a message belongs to.
    pub fn exchange(&self, index: u32) -> Option<u32> {
        self.messages.get(index as usize)?.outline.exchange
    }

    /// The kinds of parts that stand in some message, as the contract names the cases of a part, each once and sorted.
    pub fn part_kinds(&self) -> Vec<String> {
        let kinds: BTreeSet<_> = self
            .messages
            .iter()
            .flat_map(|message| &message.parts)
            .map(kind)
            .collect();
        kinds.into_iter().map(str::to_owned).collect()
    }

    /// Tokens of all messages, counted for the chosen model, or before routing for the first candidate.
    pub fn tokens(&self) -> TokenCount {
        let tokens = self
            .messages
            .iter()
            .fold(0, |sum: u32, m| sum.saturating_add(m.outline.count.tokens));
        TokenCount { tokens, ..estimate(0) }
    }

    /// Whether [`Turn::tokens`] is at most this many. Where the messages are too short for more in any case, the host counts
    /// nothing: ask this where only a limit matters.
    pub fn at_most(&self, tokens: u32) -> bool {
        self.tokens().tokens <= tokens
    }

    /// Tools that the request offers.
    pub fn tools(&self) -> Vec<ToolDefinition> {
        self.tools.clone()
    }

    /// The form in which the reply is asked for.
    pub fn response_format(&self) -> ResponseFormat {
        self.response_format.clone()
    }

    /// What this turn may take.
    pub fn limits(&self) -> RequestedLimits {
        self.limits
    }

    /// The models to choose among, in the operator's order. Never empty while the host routes.
    pub fn candidates(&self) -> Vec<Candidate> {
        self.candidates.clone()
    }

    /// The model that was chosen: `None` before and during routing.
    pub fn model(&self) -> Option<String> {
        self.model.clone()
    }

    /// What was decided on the turn before; `None` on a first turn, or where it is not known.
    pub fn previous(&self) -> Option<Previous> {
        self.previous.clone()
    }

    /// What this slot asked to remember on an earlier turn of this conversation.
    pub fn memory(&self) -> Option<Memory> {
        self.memory.clone()
    }

    /// One attribute of the request, such as `tenant`, `user-tier` or `tag`.
    pub fn attribute(&self, name: &str) -> Option<String> {
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
    }

    /// All attributes, sorted by name.
    pub fn attributes(&self) -> Vec<(String, String)> {
        self.attributes.clone()
    }

    /// The tenant's own settings for this slot as JSON; `None` where there are none.
    pub fn tenant_settings(&self) -> Option<String> {
        self.tenant_settings.clone()
    }

    fn range(&self, start: u32, end: u32) -> &[Message] {
        let end = (end as usize).min(self.messages.len());
        self.messages.get(start as usize..end).unwrap_or_default()
    }
}

fn kind(part: &Part) -> &'static str {
    match part {
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

/// Bytes of everything in a part that a model would read; media are not counted.
pub(super) fn bytes(part: &Part) -> usize {
    match part {
        Part::Text(text) | Part::Reasoning(text) | Part::Refusal(text) | Part::Other(text) => text.len(),
        Part::ToolCall(call) => call.name.len() + call.arguments.len(),
        Part::ToolResult(result) => result.text.len(),
        Part::Image(_) | Part::Audio(_) | Part::File(_) => 0,
    }
}
