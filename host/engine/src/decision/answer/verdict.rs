//! What a checker answers on a reply.

use serde::{Deserialize, Serialize};

use super::{Finding, Reason};

/// What a checker wants done with a reply, the mildest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Action {
    /// Let it pass.
    #[default]
    Accept,
    /// Let it pass, and say what was found.
    Flag,
    /// Put a better text in the place of one choice.
    Repair {
        /// The choice, from 0.
        choice: u32,
        /// The whole new text.
        text: String,
    },
    /// Ask the same model once more, with this hint.
    Retry(Option<String>),
    /// Ask a stronger model.
    Escalate,
    /// Do not pass it on, for this reason.
    Block(String),
}

impl Action {
    /// The action in one word.
    pub fn word(&self) -> &'static str {
        match self {
            Action::Accept => "accept",
            Action::Flag => "flag",
            Action::Repair { .. } => "repair",
            Action::Retry(_) => "retry",
            Action::Escalate => "escalate",
            Action::Block(_) => "block",
        }
    }

    /// 0 for the mildest: of several verdicts the most severe is carried out.
    pub fn severity(&self) -> u8 {
        match self {
            Action::Accept => 0,
            Action::Flag => 1,
            Action::Repair { .. } => 2,
            Action::Retry(_) => 3,
            Action::Escalate => 4,
            Action::Block(_) => 5,
        }
    }
}

/// A checker's decision on a reply.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// What to do.
    pub action: Action,
    /// How bad the reply is, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
    /// What was found.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// Why.
    #[serde(default)]
    pub reasons: Vec<Reason>,
}
