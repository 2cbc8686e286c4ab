//! Shortens a message without losing what it says: a bounded share of its words goes, the emptiest first.

mod courtesy;
mod han;

use std::collections::HashMap;
use std::ops::Range;

use crate::conversation::READ;
use crate::language::sentences::sentences;
use crate::language::tables::{NEGATION, NUMBER, classes};
use crate::language::words::{Word, words};

/// What may go, the emptiest first. A negation, a number or a word of meaning stands in no class.
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
    if share <= 0.0 || text.len() > READ || !is_prose(text) {
        return None;
    }
    let mut cut = Cut::new(text, share);
    if cut.is_english() {
        cut.courtesies();
        cut.classes();
    }
    cut.particles();
    cut.finish()
}

/// Whether a text is written to be read: few braces, no code fence, no indented lines.
fn is_prose(text: &str) -> bool {
    let marks = text.bytes().filter(|byte| b"<>|=\\`_/$#;".contains(byte)).count();
    let indented = text.lines().filter(|line| line.starts_with(['\t', ' '])).count();
    let is_json = text.contains("\": ") || text.contains("\":\"");
    !is_json && !text.contains("```") && marks * 25 < text.len() && indented <= 1
}

struct Cut<'a> {
    text: &'a str,
    words: Vec<Word<'a>>,
    lower: Vec<String>,
    /// How often each word is still there, and stood there at first.
    left: HashMap<String, (u32, u32)>,
    gone: Vec<Range<usize>>,
    is_gone: Vec<bool>,
    share: f32,
    /// Words that may yet be lost.
    allowance: u32,
}

impl<'a> Cut<'a> {
    fn new(text: &'a str, share: f32) -> Self {
        let words: Vec<Word> = words(text).collect();
        let lower: Vec<String> = words.iter().map(|word| word.text.to_lowercase()).collect();
        let mut left: HashMap<String, (u32, u32)> = HashMap::new();
        for word in &lower {
            let count = left.entry(word.clone()).or_default();
            *count = (count.0 + 1, count.1 + 1);
        }
        Self {
            text,
            share,
            allowance: (words.len() as f32 * share + 1e-4) as u32,
            is_gone: vec![false; words.len()],
            words,
            lower,
            left,
            gone: Vec::new(),
        }
    }

    /// What leaving these words out would lose: every standing of a word of which none would be left.
    fn price(&self, places: Range<usize>) -> u32 {
        let mut going: HashMap<&str, u32> = HashMap::new();
        places.for_each(|place| *going.entry(self.lower[place].as_str()).or_default() += 1);
        let lost = going
            .iter()
            .filter_map(|(word, count)| self.left.get(*word).filter(|left| left.0 <= *count));
        lost.map(|left| left.1).sum()
    }

    fn take(&mut self, places: Range<usize>, span: Range<usize>) {
        let price = self.price(places.clone());
        if price > self.allowance || places.clone().any(|place| self.is_gone[place]) {
            return;
        }
        self.allowance -= price;
        for place in places {
            self.is_gone[place] = true;
            if let Some(left) = self.left.get_mut(&self.lower[place]) {
                left.0 -= 1;
            }
        }
        self.gone.push(span);
    }

    /// Whether the words of grammar are those of English.
    fn is_english(&self) -> bool {
        let known = self.lower.iter().filter(|word| ENGLISH.contains(&word.as_str()));
        known.count() * ENGLISH_EVERY >= self.words.len()
    }

    /// Whole sentences that only greet, thank or exclaim, where others stay.
    fn courtesies(&mut self) {
        let spans = sentences(self.text);
        if spans.len() < 2 {
            return;
        }
        for span in spans {
            let from = self.words.partition_point(|word| word.start < span.start);
            let to = self.words.partition_point(|word| word.start < span.end);
            if courtesy::is_courtesy(&self.text[span.clone()], &self.words[from..to]) {
                self.take(from..to, span);
            }
        }
    }

    fn classes(&mut self) {
        for class in CLASSES {
            for place in 0..self.words.len() {
                let word = self.words[place];
                if class.contains(&self.lower[place].as_str()) && !self.is_gone[place] && self.is_free(place) {
                    self.take(place..place + 1, word.start..word.end());
                }
            }
        }
    }

    /// Whether a word can go without a change of what is said: it stands alone, is no abbreviation (`US`, `IT`, `plan A`),
    /// and belongs to no negation (`not just`) and no number (`10 am`, `2 to 3`).
    fn is_free(&self, place: usize) -> bool {
        let word = &self.words[place];
        let capitals = word.text.chars().filter(|c| c.is_uppercase()).count();
        let opens = place == 0 || self.text[self.words[place - 1].end()..word.start].contains(['.', '!', '?', '\n']);
        let abbreviates = capitals > 1 || (word.text == "A" && !opens);
        let before = place.checked_sub(1).map(|place| self.lower[place].as_str());
        let after = self.lower.get(place + 1).map(String::as_str);
        let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit()) || classes(word).has(NUMBER);
        let bound = before.is_some_and(|word| classes(word).has(NEGATION) || is_number(word)) && !opens
            || after.is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        !abbreviates && !bound && self.stands_alone(place)
    }

    /// A word between white space or marks of a sentence, not part of `A/B`, `a-b`, `a.m.` or an address; a short form goes
    /// with its apostrophe or not at all.
    fn stands_alone(&self, place: usize) -> bool {
        let word = &self.words[place];
        let before = self.text[..word.start].chars().next_back();
        let mut after = self.text[word.end()..].chars();
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
        let runs = self.words.iter().filter(|word| word.unspaced);
        let characters: usize = runs.map(|word| word.text.chars().count()).sum();
        let mut left = (characters as f32 * self.share) as usize;
        for span in han::particles(self.text) {
            let length = self.text[span.clone()].chars().count();
            if length <= left {
                left -= length;
                self.gone.push(span);
            }
        }
    }

    fn finish(mut self) -> Option<String> {
        if self.gone.is_empty() {
            return None;
        }
        self.gone.sort_by_key(|span| span.start);
        let mut kept = String::with_capacity(self.text.len());
        let mut from = 0;
        for span in &self.gone {
            append(&mut kept, &self.text[from..span.start]);
            from = span.end;
        }
        append(&mut kept, &self.text[from..]);
        let kept = kept.trim();
        (!kept.is_empty()).then(|| kept.to_owned())
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
