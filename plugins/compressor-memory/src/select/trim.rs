//! Shortens a message without losing what it says: a bounded share of its words goes, the emptiest first.

mod courtesy;
mod han;

use std::ops::Range;
use std::sync::LazyLock;

use crate::conversation::READ;
use crate::language::phrase::Phrase;
use crate::language::sentences::sentences;
use crate::language::sets::Sets;
use crate::language::tables::{NEGATION, NUMBER};
use crate::language::tokens::Tokens;
use crate::memory::vocabulary::Vocabulary;

/// What may go, the emptiest first, and the words of [`ENGLISH`]. A negation, a number or a word of meaning stands in no
/// class.
static SETS: LazyLock<Sets> = LazyLock::new(|| Sets::new(&[CLASSES, &[ENGLISH]].concat()));
const CLASSES: &[&[&str]] = &[
    &["uh", "um", "hmm", "mm", "er", "erm", "oh", "ah", "wow", "hey"],
    &[
        "well",
        "really",
        "just",
        "so",
        "very",
        "pretty",
        "actually",
        "basically",
        "totally",
        "definitely",
        "absolutely",
    ],
    &["a", "an", "the"],
    &["that", "it", "its", "this", "these", "those", "there"],
    &["is", "are", "am", "be", "been", "being", "s", "m", "re"],
    &["of", "to", "and", "for", "with", "in", "on", "at", "as"],
    &[
        "i", "you", "my", "your", "we", "our", "us", "me", "they", "them", "he", "she", "his", "her", "was", "were",
    ],
];
/// Words that are common in English and in no language that shares its letters: `of`, `was`, `on` and `as` are words of
/// other meanings there.
const ENGLISH: &[&str] = &[
    "the", "and", "you", "that", "it", "to", "i", "for", "this", "with", "my", "have", "your", "are", "what",
];
/// Of so many words one at least is among them, in a text of English.
const ENGLISH_EVERY: usize = 12;

/// The text with at most `share` of its words (0 to 1) left out; `None` where nothing can go, or where the text is not
/// prose: code, data and tables keep every character.
pub fn trim(text: &str, share: f32) -> Option<String> {
    without(text, &cuts(text, share)?)
}

/// What [`trim`] leaves out, in order.
pub fn cuts(text: &str, share: f32) -> Option<Vec<Range<usize>>> {
    if share <= 0.0 || text.len() > READ || !is_prose(text) {
        return None;
    }
    let tokens = Tokens::of(text);
    let mut cut = Cut::new(&tokens, share);
    if cut.is_english() {
        cut.courtesies();
        cut.classes();
    }
    cut.particles();
    let mut gone = cut.gone;
    gone.sort_by_key(|span| span.start);
    (!gone.is_empty()).then_some(gone)
}

/// A text without these spans; `None` where nothing would be left. Spans that do not fit the text are left alone.
pub fn without(text: &str, gone: &[Range<usize>]) -> Option<String> {
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for span in gone {
        if let Some(piece) = text.get(from..span.start).filter(|_| text.is_char_boundary(span.end)) {
            append(&mut kept, piece);
            from = span.end;
        }
    }
    append(&mut kept, &text[from..]);
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}

/// Whether a text is written to be read: few braces, no code fence, no indented lines.
fn is_prose(text: &str) -> bool {
    let is_mark = |byte: u8| {
        matches!(
            byte,
            b'<' | b'>' | b'|' | b'=' | b'\\' | b'`' | b'_' | b'/' | b'$' | b'#' | b';'
        )
    };
    let marks = text.bytes().filter(|byte| is_mark(*byte)).count();
    let has = |byte: u8, pattern: &str| text.as_bytes().contains(&byte) && text.contains(pattern);
    let is_json = has(b'"', "\": ") || has(b'"', "\":\"");
    let indented = || text.lines().filter(|line| line.starts_with(['\t', ' '])).count();
    !is_json && !has(b'`', "```") && marks * 25 < text.len() && (!text.as_bytes().contains(&b'\n') || indented() <= 1)
}

struct Cut<'a> {
    text: &'a str,
    words: Phrase<'a>,
    /// The classes of each word, a bit each.
    sets: Vec<u32>,
    /// A number for each different word.
    numbers: Vec<u32>,
    /// How often each different word is still there, and stood there at first.
    left: Vec<(u32, u32)>,
    gone: Vec<Range<usize>>,
    is_gone: Vec<bool>,
    share: f32,
    /// Words that may yet be lost.
    allowance: u32,
}

impl<'a> Cut<'a> {
    fn new(tokens: &'a Tokens<'a>, share: f32) -> Self {
        let words = tokens.whole();
        let mut different = Vocabulary::default();
        let mut left: Vec<(u32, u32)> = Vec::new();
        let number = |place: usize| {
            let number = different.number_or_new(words.hash(place));
            if number as usize == left.len() {
                left.push((0, 0));
            }
            let count = &mut left[number as usize];
            *count = (count.0 + 1, count.1 + 1);
            number
        };
        let numbers = (0..words.len()).map(number).collect();
        Self {
            text: words.text,
            words,
            sets: (0..words.len()).map(|place| words.sets(place, &SETS)).collect(),
            numbers,
            left,
            gone: Vec::new(),
            is_gone: vec![false; words.len()],
            share,
            allowance: (words.len() as f32 * share + 1e-4) as u32,
        }
    }

