//! Builds a turn, message by message.
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    surroundings::estimate,
    turn::{Turn, bytes},
};
use crate::{
    Candidate, Media, MediaSource, Memory, Message, Outline, Part, Previous, RequestedLimits, ResponseFormat, Role,
    ToolCall, ToolDefinition, ToolResult,
};

/// Begins a turn without messages, candidates or limits.
pub fn turn() -> TurnBuilder {
    TurnBuilder {
        drafts: Vec::new(),
        tools: Vec::new(),
        response_format: ResponseFormat::Text,
        limits: RequestedLimits::default(),
        candidates: Vec::new(),
        model: None,
        previous: None,
        memory: None,
        attributes: BTreeMap::new(),
        tenant_settings: None,
    }
}

/// A turn in the making; [`build`](Self::build) ends it.
#[derive(Debug)]
#[must_use]
pub struct TurnBuilder {
    drafts: Vec<Draft>,
    tools: Vec<ToolDefinition>,
    response_format: ResponseFormat,
    limits: RequestedLimits,
    candidates: Vec<Candidate>,
    model: Option<String>,
    previous: Option<Previous>,
    memory: Option<Memory>,
    attributes: BTreeMap<String, String>,
    tenant_settings: Option<String>,
}

/// A message before its place in the conversation is known.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) role: Role,
    pub(super) name: Option<String>,
    pub(super) parts: Vec<Part>,
    /// The request's own JSON, where there is one.
    pub(super) raw: Option<String>,
}

impl TurnBuilder {
    /// A message of the service's instructions.
    pub fn system(self, text: impl Into<String>) -> Self {
        self.message(Role::System, vec![Part::Text(text.into())])
    }

    /// A message of the person who asks.
    pub fn user(self, text: impl Into<String>) -> Self {
        self.message(Role::User, vec![Part::Text(text.into())])
    }

    /// A message of the model.
    pub fn assistant(self, text: impl Into<String>) -> Self {
        self.message(Role::Assistant, vec![Part::Text(text.into())])
    }

    /// The model asks for a tool. Calls one after the other are parts of one message, and so is a text just before.
    pub fn tool_call(mut self, id: &str, name: &str, arguments: &str) -> Self {
        let call = ToolCall {
            id: id.to_owned(),
            name: name.to_owned(),
            arguments: arguments.to_owned(),
        };
        match self.drafts.last_mut() {
            Some(last) if last.role == Role::Assistant => last.parts.push(Part::ToolCall(call)),
            _ => self = self.message(Role::Assistant, vec![Part::ToolCall(call)]),
        }
        self
    }

    /// A tool's answer to the call of this id.
    pub fn tool_result(self, call_id: &str, text: impl Into<String>) -> Self {
        let result = ToolResult {
            call_id: call_id.to_owned(),
            text: text.into(),
            is_error: false,
        };
        self.message(Role::Tool, vec![Part::ToolResult(result)])
    }

    /// Any other message.
    pub fn message(self, role: Role, parts: Vec<Part>) -> Self {
        self.draft(Draft {
            role,
            name: None,
            parts,
            raw: None,
        })
    }

