//! What conditions look at, read from the turn when the first condition asks and then kept for the rest of the call.

use std::cell::OnceCell;

use pointsman_policy::{RequestedLimits, ResponseFormat, Role, ToolDefinition, Turn};

use crate::code;
use crate::compile::Table;
use crate::patterns::Search;
use crate::settings::PartKind;

/// Messages read in one call of the host: enough that calls cost little, few enough that memory stays small.
const BATCH: u32 = 16;

/// The turn as the conditions see it.
pub struct Features<'t> {
    turn: &'t Turn,
    table: &'t Table,
    length: u32,
    last: OnceCell<Option<u32>>,
    last_tokens: OnceCell<Option<u32>>,
    text: OnceCell<String>,
    search: Search<'t>,
    anywhere: OnceCell<Vec<bool>>,
    tokens: OnceCell<u32>,
    turns: OnceCell<u32>,
    limits: OnceCell<RequestedLimits>,
    attributes: OnceCell<Vec<(String, String)>>,
    tools: OnceCell<Vec<ToolDefinition>>,
    format: OnceCell<ResponseFormat>,
    exchange: OnceCell<bool>,
    parts: OnceCell<Vec<String>>,
    code: OnceCell<bool>,
    language: OnceCell<Option<&'static str>>,
}

impl<'t> Features<'t> {
    /// Reads nothing yet but the conversation's length.
    pub fn new(turn: &'t Turn, table: &'t Table) -> Self {
        Self {
            turn,
            table,
            length: turn.length(),
            last: OnceCell::new(),
            last_tokens: OnceCell::new(),
            text: OnceCell::new(),
            search: table.patterns.search(),
            anywhere: OnceCell::new(),
            tokens: OnceCell::new(),
            turns: OnceCell::new(),
            limits: OnceCell::new(),
            attributes: OnceCell::new(),
            tools: OnceCell::new(),
            format: OnceCell::new(),
            exchange: OnceCell::new(),
            parts: OnceCell::new(),
            code: OnceCell::new(),
            language: OnceCell::new(),
        }
    }

    /// Tokens of the conversation.
    pub fn tokens(&self) -> u32 {
        *self.tokens.get_or_init(|| self.turn.tokens().tokens)
    }

    /// Whether the conversation has at most so many tokens.
    pub fn at_most(&self, tokens: u32) -> bool {
        self.turn.at_most(tokens)
    }

    /// Tokens of the last user message; none where there is no such message.
    pub fn last_tokens(&self) -> Option<u32> {
        *self.last_tokens.get_or_init(|| {
            let last = self.last()?;
            let outlines = self.turn.outlines(last, last + 1);
            outlines.first().map(|outline| outline.count.tokens)
        })
    }

    /// User messages in the conversation.
    pub fn turns(&self) -> u32 {
        *self.turns.get_or_init(|| {
            let outlines = self.turn.outlines(0, self.length);
            outlines
                .iter()
                .zip(0u32..)
                .filter(|(outline, _)| matches!(outline.role, Role::User))
                .count() as u32
        })
    }

    /// What the last user message says, cut to what patterns look at; empty where there is none.
    pub fn text(&self) -> &str {
        self.text.get_or_init(|| {
            let text = self.last().and_then(|index| self.turn.text(index)).unwrap_or_default();
            excerpt(text, self.table.scan_bytes)
        })
    }

    /// Whether the pattern is found in the last user message.
    pub fn finds(&self, pattern: usize) -> bool {
        self.last().is_some() && self.search.finds(pattern, self.text())
    }

    /// Whether the pattern is found in a message of any role.
    pub fn finds_anywhere(&self, pattern: usize) -> bool {
        let found = self.anywhere.get_or_init(|| {
            let patterns = &self.table.anywhere;
            let mut found = vec![false; patterns.count()];
            for (start, end) in self.batches() {
                for text in self.turn.texts(start, end) {
                    let text = excerpt(text, self.table.scan_bytes);
                    let search = patterns.search();
                    for (pattern, found) in found.iter_mut().enumerate() {
                        *found = *found || search.finds(pattern, &text);
                    }
                }
            }
            found
        });
        found.get(pattern).copied().unwrap_or_default()
    }

    /// The language of the last user message, where it can be told.
    pub fn language(&self) -> Option<&'static str> {
        let detector = self.table.languages.as_ref()?;
        *self.language.get_or_init(|| detector.detect(self.text()))
    }

    /// Whether the last user message has code in it.
    pub fn code(&self) -> bool {
        *self.code.get_or_init(|| code::has_code(self.text()))
    }

    /// Whether a message has a part of this kind. An older picture is sent to the model too, so all messages count.
    pub fn has_part(&self, kind: PartKind) -> bool {
        let name = match kind {
            PartKind::Image => "image",
            PartKind::Audio => "audio",
            PartKind::File => "file",
        };
        let kinds = self.parts.get_or_init(|| self.turn.part_kinds());
        kinds.iter().any(|kind| kind == name)
    }

    /// What the turn may take.
    pub fn limits(&self) -> &RequestedLimits {
        self.limits.get_or_init(|| self.turn.limits())
    }

    /// The tools that the request offers.
    pub fn tools(&self) -> &[ToolDefinition] {
        self.tools.get_or_init(|| self.turn.tools())
    }

    /// The form of the reply.
    pub fn format(&self) -> &ResponseFormat {
        self.format.get_or_init(|| self.turn.response_format())
    }

    /// Whether the conversation ends within a tool exchange.
    pub fn in_exchange(&self) -> bool {
        *self.exchange.get_or_init(|| {
            let last = self.length.checked_sub(1);
            last.is_some_and(|last| self.turn.exchange(last).is_some() || self.turn.last(&Role::Tool) == Some(last))
        })
    }

    /// An attribute of the request. All are read at once: many rules may ask.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let all = self.attributes.get_or_init(|| self.turn.attributes());
        all.iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The place of the last user message.
    fn last(&self) -> Option<u32> {
        *self.last.get_or_init(|| self.turn.last(&Role::User))
    }

    fn batches(&self) -> impl Iterator<Item = (u32, u32)> {
        let length = self.length;
        (0..length)
            .step_by(BATCH as usize)
            .map(move |start| (start, (start + BATCH).min(length)))
    }
}

/// The text, or of a longer one its beginning and its end: a request stands at one or the other.
fn excerpt(text: String, bytes: usize) -> String {
    if text.len() <= bytes {
        return text;
    }
    let tail = text.ceil_char_boundary(text.len() - bytes / 4);
    let head = text.floor_char_boundary(bytes - bytes / 4);
    [&text[..head], "\n", &text[tail..]].concat()
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn an_excerpt_keeps_the_beginning_and_the_end_and_whole_characters() {
        assert_eq!(excerpt("abcdefghijkl".into(), 8), "abcdef\nkl");
        assert_eq!(excerpt("abcdefgh".into(), 8), "abcdefgh");
        assert_eq!(excerpt("🙂".repeat(10), 15), "🙂🙂🙂\n");
    }
}
