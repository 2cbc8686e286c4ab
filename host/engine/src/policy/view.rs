//! The conversation as one model sees it, and plain values of the engine in the words of the contract.

use std::sync::Arc;

use super::contract::v0_1::router::pointsman::policy::conversation as wit;
use super::host::{TurnInput, View};
use crate::conversation::{Conversation, Media, MediaSource, Part, Role, ToolDefinition};
use crate::model::{HealthState, Model};
use crate::tokens::{Counts, Encoding, TokenCount};

impl View {
    /// The conversation as it came, as the first candidate counts it.
    pub(crate) fn before_routing(input: &TurnInput) -> Self {
        let encoding = Encoding::of_model(input.candidates.first().map_or("", |model| &model.name));
        let conversation = input.request.conversation.clone();
        View {
            counts: Arc::new(Counts::new(input.counter.clone(), conversation.clone(), encoding)),
            conversation,
            model: None,
            context_tokens: input.request.limits.context_tokens,
        }
    }

    /// The same conversation as the chosen model sees it. `model` is `None` where nothing is known of it but its name.
    pub(crate) fn chosen(&self, input: &TurnInput, model: Option<&Model>, name: &str) -> Self {
        let encoding = Encoding::of_model(name);
        let counts = if encoding == self.counts.encoding() {
            self.counts.clone()
        } else {
            Arc::new(self.counts.of(self.conversation.clone(), encoding))
        };
        let limits = &input.request.limits;
        let window = model.and_then(|model| {
            let reply = limits.max_output_tokens.or(model.max_output_tokens).unwrap_or(0);
            Some(model.window?.saturating_sub(reply))
        });
        View {
            conversation: self.conversation.clone(),
            counts,
            model: model.map(|model| Arc::from(model.name.as_str())),
            context_tokens: [limits.context_tokens, window].into_iter().flatten().min(),
        }
    }

    /// The same view of an edited conversation.
    pub(crate) fn with(&self, conversation: Conversation) -> Self {
        let counts = Arc::new(self.counts.of(conversation.clone(), self.counts.encoding()));
        View {
            conversation,
            counts,
            ..self.clone()
        }
    }
}

impl View {
    pub(super) fn outline(&self, index: usize) -> Option<wit::Outline> {
        let message = self.conversation.messages().get(index)?;
        Some(wit::Outline {
            index: index as u32,
            role: (&message.role).into(),
            name: message.name.clone(),
            count: self.counts.message(index).into(),
            text_bytes: message.text_bytes() as u32,
            locked: self.conversation.is_locked(index),
            exchange: self.conversation.exchange(index),
        })
    }

    pub(super) fn message(&self, index: usize) -> Option<wit::Message> {
        let parts = self
            .conversation
            .messages()
            .get(index)?
            .parts
            .iter()
            .map(Into::into)
            .collect();
        Some(wit::Message {
            outline: self.outline(index)?,
            parts,
        })
    }
}

impl From<TokenCount> for wit::TokenCount {
    fn from(count: TokenCount) -> Self {
        wit::TokenCount {
            tokens: count.tokens,
            exact: count.exact,
        }
    }
}

impl From<&Role> for wit::Role {
    fn from(role: &Role) -> Self {
        match role {
            Role::System => wit::Role::System,
            Role::Developer => wit::Role::Developer,
            Role::User => wit::Role::User,
            Role::Assistant => wit::Role::Assistant,
            Role::Tool => wit::Role::Tool,
        }
    }
}

impl From<&Part> for wit::Part {
    fn from(part: &Part) -> Self {
        match part {
            Part::Text(text) => wit::Part::Text(text.clone()),
            Part::Reasoning(text) => wit::Part::Reasoning(text.clone()),
            Part::Refusal(text) => wit::Part::Refusal(text.clone()),
            Part::Image(media) => wit::Part::Image(media.into()),
            Part::Audio(media) => wit::Part::Audio(media.into()),
            Part::File(media) => wit::Part::File(media.into()),
            Part::ToolCall(call) => wit::Part::ToolCall(wit::ToolCall {
                id: call.id.clone(),
                name: call.name.clone(),
                arguments: call.arguments.clone(),
            }),
            Part::ToolResult(result) => wit::Part::ToolResult(wit::ToolResult {
                call_id: result.call_id.clone(),
                text: result.text.clone(),
                // The chat form has no field for it.
                is_error: false,
            }),
            Part::Other(json) => wit::Part::Other(json.clone()),
        }
    }
}

impl From<&Media> for wit::Media {
    fn from(media: &Media) -> Self {
        let source = match &media.source {
            MediaSource::Url(url) => wit::MediaSource::Url(url.clone()),
            MediaSource::Inline(bytes) => wit::MediaSource::Inline(*bytes),
            MediaSource::FileId(id) => wit::MediaSource::FileId(id.clone()),
            MediaSource::Other(json) => wit::MediaSource::Other(json.clone()),
        };
        wit::Media {
            media_type: media.media_type.clone(),
            source,
        }
    }
}

impl From<&ToolDefinition> for wit::ToolDefinition {
    fn from(tool: &ToolDefinition) -> Self {
        wit::ToolDefinition {
            name: tool.name.clone(),
            description: tool.description.clone(),
            parameters: tool.parameters.clone(),
        }
    }
}

impl From<&Model> for wit::Candidate {
    fn from(model: &Model) -> Self {
        let state = match model.health.state {
            HealthState::Healthy => wit::HealthState::Healthy,
            HealthState::Degraded => wit::HealthState::Degraded,
            HealthState::Down => wit::HealthState::Down,
            HealthState::Unknown => wit::HealthState::Unknown,
        };
        wit::Candidate {
            name: model.name.clone(),
            window: model.window,
            max_output_tokens: model.max_output_tokens,
            input_price: model.input_price,
            cached_input_price: model.cached_input_price,
            output_price: model.output_price,
            tags: model.tags.clone(),
            health: wit::Health {
                state,
                error_rate: model.health.error_rate,
                first_token_ms: model.health.first_token_ms,
                tokens_per_second: model.health.tokens_per_second,
            },
        }
    }
}
