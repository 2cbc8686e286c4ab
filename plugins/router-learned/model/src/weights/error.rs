//! What can be wrong with weights.

use crate::features::VERSION;

/// Why weights cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WeightsError {
    /// The text is no head.
    #[error("the weights' text is not what `pointsman train router` writes: {0}")]
    Head(#[from] serde_json::Error),
    /// The text does not begin with the head's length.
    #[error("the weights' text does not begin with a length: it is not what `pointsman train router` writes")]
    Length,
    /// The features have changed since.
    #[error(
        "the weights were trained for features of version {found}, this policy has version {VERSION}: train them again"
    )]
    Version {
        /// The version that the weights name.
        found: u32,
    },
    /// The table has another size than the head says.
    #[error(
        "the weights' table has {found:?} rows and columns, their text speaks of {expected:?}: the file is damaged"
    )]
    Shape {
        /// Rows and columns that there are.
        found: (u32, u32),
        /// Rows and columns that the head asks for.
        expected: (u32, u32),
    },
    /// A row could not be read.
    #[error("a row of the weights cannot be read: {0}")]
    Read(String),
}
