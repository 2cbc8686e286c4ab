//! What a checker answers on a request.

use serde::{Deserialize, Serialize};

use super::{Edit, Finding};

/// What a guard wants done with a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum GuardAction {
    /// Let it pass.
    Pass,
    /// Change it first.
    Mask(Vec<Edit>),
    /// Do not send it, for this reason.
    Refuse(String),
}

impl GuardAction {
    /// `pass`, `mask` or `refuse`.
    pub fn word(&self) -> &'static str {
        match self {
            GuardAction::Pass => "pass",
            GuardAction::Mask(_) => "mask",
            GuardAction::Refuse(_) => "refuse",
        }
    }
}

/// A decision on a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuardDecision {
    /// What to do.
    pub action: GuardAction,
    /// What was found.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// How bad, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
}
