//! Why a turn cannot go on.

use crate::conversation::RequestError;
use crate::sandbox::failure::Failure;

/// Why a turn cannot go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TurnError {
    /// The request cannot be taken.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The request names a candidate that the engine does not know.
    #[error("the candidate `{name}` is not among the models: known are {}", known.join(", "))]
    UnknownCandidate {
        /// The name.
        name: String,
        /// The models there are.
        known: Vec<String>,
    },
    /// The request leaves no candidate.
    #[error("the request names an empty list of candidates: name at least one model, or none to choose among all")]
    NoCandidates,
    /// A policy failed, and its slot's plan is `fail`, as it is for guards unless they are told otherwise.
    #[error("slot `{slot}` failed, and its plan is to fail: {failure}")]
    Policy {
        /// The slot.
        slot: String,
        /// What happened.
        failure: Failure,
    },
    /// A guard refused the request, and it was to be sent all the same.
    #[error("the request was refused: {0}")]
    Refused(String),
}
