//! What is kept of people: memory of conversations, and turns in the traces.

use pointsman_telemetry::{Listed, Remembered};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

/// Conversations of which something is remembered, the latest first.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct Conversations {
    pub(in crate::admin) conversations: Vec<ConversationAnswer>,
}

/// One conversation.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct ConversationAnswer {
    /// Empty: its requests came without a key.
    tenant: String,
    /// Empty: its requests named nobody.
    user: String,
    conversation: String,
    /// Its last turn, in milliseconds since the Unix epoch.
    at_ms: u64,
    /// Slots, each with what its policy asked to remember.
    memories: Vec<(String, Value)>,
}

/// What was forgotten.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct Forgotten {
    /// Conversations.
    pub(in crate::admin) forgotten: u64,
}

/// Turns in the files of traces, the latest last.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct Turns {
    pub(in crate::admin) turns: Vec<TurnAnswer>,
}

/// One turn.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct TurnAnswer {
    turn: String,
    /// When it arrived, in milliseconds since the Unix epoch.
    at_ms: u64,
    /// Empty: it came without a key.
    tenant: String,
    /// Empty: it named nobody.
    user: String,
    /// Empty: it belonged to none.
    conversation: String,
    /// The model that answered.
    model: String,
    /// `finished`, `refused`, `failed` or `abandoned`.
    state: String,
    /// In USD; null where it is not known.
    cost_usd: Option<f64>,
}

/// What was taken out of the files.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct Erased {
    /// Turns.
    pub(in crate::admin) erased: u64,
}

impl From<Remembered> for ConversationAnswer {
    fn from(kept: Remembered) -> Self {
        ConversationAnswer {
            tenant: kept.tenant,
            user: kept.user,
            conversation: kept.conversation,
            at_ms: kept.at_ms,
            memories: kept
                .memories
                .into_iter()
                .map(|(slot, memory)| (slot, json!(memory)))
                .collect(),
        }
    }
}

impl From<Listed> for TurnAnswer {
    fn from(turn: Listed) -> Self {
        TurnAnswer {
            turn: turn.turn,
            at_ms: turn.at_ms,
            tenant: turn.tenant,
            user: turn.user,
            conversation: turn.conversation,
            model: turn.model,
            state: turn.state,
            cost_usd: turn.cost_usd,
        }
    }
}
