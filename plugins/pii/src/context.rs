//! The words around a number, which tell what it is.

mod cue;
mod telephone;

use std::borrow::Cow;

pub(crate) use cue::Cue;
use cue::cue;
pub(crate) use telephone::Telephone;

/// Bytes before a number that are looked at.
pub(crate) const BEFORE: usize = 96;

/// One line, with the end of the text before it.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) line: &'a str,
    pub(crate) before: &'a str,
}

impl<'a> Context<'a> {
    /// What stands before a byte of the line, on it and on the lines above.
    fn near(self, at: usize) -> (&'a str, &'a str) {
        let here = &self.line[..at];
        let near = &here[here.ceil_char_boundary(at.saturating_sub(BEFORE))..];
        let left = BEFORE.saturating_sub(at);
        let far = &self.before[self.before.ceil_char_boundary(self.before.len().saturating_sub(left))..];
        (far, near)
    }

    /// The cues before a byte of the line, the nearest first.
    fn cues_before(self, at: usize) -> impl Iterator<Item = Cue> {
        let (far, near) = self.near(at);
        words(near).chain(words(far)).filter_map(cue)
    }

    /// The nearest cue before a byte of the line.
    pub(crate) fn cue_before(self, at: usize) -> Option<Cue> {
        self.cues_before(at).next()
    }

    /// The nearest cue among the last words before a byte of the line: farther ones speak of something else.
    pub(crate) fn cue_right_before(self, at: usize) -> Option<Cue> {
        let (far, near) = self.near(at);
        words(near).chain(words(far)).take(telephone::MOST).find_map(cue)
    }

    /// Whether this cue stands anywhere before a byte of the line, not too far away.
    pub(crate) fn has_cue(self, at: usize, wanted: Cue) -> bool {
        self.cues_before(at).any(|cue| cue == wanted)
    }

    /// How plainly the words around these bytes of the line say that they are a telephone's number.
    pub(crate) fn telephone(self, place: std::ops::Range<usize>) -> Telephone {
        let (far, near) = self.near(place.start);
        let before = if far.is_empty() {
            Cow::Borrowed(near)
        } else {
            Cow::Owned([far, near].concat())
        };
        telephone::around(&before, &self.line[place.end..])
    }

    /// Whether the word behind a number says what it counts, as in "12 times": such a number is nobody's name.
    pub(crate) fn counts(self, end: usize) -> bool {
        telephone::counts(&self.line[end..])
    }
}

/// The words of a text, the last first.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.rsplit(|ch: char| !ch.is_alphabetic())
        .filter(|word| !word.is_empty())
}

/// A word in lower case, if it is no longer than those that are known.
struct Lower {
    bytes: [u8; Self::LONGEST],
    length: usize,
}

impl Lower {
    /// Bytes of the longest word that tells something, whatever stands behind it in a script without spaces.
    const LONGEST: usize = 96;

    fn new(word: &str) -> Option<Self> {
        let mut lower = Self {
            bytes: [0; Self::LONGEST],
            length: 0,
        };
        for ch in word.chars().flat_map(char::to_lowercase) {
            let place = lower.bytes.get_mut(lower.length..lower.length + ch.len_utf8())?;
            lower.length += ch.encode_utf8(place).len();
        }
        Some(lower)
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_cue_wins_and_the_line_before_counts() {
        let context = Context {
            line: "5551234",
            before: "order a card\nPhone:\n",
        };
        assert_eq!(context.cue_before(0), Some(Cue::Phone));
        assert!(context.has_cue(0, Cue::Card) && !context.has_cue(0, Cue::Ssn));
    }

    #[test]
    fn cues_of_scripts_without_spaces_stand_within_their_words() {
        let line = "我的信用卡号是4539";
        let context = Context { line, before: "" };
        assert_eq!(context.cue_before(line.len() - 4), Some(Cue::Card));
    }
}
