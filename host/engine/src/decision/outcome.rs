//! What came of asking a slot.

use serde::{Deserialize, Serialize};

use super::answer::{Choice, Compression, GuardDecision, Verdict};
use crate::sandbox::failure::FailureKind;
use crate::settings::FailurePlan;

/// A decision of any kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Decision {
    /// A guard's.
    Guard(GuardDecision),
    /// A router's.
    Route(Choice),
    /// A compressor's.
    Compress(Compression),
    /// A checker's.
    Review(Verdict),
}

/// Why a slot was not asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SkipReason {
    /// Its circuit breaker is open after too many failures of this digest.
    BreakerOpen,
    /// The turn ended before its reply was reviewed.
    NotReviewed,
    /// A verdict or a refusal of another slot ended the turn first.
    AlreadyDecided,
}

/// What came of asking a slot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
#[allow(
    clippy::large_enum_variant,
    reason = "most outcomes are decisions, and a box would stand in every reader's way"
)]
pub enum Outcome {
    /// It decided, and the decision was carried out, unless `undone` says why not.
    Decided {
        /// What.
        decision: Decision,
        /// Why the decision changed nothing, where it did not: the slot observes, or a compression gained nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        undone: Option<String>,
    },
    /// It had nothing to say: an answer, not a failure.
    Declined {
        /// In the policy's words.
        reason: String,
    },
    /// It failed, and the slot's plan was carried out.
    Failed {
        /// What sort of failure.
        kind: FailureKind,
        /// What happened.
        message: String,
        /// The guest's functions, innermost first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        frames: Vec<String>,
        /// What was done about it.
        plan: FailurePlan,
    },
    /// It was not asked.
    Skipped {
        /// Why.
        reason: SkipReason,
    },
}
