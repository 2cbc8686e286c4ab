//! Trims the messages of a plan, each once in a conversation, and no more of them on a turn than it reaches.

use std::borrow::Cow;

use super::plan::Desk;
use super::trim::{cuts, without};
use crate::conversation::Line;
use crate::memory::Book;
use crate::memory::known::Trimming;

impl Desk<'_> {
    /// Tokens that trimming a message saves.
    pub(super) fn saving(&self, book: &mut Book, place: usize) -> u32 {
        self.trimming(book, place).map_or(0, |trimming| trimming.saving)
    }

    /// What trimming does to a message, worked out once in a conversation; `None` for what nobody said, for what is not known
    /// yet, and where this turn has trimmed enough.
    pub(super) fn trimming<'b>(&self, book: &'b mut Book, place: usize) -> Option<&'b Trimming> {
        let (known, line) = (book.state.known.get_mut(place)?, &self.lines[place]);
        if line.is_talk() && known.trimming.as_ref().is_none_or(Trimming::lacks_cuts) {
            let bytes = self.trimmed.get().saturating_add(line.text.len());
            if bytes > self.reach.trim {
                return None;
            }
            self.trimmed.set(bytes);
            known.trimming = Some(self.trim(place, known.trimming.take()));
        }
        known.trimming.as_ref()
    }

    /// Trims a message; what it saves is counted unless that is known.
    fn trim(&self, place: usize, known: Option<Trimming>) -> Trimming {
        let line = &self.lines[place];
        let gone = cuts(&line.text, self.settings.trim).unwrap_or_default();
        let text = without(&line.text, &gone).filter(|_| !gone.is_empty());
        text.map_or_else(Trimming::default, |text| {
            let part = (self.only_part)(place);
            let saving = || {
                self.own_tokens(line, part.is_some())
                    .saturating_sub((self.count)(&text))
            };
            Trimming {
                part,
                ..Trimming::new(known.map_or_else(saving, |known| known.saving), &gone)
            }
        })
    }

    /// Tokens of a message's text alone. Where it has nothing else, they follow from those of the message, once one of its
    /// kind was counted: counting is most of what trimming costs.
    fn own_tokens(&self, line: &Line, has_nothing_else: bool) -> u32 {
        if !has_nothing_else {
            return (self.count)(&line.text);
        }
        let named = matches!(line.speaker, Cow::Owned(_));
        let mut framing = self.framing.borrow_mut();
        let known = framing
            .iter()
            .find(|(role, name, _)| *role == line.role && *name == named);
        if let Some((_, _, framing)) = known {
            return line.tokens.saturating_sub(*framing);
        }
        let tokens = (self.count)(&line.text);
        framing.push((line.role.clone(), named, line.tokens.saturating_sub(tokens)));
        tokens
    }
}
