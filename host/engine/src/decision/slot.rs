//! One slot's part in a turn: who was asked, with what, what came of it, and how long it took.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Memory, Outcome};
use crate::settings::{Mode, PolicyKind};
use crate::tokens::TokenCount;

/// A line that a policy logged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// `debug`, `info`, `warn` or `error`.
    pub level: String,
    /// The line.
    pub text: String,
}

/// A policy as it was at the time of a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyRef {
    /// Its own name.
    pub name: String,
    /// Its own version.
    pub version: String,
    /// `sha256:` of the component as it was delivered.
    pub digest: String,
    /// `sha256:` of its settings as canonical JSON.
    pub settings: String,
    /// Digests of its artifacts by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub artifacts: BTreeMap<String, String>,
}

/// How long one slot took, in microseconds of the wall clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// Waiting for room for an instance.
    pub wait_us: f64,
    /// Making the instance, calling it, and dropping it.
    pub call_us: f64,
    /// How many calls there were: a review has several.
    pub calls: u32,
}

impl Timing {
    /// Counts further calls in.
    pub(crate) fn add(&mut self, more: Timing) {
        self.wait_us += more.wait_us;
        self.call_us += more.call_us;
        self.calls += more.calls;
    }
}

/// One slot's part in a turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SlotRecord {
    /// Its name.
    pub slot: String,
    /// What kind of policy it runs.
    pub kind: PolicyKind,
    /// Whether its decisions are carried out.
    pub mode: Mode,
    /// The arm that the turn was assigned.
    pub arm: String,
    /// With what probability, 0 to 1.
    pub propensity: f64,
    /// The policy that was asked.
    pub policy: Arc<PolicyRef>,
    /// The policy that answered instead, by the plan `last-good`: another component, or the same with other settings or
    /// artifacts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<Arc<PolicyRef>>,
    /// What it was given to remember.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<Memory>,
    /// The tenant's settings for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_settings: Option<serde_json::Value>,
    /// What came of it.
    pub outcome: Outcome,
    /// Tokens of the conversation before it: compressors and guards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens_before: Option<TokenCount>,
    /// Tokens after it, or, where it observes, what it would have left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens_after: Option<TokenCount>,
    /// What it logged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<LogLine>,
    /// Lines beyond the cap.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub log_dropped: u32,
    /// How long it took.
    pub timing: Timing,
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}
