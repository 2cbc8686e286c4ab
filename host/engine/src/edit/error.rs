//! Why edits were refused.

/// Why edits were refused. Messages are counted from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// An edit is beyond the end.
    #[error("edits[{edit}] is at message {message}, the conversation has {length}")]
    OutOfRange {
        /// Which edit.
        edit: usize,
        /// Its message.
        message: u32,
        /// Messages there are.
        length: usize,
    },
    /// Edits are not by rising message, or two change the same one.
    #[error(
        "edits[{edit}] at message {message} does not come after the one before it: list edits by rising message, one for each"
    )]
    Order {
        /// Which edit.
        edit: usize,
        /// Its message.
        message: u32,
    },
    /// An edit changes a message that must stay as it is.
    #[error("edits[{edit}] changes message {message}, which is locked")]
    Locked {
        /// Which edit.
        edit: usize,
        /// Its message.
        message: u32,
    },
    /// A tool call and its results would be torn apart.
    #[error("message {message} of tool exchange {exchange} would go and others of it stay: drop the whole exchange")]
    TornExchange {
        /// A message that would go.
        message: usize,
        /// The exchange.
        exchange: u32,
    },
    /// A message would come between a tool call and its results.
    #[error("edits[{edit}] puts a message between a tool call and its results")]
    BetweenExchange {
        /// Which edit.
        edit: usize,
    },
    /// The change itself cannot be done.
    #[error("edits[{edit}]: {message}")]
    Change {
        /// Which edit.
        edit: usize,
        /// Why.
        message: String,
    },
    /// Nothing would be left to answer.
    #[error("the edits would leave no message")]
    Empty,
}