    /// Gives the speaker of the last message a name.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        if let Some(last) = self.drafts.last_mut() {
            last.name = Some(name.into());
        }
        self
    }

    pub(super) fn draft(mut self, draft: Draft) -> Self {
        self.drafts.push(draft);
        self
    }

    /// One more tool that the request offers; its parameters are JSON Schema.
    pub fn tool(mut self, name: &str, description: &str, parameters: &str) -> Self {
        self.tools.push(ToolDefinition {
            name: name.to_owned(),
            description: description.to_owned(),
            parameters: parameters.to_owned(),
        });
        self
    }

    /// The form in which the reply is asked for; free text where nothing else is said.
    pub fn response_format(self, response_format: ResponseFormat) -> Self {
        Self {
            response_format,
            ..self
        }
    }

    /// What this turn may take; nothing is known where nothing is said.
    pub fn limits(self, limits: RequestedLimits) -> Self {
        Self { limits, ..self }
    }

    /// The models to choose among: names, or whole candidates.
    pub fn candidates<C: Into<Candidate>>(self, candidates: impl IntoIterator<Item = C>) -> Self {
        Self {
            candidates: candidates.into_iter().map(Into::into).collect(),
            ..self
        }
    }

    /// The model that was chosen.
    pub fn model(self, model: impl Into<String>) -> Self {
        Self {
            model: Some(model.into()),
            ..self
        }
    }

    /// What was decided on the turn before.
    pub fn previous(self, previous: Previous) -> Self {
        Self {
            previous: Some(previous),
            ..self
        }
    }

    /// What the slot remembers of this conversation.
    pub fn memory(self, memory: Memory) -> Self {
        Self {
            memory: Some(memory),
            ..self
        }
    }

    /// One more attribute of the request.
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.attributes.insert(name.into(), value.into());
        self
    }

    /// The tenant's own settings for this slot, as JSON.
    pub fn tenant_settings(self, json: impl Into<String>) -> Self {
        Self {
            tenant_settings: Some(json.into()),
            ..self
        }
    }

    /// Ends the turn: numbers its messages, estimates their tokens, ties tool exchanges and locks what the host locks.
    pub fn build(self) -> Turn {
        let raw = self
            .drafts
            .iter()
            .map(|draft| draft.raw.clone().unwrap_or_else(|| to_json(draft)))
            .collect();
        Turn {
            messages: outlined(self.drafts),
            raw,
            tools: self.tools,
            response_format: self.response_format,
            limits: self.limits,
            candidates: self.candidates,
            model: self.model,
            previous: self.previous,
            memory: self.memory,
            attributes: self.attributes.into_iter().collect(),
            tenant_settings: self.tenant_settings,
        }
    }
}

fn outlined(drafts: Vec<Draft>) -> Vec<Message> {
    let last_user = drafts.iter().rposition(|draft| draft.role == Role::User);
    let mut exchanges = Exchanges::default();
    drafts
        .into_iter()
        .enumerate()
        .map(|(index, Draft { role, name, parts, .. })| {
            let mut message = Message {
                outline: Outline {
                    index: u32::try_from(index).unwrap_or(u32::MAX),
                    locked: matches!(role, Role::System | Role::Developer) || last_user == Some(index),
                    exchange: exchanges.of(&parts),
                    count: estimate(parts.iter().map(bytes).sum()),
                    role,
                    name,
                    text_bytes: 0,
                },
                parts,
            };
            message.outline.text_bytes = u32::try_from(message.text().len()).unwrap_or(u32::MAX);
            message
        })
        .collect()
}

/// Which messages are one tool exchange: a message with calls, and the results that answer them.
#[derive(Default)]
struct Exchanges {
    count: u32,
    of_call: BTreeMap<String, u32>,
}

impl Exchanges {
    fn of(&mut self, parts: &[Part]) -> Option<u32> {
        let calls: Vec<&ToolCall> = parts
            .iter()
            .filter_map(|part| {
                if let Part::ToolCall(call) = part {
                    Some(call)
                } else {
                    None
                }
            })
            .collect();
        if !calls.is_empty() {
            let exchange = self.count;
            self.count += 1;
            self.of_call
                .extend(calls.into_iter().map(|call| (call.id.clone(), exchange)));
            return Some(exchange);
        }
        parts.iter().find_map(|part| match part {
            Part::ToolResult(result) => self.of_call.get(&result.call_id).copied(),
            _ => None,
        })
    }
}

