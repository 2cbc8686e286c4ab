//! The answers of the three kinds of policies.

mod choice;
mod compression;
mod finding;
mod guard;
mod reply;
mod verdict;

pub use choice::{Choice, Estimate, Parameters};
pub use compression::{Change, Compression, Edit, NewMessage, PartText};
pub use finding::{Finding, Place, Span};
pub use guard::{GuardAction, GuardDecision};
pub use reply::{Content, Delta};
pub use verdict::{Action, Verdict};

use serde::{Deserialize, Serialize};

/// One reason for a decision.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// A stable word for machines, such as `rule:translation`.
    pub code: String,
    /// A sentence for people.
    pub text: String,
    /// How much it weighed, where that can be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f32>,
}
