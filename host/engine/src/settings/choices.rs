//! The words that an operator chooses between.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What kind of decision a policy makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PolicyKind {
    /// Chooses the model.
    Router,
    /// Shortens the conversation.
    Compressor,
    /// Looks at requests and replies.
    Checker,
}

impl PolicyKind {
    /// The kind in one word.
    pub fn word(self) -> &'static str {
        match self {
            PolicyKind::Router => "router",
            PolicyKind::Compressor => "compressor",
            PolicyKind::Checker => "checker",
        }
    }
}

impl std::fmt::Display for PolicyKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

/// Whether a slot's decisions are carried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// They are.
    #[default]
    Enforce,
    /// It decides, and its record says what it would have done; nothing is changed.
    Observe,
    /// It is not asked.
    Off,
}

/// What happens to a turn whose policy failed. A slot that observes never ends one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FailurePlan {
    /// It goes on without this slot.
    #[default]
    Skip,
    /// The digest that served before this one answers; without one, or where that fails too, as `skip`, and for a guard as
    /// `fail`.
    LastGood,
    /// It ends with an error.
    Fail,
}

/// What is assigned to an arm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// The conversation; a turn without one is a unit of its own.
    #[default]
    Conversation,
    /// The person who asks.
    User,
    /// The attribute `tenant`.
    Tenant,
    /// Every turn anew.
    Turn,
}
