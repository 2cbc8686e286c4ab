//! Builds a turn, message by message.
use std::collections::BTreeMap;

use super::{openai, outline::outlined, turn::Turn};
use crate::{
    Candidate, Memory, Part, Previous, RequestedLimits, ResponseFormat, Role, ToolCall, ToolDefinition, ToolResult,
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
            .map(|draft| draft.raw.clone().unwrap_or_else(|| openai::message(draft)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_to_what_exists() {
        let turn = turn().user("a").assistant("b").build();
        assert_eq!(turn.texts(1, 9), ["b"]);
        assert_eq!(turn.texts(7, 9), Vec::<String>::new());
        assert_eq!(turn.texts(2, 1), Vec::<String>::new());
        assert_eq!((turn.text(2), turn.raw(2)), (None, None));
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
