//! What operators are answered: the types that the OpenAPI description is made from.

mod config;
mod kept;
mod keys;
mod revisions;
mod upstreams;
mod watch;

use schemars::JsonSchema;
use serde::Serialize;

pub(super) use config::{AppliedAnswer, CheckedAnswer, ConfigAnswer, ConfigEntry, ConfigHistory};
pub(super) use kept::{Conversations, Erased, Forgotten, Turns};
pub(super) use keys::{Budgets, Keys, MadeKey, RevokedKey};
pub(super) use revisions::{Component, Policies, RevisionAnswer, Revisions};
pub(super) use upstreams::{BreakerAnswer, ModelAnswer, RetriesAnswer, UpstreamAnswer, Upstreams};
pub(super) use watch::{DrainAnswer, HealthAnswer, ReadyAnswer, TracesAnswer};

/// What went wrong.
#[derive(Serialize, JsonSchema)]
pub(super) struct Problem {
    pub(super) error: ProblemWords,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct ProblemWords {
    /// What is wrong, and what to do.
    pub(super) message: String,
    /// The line of the configuration, from 1, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) line: Option<usize>,
}
