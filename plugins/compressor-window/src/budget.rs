//! How many tokens may stay, and by whose word.

use pointsman_policy::{Outline, Problem, Turn};

use crate::settings::Settings;

/// What the messages that stay may have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Budget {
    /// Tokens of all messages now.
    pub(crate) before: u64,
    /// Tokens to stay within.
    pub(crate) tokens: u64,
    /// Tokens that the newest messages, as many as `keep-last`, may take beyond that.
    pub(crate) ceiling: u64,
    /// Whose limit `tokens` is.
    pub(crate) source: &'static str,
}

/// The limits that hold whatever the conversation has, and whose they are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Limit {
    /// The least of `max-tokens` and the turn's own.
    hard: Option<(u64, &'static str)>,
    share: Option<f64>,
}

impl Limit {
    /// What is known of limits; no message is read for it.
    ///
    /// # Errors
    /// Declines where none is known, and where the whole conversation is within the only one.
    pub(crate) fn of(turn: &Turn, settings: &Settings) -> Result<Self, Problem> {
        let limits = [
            (settings.max_tokens, "max-tokens"),
            (turn.limits().context_tokens, "the turn's limit"),
        ];
        // A limit of nothing says that nobody knows one: no request is sent without its messages.
        let hard = limits
            .into_iter()
            .filter_map(|(tokens, source)| Some((tokens.filter(|tokens| *tokens > 0)?, source)))
            .min();
        match (hard, settings.share) {
            (None, None) => Err(Problem::declined(
                "no budget is known: neither `max-tokens` nor `share` is set, and the turn has no limit of its own",
            )),
            // Most conversations are short: they are not even counted.
            (Some((tokens, source)), None) if turn.at_most(tokens) => Err(Problem::declined(format!(
                "all messages may stay: {source} allows {tokens} tokens"
            ))),
            (hard, share) => Ok(Self {
                hard: hard.map(|(tokens, source)| (u64::from(tokens), source)),
                share,
            }),
        }
    }
}

impl Budget {
    /// The least of the limits, for what the conversation has.
    pub(crate) fn of(turn: &Turn, outlines: &[Outline], limit: Limit) -> Self {
        let messages: u64 = outlines.iter().map(|outline| u64::from(outline.count.tokens)).sum();
        // A conversation may have tokens beside those of its messages, such as its framing: they stay in any case.
        let before = messages.max(turn.tokens().tokens.into());
        let framing = before - messages;
        let soft = limit.share.map(|share| ((before as f64 * share) as u64, "share"));
        let least = limit.hard.into_iter().chain(soft).min();
        // `Limit::of` declines where there is none.
        let (tokens, source) = least.unwrap_or((u64::MAX, "nothing"));
        let ceiling = limit.hard.map_or(u64::MAX, |(tokens, _)| tokens);
        let less_framing = |tokens: u64| tokens.saturating_sub(framing);
        Self {
            before: messages,
            tokens: less_framing(tokens),
            ceiling: less_framing(ceiling),
            source,
        }
    }
}
