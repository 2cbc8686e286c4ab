//! The counter that all turns share: what was counted once is not counted again.

use quick_cache::sync::Cache;

use super::{Encoding, TokenCount, part, text};
use crate::conversation::{Conversation, Message};

/// What a message costs beside its parts, in OpenAI's chat form: three tokens, and one more for a name.
pub(super) const FRAME: usize = 3;

/// Counts tokens and remembers them by content.
#[derive(Debug)]
pub struct Counter {
    counts: Cache<(u128, u8), TokenCount>,
}

impl Default for Counter {
    fn default() -> Self {
        Counter::new(1 << 18)
    }
}

impl Counter {
    /// Remembers up to `capacity` counts, at about 64 bytes each.
    pub fn new(capacity: usize) -> Self {
        Counter {
            counts: Cache::new(capacity),
        }
    }

    /// Tokens of a text.
    pub fn text(&self, text: &str, encoding: Encoding) -> TokenCount {
        let count = text::count(text, encoding.tokenizer);
        TokenCount {
            exact: count.exact && encoding.known,
            ..count
        }
    }

    /// Tokens of a message with its framing.
    pub fn message(&self, message: &Message, encoding: Encoding) -> TokenCount {
        let key = (message.digest, encoding.tokenizer as u8);
        let count = self.counts.get(&key).unwrap_or_else(|| {
            let count = message.parts.iter().map(|part| part::count(part, encoding.tokenizer));
            let frame = FRAME + message.name.as_ref().map_or(0, |_| 1);
            let count = count.fold(TokenCount::exact(frame), TokenCount::plus);
            self.counts.insert(key, count);
            count
        });
        TokenCount {
            exact: count.exact && encoding.known,
            ..count
        }
    }

    /// Tokens of each message of a conversation.
    pub fn messages(&self, conversation: &Conversation, encoding: Encoding) -> Vec<TokenCount> {
        conversation
            .messages()
            .iter()
            .map(|message| self.message(message, encoding))
            .collect()
    }
}
