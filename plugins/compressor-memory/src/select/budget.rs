//! How many tokens may be sent, and by whose word.

use pointsman_policy::{Problem, Turn};

use crate::conversation::Line;
use crate::settings::Settings;

/// What may be sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Budget {
    /// Tokens of all messages now.
    pub before: u32,
    /// Tokens to stay within.
    pub tokens: u32,
    /// Whose limit that is.
    pub source: &'static str,
    /// Whether it is a wish (`share`) rather than a limit, so that compacting must pay.
    pub soft: bool,
}

impl Budget {
    /// The least of all limits that are known.
    ///
    /// # Errors
    /// Declines where none is known.
    pub fn of(turn: &Turn, lines: &[Line], settings: &Settings) -> Result<Self, Problem> {
        let before = lines.iter().fold(0u32, |sum, line| sum.saturating_add(line.tokens));
        // A conversation may have tokens beside those of its messages, such as its framing: they are sent in any case.
        let framing = turn.tokens().tokens.saturating_sub(before);
        let limits = [
            (settings.max_tokens, "max-tokens"),
            (turn.limits().context_tokens, "the turn's limit"),
        ];
        // A limit of nothing says that nobody knows one: no request is sent without its messages.
        let hard = limits
            .into_iter()
            .filter_map(|(tokens, source)| Some((tokens.filter(|tokens| *tokens > 0)?, false, source)))
            .min();
        let soft = settings
            .share
            .map(|share| ((f64::from(before) * share) as u32, true, "share"));
        let Some((tokens, soft, source)) = hard.into_iter().chain(soft).min() else {
            return Err(Problem::declined(
                "no budget is known: neither `max-tokens` nor `share` is set, and the turn has no limit of its own",
            ));
        };
        Ok(Self {
            before,
            tokens: tokens.saturating_sub(framing),
            source,
            soft,
        })
    }
}
