//! Why a swap did not come about.

use crate::policy::stage::StageError;
use crate::settings::SettingsError;

/// Why a revision cannot be staged or activated. The active one goes on serving.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SwapError {
    /// The settings are wrong in themselves.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A policy cannot be found or read.
    #[error("slot `{slot}`: {message}")]
    Source {
        /// The slot.
        slot: String,
        /// What is wrong.
        message: String,
    },
    /// A policy cannot be staged.
    #[error("slot `{slot}`, policy `{policy}`: {error}")]
    Stage {
        /// The slot.
        slot: String,
        /// The policy as the settings name it.
        policy: String,
        /// What is wrong.
        error: StageError,
    },
    /// There is no such revision any more, or there never was.
    #[error("there is no revision {revision}: kept are {}", kept.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))]
    NoRevision {
        /// The number that was asked for.
        revision: u64,
        /// The numbers there are.
        kept: Vec<u64>,
    },
    /// No earlier revision is kept.
    #[error("there is no earlier revision to roll back to")]
    NothingBefore,
    /// The thread that stages has ended.
    #[error("staging was interrupted: {0}")]
    Interrupted(String),
}