/// The message as a request would spell it.
fn to_json(draft: &Draft) -> String {
    let role = match &draft.role {
        Role::System => "system",
        Role::Developer => "developer",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => "tool",
        Role::Other(other) => other,
    };
    let mut message = json!({ "role": role });
    if let Some(name) = &draft.name {
        message["name"] = json!(name);
    }
    let mut content = Vec::new();
    let mut calls = Vec::new();
    for part in &draft.parts {
        match part {
            Part::Text(text) => content.push(json!({ "type": "text", "text": text })),
            Part::Reasoning(text) => message["reasoning_content"] = json!(text),
            Part::Refusal(text) => message["refusal"] = json!(text),
            Part::Image(media) => content.push(json!({ "type": "image_url", "image_url": { "url": address(media) } })),
            Part::Audio(media) => content.push(json!({ "type": "input_audio", "input_audio": address(media) })),
            Part::File(media) => content.push(json!({ "type": "file", "file": { "file_id": address(media) } })),
            Part::ToolCall(call) => calls.push(json!({
                "id": call.id, "type": "function", "function": { "name": call.name, "arguments": call.arguments },
            })),
            Part::ToolResult(result) => {
                message["tool_call_id"] = json!(result.call_id);
                content.push(json!({ "type": "text", "text": result.text }));
            }
            Part::Other(raw) => content.push(serde_json::from_str(raw).unwrap_or_else(|_| json!(raw))),
        }
    }
    message["content"] = match content.as_mut_slice() {
        [] => Value::Null,
        [only] if only["type"] == "text" => only["text"].take(),
        _ => Value::Array(content),
    };
    if !calls.is_empty() {
        message["tool_calls"] = Value::Array(calls);
    }
    message.to_string()
}

fn address(media: &Media) -> String {
    match &media.source {
        MediaSource::Url(text) | MediaSource::FileId(text) | MediaSource::Other(text) => text.clone(),
        MediaSource::Inline(bytes) => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_and_last_user_message_are_locked_and_nothing_else() {
        let turn = turn()
            .system("s")
            .user("a")
            .assistant("b")
            .user("c")
            .assistant("d")
            .build();
        let locked: Vec<bool> = turn.all_outlines().iter().map(|outline| outline.locked).collect();
        assert_eq!(locked, [true, false, false, true, false]);
    }

    #[test]
    fn a_tool_call_and_its_results_are_one_exchange() {
        let turn = turn()
            .user("weather?")
            .tool_call("1", "weather", r#"{"at":"Bonn"}"#)
            .tool_call("2", "weather", r#"{"at":"Kiel"}"#)
            .tool_result("2", "rain")
            .tool_result("1", "sun")
            .assistant("well")
            .tool_call("3", "time", "{}")
            .tool_result("9", "an orphan")
            .build();
        let exchanges: Vec<_> = turn.all_outlines().iter().map(|outline| outline.exchange).collect();
        assert_eq!(exchanges, [None, Some(0), Some(0), Some(0), Some(1), None]);
        assert_eq!(
            turn.message(1).map(|m| m.parts.len()),
            Some(2),
            "two calls in a row are one message"
        );
    }

    #[test]
    fn ranges_are_cut_to_what_exists() {
        let turn = turn().user("a").assistant("b").build();
        assert_eq!(turn.texts(1, 9), ["b"]);
        assert_eq!(turn.texts(7, 9), Vec::<String>::new());
        assert_eq!(turn.texts(2, 1), Vec::<String>::new());
        assert_eq!((turn.text(2), turn.raw(2)), (None, None));
    }

    #[test]
    fn a_message_is_spelt_as_a_request_would() {
        let turn = turn().user("hi").named("Ada").tool_call("1", "f", "{}").build();
        let spelt = |index| serde_json::from_str::<Value>(&turn.raw(index).unwrap()).unwrap();
        assert_eq!(spelt(0), json!({ "role": "user", "name": "Ada", "content": "hi" }));
        assert_eq!(spelt(1)["tool_calls"][0]["function"]["name"], "f");
        assert_eq!(spelt(1)["content"], Value::Null);
    }

    #[test]
    fn attributes_are_sorted_and_the_rest_is_unknown_where_nothing_is_said() {
        let turn = turn().attribute("tenant", "a").attribute("tag", "x").build();
        assert_eq!(
            turn.attributes()
                .iter()
                .map(|(name, _)| name.as_str())
                .collect::<Vec<_>>(),
            ["tag", "tenant"]
        );
        assert_eq!((turn.model(), turn.memory(), turn.limits().time_ms), (None, None, None));
    }
}
