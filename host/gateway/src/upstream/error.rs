//! What can go wrong with a call.

use std::sync::Arc;

/// Why there is no answer, or not all of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AskError {
    /// No connection came about, so that nothing was sent.
    #[error("upstream `{upstream}` cannot be reached: {why}")]
    Connection { upstream: Arc<str>, why: String },
    /// It failed too often of late, and is spared.
    #[error(
        "upstream `{upstream}` is not asked for another {seconds} s: its circuit breaker opened after {failures} failures in a row"
    )]
    Open {
        upstream: Arc<str>,
        seconds: u64,
        failures: u32,
    },
    /// Nothing came in time.
    #[error("upstream `{upstream}` sent nothing for {seconds} s")]
    Silent { upstream: Arc<str>, seconds: f64 },
    /// It is not streamed, and goes on and on.
    #[error("upstream `{upstream}` was not done with its answer after {seconds} s, the limit of `first-byte-seconds`")]
    Endless { upstream: Arc<str>, seconds: f64 },
    /// The answer broke off, or did not even begin though the request was sent.
    #[error("upstream `{upstream}` broke its answer off: {why}")]
    Cut { upstream: Arc<str>, why: String },
    /// The answer is longer than this gateway takes.
    #[error("upstream `{upstream}` sent more than {limit} bytes, the limit of `server.reply-limit-mib`")]
    TooLong { upstream: Arc<str>, limit: usize },
}

/// An error with what it rests on: of hyper's, only the last says what happened.
pub(super) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(deeper) = source {
        let more = deeper.to_string();
        if !words.contains(&more) {
            words = format!("{words}: {more}");
        }
        source = deeper.source();
    }
    words
}
