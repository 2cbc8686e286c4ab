//! What a call was billed.

use serde::{Deserialize, Serialize};

/// What a provider billed for one call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of the prompt, cached ones included.
    pub input_tokens: u32,
    /// Of these, tokens that the provider had cached.
    #[serde(default)]
    pub cached_input_tokens: u32,
    /// Of these, tokens that the provider wrote to its cache.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cache_write_input_tokens: u32,
    /// Of the written ones, tokens that it keeps for an hour rather than for minutes.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cache_write_1h_input_tokens: u32,
    /// Tokens of the reply.
    pub output_tokens: u32,
    /// Whether nobody said what was billed, and this was told by what was sent and seen.
    #[serde(default, skip_serializing_if = "is_false")]
    pub estimated: bool,
}

fn is_zero(tokens: &u32) -> bool {
    *tokens == 0
}

fn is_false(estimated: &bool) -> bool {
    !estimated
}

impl Usage {
    /// Usage of a call without a prompt cache.
    pub fn new(input_tokens: u32, output_tokens: u32) -> Self {
        Usage {
            input_tokens,
            output_tokens,
            ..Usage::default()
        }
    }

    /// Whether nothing was billed.
    pub fn is_nothing(&self) -> bool {
        (self.input_tokens, self.output_tokens) == (0, 0)
    }
}
