//! Tokens, counted by tiktoken and kept by content, so that a conversation's next turn counts only what is new.

mod counter;
mod counts;
mod encoding;
mod part;
#[cfg(test)]
mod tests;
mod text;

pub use counter::Counter;
pub(crate) use counts::Counts;
pub use encoding::Encoding;

use serde::{Deserialize, Serialize};

/// A number of tokens, and whether it was counted in the model's own encoding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenCount {
    /// How many.
    pub tokens: u32,
    /// `false` where the number is an estimate.
    pub exact: bool,
}

impl TokenCount {
    fn exact(tokens: usize) -> Self {
        TokenCount {
            tokens: tokens.try_into().unwrap_or(u32::MAX),
            exact: true,
        }
    }

    /// What so many bytes of text are taken for where nobody counted: three a token, so that rather too much is told than
    /// too little.
    pub fn of_bytes(bytes: u64) -> Self {
        TokenCount {
            tokens: bytes.div_ceil(3).try_into().unwrap_or(u32::MAX),
            exact: false,
        }
    }

    fn plus(self, other: TokenCount) -> Self {
        TokenCount {
            tokens: self.tokens.saturating_add(other.tokens),
            exact: self.exact && other.exact,
        }
    }
}

/// The sum of the counts of a conversation's messages.
fn total(counts: &[TokenCount]) -> TokenCount {
    counts.iter().fold(TokenCount::exact(0), |all, count| all.plus(*count))
}
