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

impl Budget {
    /// The least of all limits that are known.
    ///
    /// # Errors
    /// Declines where none is known.
    pub(crate) fn of(turn: &Turn, outlines: &[Outline], settings: &Settings) -> Result<Self, Problem> {
        let messages: u64 = outlines.iter().map(|outline| u64::from(outline.count.tokens)).sum();
        // A conversation may have tokens beside those of its messages, such as its framing: they stay in any case.
        let before = messages.max(turn.tokens().tokens.into());
        let framing = before - messages;
        let limits = [
            (settings.max_tokens.map(u64::from), "max-tokens"),
            (turn.limits().context_tokens.map(u64::from), "the turn's limit"),
        ];
        // A limit of nothing says that nobody knows one: no request is sent without its messages.
        let hard = limits
            .into_iter()
            .filter_map(|(tokens, source)| Some((tokens.filter(|tokens| *tokens > 0)?, source)))
            .min();
        let soft = settings.share.map(|share| ((before as f64 * share) as u64, "share"));
        let Some((tokens, source)) = hard.into_iter().chain(soft).min() else {
            return Err(Problem::declined(
                "no budget is known: neither `max-tokens` nor `share` is set, and the turn has no limit of its own",
            ));
        };
        let ceiling = hard.map_or(u64::MAX, |(tokens, _)| tokens);
        let less_framing = |tokens: u64| tokens.saturating_sub(framing);
        Ok(Self {
            before: messages,
            tokens: less_framing(tokens),
            ceiling: less_framing(ceiling),
            source,
        })
    }
}
