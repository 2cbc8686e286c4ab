//! What conditions look at, read from the turn when the first condition asks and then kept for the rest of the call.

use std::cell::OnceCell;

use pointsman_policy::{Outline, Part, RequestedLimits, ResponseFormat, Role, ToolDefinition, Turn};

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
    last: OnceCell<Option<Outline>>,
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
    parts: OnceCell<[bool; 3]>,
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

    /// Tokens of the last user message; none where there is no such message.
    pub fn last_tokens(&self) -> Option<u32> {
        self.last().map(|outline| outline.count.tokens)
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
            let text = self
                .last()
                .and_then(|outline| self.turn.text(outline.index))
                .unwrap_or_default();
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
        self.parts.get_or_init(|| {
            let mut found = [false; 3];
            for (start, end) in self.batches() {
                for part in self.turn.messages(start, end).iter().flat_map(|message| &message.parts) {
                    match part {
                        Part::Image(_) => found[PartKind::Image as usize] = true,
                        Part::Audio(_) => found[PartKind::Audio as usize] = true,
                        Part::File(_) => found[PartKind::File as usize] = true,
                        _ => {}
                    }
                }
            }
            found
        })[kind as usize]
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
            let last = self.turn.outlines(self.length.saturating_sub(1), self.length);
            last.last()
                .is_some_and(|outline| outline.exchange.is_some() || matches!(outline.role, Role::Tool))
        })
    }

    /// An attribute of the request. All are read at once: many rules may ask.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let all = self.attributes.get_or_init(|| self.turn.attributes());
        all.iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The outline of the last user message, looked for from the end.
    fn last(&self) -> Option<&Outline> {
        let find = || {
            let mut end = self.length;
            // Most conversations end with it, so the first look is at one message only.
            let mut look = 1;
            while end > 0 {
                let start = end.saturating_sub(look);
                let outlines = self.turn.outlines(start, end).into_iter().rev();
                if let Some(found) = { outlines }.find(|outline| matches!(outline.role, Role::User)) {
                    return Some(found);
                }
                (end, look) = (start, BATCH);
            }
            None
        };
        self.last.get_or_init(find).as_ref()
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
