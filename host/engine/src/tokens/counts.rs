//! The counts of a conversation, made when somebody asks for the first of them.

use std::sync::{Arc, OnceLock};

use super::counter::FRAME;
use super::{Counter, Encoding, TokenCount, part, total};
use crate::conversation::{Conversation, Message};

/// What a conversation takes in one encoding. Counting is most of what a turn without policies would cost, so nothing is
/// counted before it is asked for; from then on everybody who shares this knows it.
#[derive(Debug)]
pub(crate) struct Counts {
    counter: Arc<Counter>,
    conversation: Conversation,
    encoding: Encoding,
    counted: OnceLock<Counted>,
}

#[derive(Debug)]
struct Counted {
    each: Vec<TokenCount>,
    total: TokenCount,
}

/// Bytes of messages up to which counting is short enough to happen within a policy's call, on its deadline: less than a
/// millisecond.
const AT_ONCE: usize = 16 << 10;

impl Counts {
    pub(crate) fn new(counter: Arc<Counter>, conversation: Conversation, encoding: Encoding) -> Self {
        Counts {
            counter,
            conversation,
            encoding,
            counted: OnceLock::new(),
        }
    }

    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Another conversation, or the same in another encoding.
    pub(crate) fn of(&self, conversation: Conversation, encoding: Encoding) -> Self {
        Counts::new(self.counter.clone(), conversation, encoding)
    }

    /// Of one message.
    pub(crate) fn message(&self, index: usize) -> TokenCount {
        self.counted().each.get(index).copied().unwrap_or_default()
    }

    /// Of all messages.
    pub(crate) fn total(&self) -> TokenCount {
        self.counted().total
    }

    /// Of all messages, if somebody has asked before: unknown is not zero.
    pub(crate) fn known(&self) -> Option<TokenCount> {
        self.counted.get().map(|counted| counted.total)
    }

    /// Whether all messages have at most so many. Nothing is counted where their bytes say it: no token is shorter.
    pub(crate) fn at_most(&self, tokens: u32) -> bool {
        let are_short = || most(&self.conversation) <= u64::from(tokens);
        (self.known().is_none() && are_short()) || self.total().tokens <= tokens
    }

    /// Counts now what would take long within a policy's call: the host's work is not to cost a policy its deadline.
    pub(crate) fn before_call(&self) {
        if self.counted.get().is_some() {
            return;
        }
        let bytes: usize = self
            .conversation
            .messages()
            .iter()
            .map(|message| message.raw().len())
            .sum();
        if bytes > AT_ONCE {
            self.counted();
        }
    }

    fn counted(&self) -> &Counted {
        self.counted.get_or_init(|| {
            let each = self.counter.messages(&self.conversation, self.encoding);
            Counted {
                total: total(&each),
                each,
            }
        })
    }
}

/// More tokens than these messages can have in any encoding.
fn most(conversation: &Conversation) -> u64 {
    let parts = |message: &Arc<Message>| message.parts.iter().map(part::most).sum::<u64>() + FRAME as u64 + 1;
    conversation.messages().iter().map(parts).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Request;

    fn counts(words: usize) -> Counts {
        let text = "word ".repeat(words);
        let request = Request::from_messages(&serde_json::json!([{ "role": "user", "content": text }])).unwrap();
        Counts::new(Arc::default(), request.conversation.clone(), Encoding::o200k())
    }

    #[test]
    fn nothing_is_known_before_somebody_asks() {
        let counts = counts(10);
        assert_eq!(counts.known(), None);
        assert!(counts.message(0).tokens >= 10);
        assert_eq!(counts.known(), Some(counts.total()));
    }

    #[test]
    fn a_limit_that_bytes_cannot_reach_is_kept_without_counting() {
        let counts = counts(10);
        assert!(counts.at_most(54) && counts.known().is_none());
        let exact = counts.at_most(20) && !counts.at_most(10);
        assert!(exact && counts.known().is_some());
    }

    #[test]
    fn no_message_has_more_tokens_than_its_bytes_allow() {
        let json = "x".repeat(5_000);
        let messages = serde_json::json!([
            { "role": "system", "content": "\u{1F9D1}\u{200D}\u{1F680} 漢字 \u{301}\u{301}" },
            { "role": "user", "name": "a", "content": [
                { "type": "text", "text": "ab" }, { "type": "image_url", "image_url": { "url": "https://x/y.png" } },
                { "type": "screenshot", "data": json }] },
            { "role": "assistant", "content": null, "tool_calls": [
                { "id": "1", "type": "function", "function": { "name": "f", "arguments": "{\"a\":1}" } }] },
            { "role": "tool", "tool_call_id": "1", "content": "" },
        ]);
        let request = Request::from_messages(&messages).unwrap();
        for encoding in [Encoding::o200k(), Encoding::of_model("gpt-4")] {
            let counts = Counts::new(Arc::default(), request.conversation.clone(), encoding);
            assert!(u64::from(counts.total().tokens) <= most(&request.conversation));
        }
    }

    #[test]
    fn only_a_long_conversation_is_counted_ahead_of_a_call() {
        let (short, long) = (counts(10), counts(AT_ONCE));
        short.before_call();
        long.before_call();
        assert!(short.known().is_none() && long.known().is_some());
    }
}
