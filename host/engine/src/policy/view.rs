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
            context_tokens: input.request.limits.context_tokens.filter(|tokens| *tokens > 0),
        }
    }

    /// The same conversation as the chosen model sees it. `model` is `None` where nothing is known of it but its name;
    /// `reply` is how many tokens of a reply are asked for, `None` where nobody says.
    pub(crate) fn chosen(&self, input: &TurnInput, model: Option<&Model>, name: &str, reply: Option<u32>) -> Self {
        let is_first = input.candidates.first().is_some_and(|first| first.name == name);
        let encoding = match is_first {
            true => self.counts.encoding(),
            false => Encoding::of_model(name),
        };
        let counts = if encoding == self.counts.encoding() {
            self.counts.clone()
        } else {
            Arc::new(self.counts.of(self.conversation.clone(), encoding))
        };
        let room = model.and_then(|model| room(model, reply));
        View {
            conversation: self.conversation.clone(),
            counts,
            model: model.map(|model| Arc::from(model.name.as_str())),
            context_tokens: [input.request.limits.context_tokens, room]
                .into_iter()
                .flatten()
                .filter(|tokens| *tokens > 0)
                .min(),
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

/// What of the model's window the messages may have: all but the reply that is asked for. What a model could write at most
/// is no wish for so much, and a reply takes half of the window at most: a history is never given up for it.
fn room(model: &Model, reply: Option<u32>) -> Option<u32> {
    let window = model.window?;
    let most = model.max_output_tokens.unwrap_or(u32::MAX).min(window / 2);
    Some(window - reply.unwrap_or(0).min(most))
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

impl Role {
    /// The role that a policy names; `None` where no message here can have it.
    pub(super) fn from_wit(role: &wit::Role) -> Option<Self> {
        Some(match role {
            wit::Role::System => Role::System,
            wit::Role::Developer => Role::Developer,
            wit::Role::User => Role::User,
            wit::Role::Assistant => Role::Assistant,
            wit::Role::Tool => Role::Tool,
            wit::Role::Other(_) => return None,
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn model(window: u32, most: Option<u32>) -> Model {
        Model {
            window: Some(window),
            max_output_tokens: most,
            ..Model::named("m")
        }
    }

    #[test]
    fn a_reply_takes_of_the_window_what_is_asked_for_and_never_what_the_model_could_write() {
        assert_eq!(room(&model(8_192, Some(8_192)), None), Some(8_192));
        assert_eq!(room(&model(8_192, Some(8_192)), Some(1_000)), Some(7_192));
        assert_eq!(room(&model(8_192, Some(500)), Some(1_000)), Some(7_692));
    }

    #[test]
    fn a_reply_as_large_as_the_window_leaves_half_of_it_to_the_messages() {
        for asked in [4_096, 8_192, u32::MAX] {
            assert_eq!(room(&model(8_192, None), Some(asked)), Some(4_096));
        }
        assert_eq!(room(&model(1, None), Some(1)), Some(1));
        assert_eq!(room(&Model::named("m"), Some(1)), None);
    }
}