    /// What leaving these words out would lose: every standing of a word of which none would be left.
    fn price(&self, places: Range<usize>) -> u32 {
        let own = &self.numbers[places];
        let each = own.iter().enumerate().map(|(at, number)| {
            let left = self.left[*number as usize];
            // Of a word that goes several times the first counts for all.
            let going = || own.iter().filter(|other| *other == number).count() as u32;
            let counted = own[..at].contains(number);
            if !counted && left.0 <= going() { left.1 } else { 0 }
        });
        each.sum()
    }

    fn take(&mut self, places: Range<usize>, span: Range<usize>) {
        let price = self.price(places.clone());
        if price > self.allowance || places.clone().any(|place| self.is_gone[place]) {
            return;
        }
        self.allowance -= price;
        for place in places {
            self.is_gone[place] = true;
            self.left[self.numbers[place] as usize].0 -= 1;
        }
        self.gone.push(span);
    }

    /// Whether the words of grammar are those of English.
    fn is_english(&self) -> bool {
        let known = self.sets.iter().filter(|sets| **sets >> CLASSES.len() & 1 == 1);
        known.count() * ENGLISH_EVERY >= self.words.len()
    }

    /// Whole sentences that only greet, thank or exclaim, where others stay.
    fn courtesies(&mut self) {
        let spans = sentences(self.text);
        if spans.len() < 2 {
            return;
        }
        let mut from = 0;
        for span in spans {
            let to = (from..self.words.len())
                .find(|place| self.words.span(*place).start >= span.end)
                .unwrap_or(self.words.len());
            if courtesy::is_courtesy(&self.text[span.clone()], self.words.part(from..to)) {
                self.take(from..to, span);
            }
            from = to;
        }
    }

    fn classes(&mut self) {
        let any = self.sets.iter().fold(0, |all, sets| all | sets);
        for class in (0..CLASSES.len()).filter(|class| any >> class & 1 == 1) {
            for place in 0..self.words.len() {
                if self.sets[place] >> class & 1 == 1 && !self.is_gone[place] && self.is_free(place) {
                    self.take(place..place + 1, self.words.span(place));
                }
            }
        }
    }

    /// Whether a word can go without a change of what is said: it stands alone, is no abbreviation (`US`, `IT`, `plan A`),
    /// and belongs to no negation (`not just`) and no number (`10 am`, `2 to 3`).
    fn is_free(&self, place: usize) -> bool {
        let (word, span) = (self.words.spoken(place), self.words.span(place));
        let capitals = word.chars().filter(|c| c.is_uppercase()).count();
        let opens = place == 0 || self.text[self.words.span(place - 1).end..span.start].contains(['.', '!', '?', '\n']);
        let abbreviates = capitals > 1 || (word == "A" && !opens);
        let counts = |place: usize| self.words.lower(place).starts_with(|c: char| c.is_ascii_digit());
        let binds = |place: usize| {
            let classes = self.words.classes(place);
            classes.has(NEGATION) || classes.has(NUMBER) || counts(place)
        };
        let bound = (place > 0 && !opens && binds(place - 1)) || counts(place + 1);
        !abbreviates && !bound && self.stands_alone(span)
    }

    /// A word between white space or marks of a sentence, not part of `A/B`, `a-b`, `a.m.` or an address; a short form goes
    /// with its apostrophe or not at all.
    fn stands_alone(&self, span: Range<usize>) -> bool {
        let before = self.text[..span.start].chars().next_back();
        let mut after = self.text[span.end..].chars();
        let open = before.is_none_or(|c| c.is_whitespace() || "(\"“{".contains(c));
        let closed = after.next().is_none_or(|c| {
            c.is_whitespace() || (",.!?…)\"”}".contains(c) && !after.next().is_some_and(char::is_alphanumeric))
        });
        open && closed
    }

    /// Particles lie within runs of Han characters, which have a share of their own: of their characters.
    fn particles(&mut self) {
        if self.text.is_ascii() {
            return;
        }
        let runs = (0..self.words.len()).filter(|place| self.words.is_unspaced(*place));
        let characters: usize = runs.map(|place| self.words.spoken(place).chars().count()).sum();
        let mut left = (characters as f32 * self.share) as usize;
        for span in han::particles(self.text) {
            let length = self.text[span.clone()].chars().count();
            if length <= left {
                left -= length;
                self.gone.push(span);
            }
        }
    }
}

/// Adds a piece, without doubling a space, or leaving one or a comma where words went before it.
fn append(kept: &mut String, piece: &str) {
    let mut piece = piece;
    if kept.is_empty() || kept.ends_with([' ', '\n']) {
        piece = piece.trim_start_matches([' ', ',']);
    }
    if piece.starts_with(['.', ',', '!', '?']) && kept.ends_with(' ') {
        kept.pop();
    }
    kept.push_str(piece);
}

#[cfg(test)]
mod tests;
