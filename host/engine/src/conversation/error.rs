//! Why a request cannot be taken, in words that say where.

/// What is wrong with a piece of JSON, without its line and column there: in the whole request they would be others.
pub(super) fn words(error: &serde_json::Error) -> String {
    let all = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    all.strip_suffix(&place).map_or(all.clone(), str::to_owned)
}

/// Why a request cannot be taken. Messages are counted from 0.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The text is not JSON, or not of the expected form.
    #[error("the request is not valid JSON of the chat form: {0}")]
    Json(#[from] serde_json::Error),
    /// There is no list of messages.
    #[error("the request has no `messages`: give a list of at least one message")]
    NoMessages,
    /// A message is not of the expected form.
    #[error("messages[{index}]: {message}")]
    Message {
        /// Which message.
        index: usize,
        /// What was expected and what was found.
        message: String,
    },
    /// A field stands in the request twice.
    #[error("`{field}` stands in the request twice: keep one, so that everybody reads the same")]
    Twice {
        /// The field's name.
        field: String,
    },
    /// There are more fields beside each other than any request has.
    #[error("the request has {count} fields, more than the {most} that are read: send those of the API alone")]
    TooManyFields {
        /// Fields there are.
        count: usize,
        /// The limit.
        most: usize,
    },
    /// A message has a role that the chat API does not know.
    #[error(
        "messages[{index}].role: unknown role `{role}`, expected one of system, developer, user, assistant, tool, function"
    )]
    UnknownRole {
        /// Which message.
        index: usize,
        /// The role as it was spelt.
        role: String,
    },
    /// A tool result answers no earlier call.
    #[error(
        "messages[{index}]: the tool result for call `{call_id}` answers no earlier tool call: send the assistant message that made the call, or leave the result out"
    )]
    OrphanedToolResult {
        /// Which message.
        index: usize,
        /// The call that it names.
        call_id: String,
    },
    /// The request is larger than this engine takes.
    #[error(
        "the request has {bytes} bytes, more than the limit of {limit}: shorten it, or raise `limits.request-bytes`"
    )]
    TooLarge {
        /// Bytes of the whole request.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// There are more messages than this engine takes.
    #[error(
        "there are {count} messages, more than the limit of {most}: shorten the conversation, or raise `limits.messages`"
    )]
    TooMany {
        /// Messages there are.
        count: usize,
        /// The limit.
        most: usize,
    },
    /// A field beside the messages is not of the expected form.
    #[error("`{field}`: {message}")]
    Field {
        /// The field's name.
        field: &'static str,
        /// What was expected and what was found.
        message: String,
    },
}
