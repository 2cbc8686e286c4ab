//! Which encoding a model's tokens are in.

use tiktoken_rs::tokenizer::{Tokenizer, get_tokenizer};

/// The encoding of a model's tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding {
    pub(super) tokenizer: Tokenizer,
    pub(super) known: bool,
}

impl Encoding {
    /// The encoding of a model by its name, with or without a provider's prefix. A model that tiktoken does not know is
    /// estimated in `o200k`, and its counts say so.
    pub fn of_model(model: &str) -> Self {
        let without_prefix = || get_tokenizer(model.rsplit_once('/')?.1);
        match get_tokenizer(model).or_else(without_prefix) {
            Some(tokenizer) => Encoding { tokenizer, known: true },
            None => Encoding {
                tokenizer: Tokenizer::O200kBase,
                known: false,
            },
        }
    }

    /// OpenAI's `o200k`, as of GPT-4o.
    pub fn o200k() -> Self {
        Encoding {
            tokenizer: Tokenizer::O200kBase,
            known: true,
        }
    }
}
