//! Shortens a message without losing what it says: a bounded share of its words goes, the emptiest first.

use std::collections::HashMap;
use std::ops::Range;

use crate::conversation::READ;
use crate::language::sentences::sentences;
use crate::language::words::{Word, words};

/// What may go, the emptiest first. A negation, a number or a word of meaning stands in no class.
const CLASSES: &[&[&str]] = &[
    &["uh", "um", "hmm", "mm", "er", "erm", "oh", "ah", "wow", "hey", "yeah"],
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
/// Particles and fillers of Chinese that may go.
const PARTICLES: &[&str] = &[
    "就是说",
    "其实",
    "真的",
    "那个",
    "啊",
    "呀",
    "呢",
    "吧",
    "嗯",
    "哦",
    "嘛",
    "啦",
    "哈",
];
/// Words of a sentence that only greets or agrees.
const COURTESY: &[&str] = &[
    "hey",
    "hi",
    "hello",
    "wow",
    "thanks",
    "thank",
    "cool",
    "awesome",
    "great",
    "nice",
    "sure",
    "yep",
    "okay",
    "ok",
    "yeah",
    "right",
    "absolutely",
    "definitely",
    "totally",
    "sounds",
    "glad",
];
/// A sentence with more words than this is never taken for a courtesy.
const COURTESY_WORDS: usize = 5;

/// The text with at most `share` of its words (0 to 1) left out; `None` where nothing can go, or where the text is not
/// prose: code, data and tables keep every character.
pub fn trim(text: &str, share: f32) -> Option<String> {
    if share <= 0.0 || text.len() > READ || !is_prose(text) {
        return None;
    }
    let mut cut = Cut::new(text, share);
    cut.courtesies();
    cut.classes();
    cut.finish()
}

/// Whether a text is written to be read: few braces, no code fence, no indented lines.
fn is_prose(text: &str) -> bool {
    let marks = text.bytes().filter(|byte| b"<>|=\\`_/$#;".contains(byte)).count();
    let indented = text.lines().filter(|line| line.starts_with(['\t', ' '])).count();
    !text.contains("```") && marks * 25 < text.len() && indented <= 1
}

struct Cut<'a> {
    text: &'a str,
    words: Vec<Word<'a>>,
    lower: Vec<String>,
    /// How often each word is still there, and stood there at first.
    left: HashMap<String, (u32, u32)>,
    gone: Vec<Range<usize>>,
    is_gone: Vec<bool>,
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

    /// Whole sentences that only greet, thank or agree, where others stay.
    fn courtesies(&mut self) {
        let spans = sentences(self.text);
        if spans.len() < 2 {
            return;
        }
        for span in spans {
            let from = self.words.partition_point(|word| word.start < span.start);
            let to = self.words.partition_point(|word| word.start < span.end);
            let opens = self
                .lower
                .get(from)
                .is_some_and(|word| COURTESY.contains(&word.as_str()));
            if from < to && to - from <= COURTESY_WORDS && opens && !self.text[span.clone()].contains('?') {
                self.take(from..to, span);
            }
        }
    }

    fn classes(&mut self) {
        for class in CLASSES {
            for place in 0..self.words.len() {
                let word = self.words[place];
                if class.contains(&self.lower[place].as_str()) && !self.is_gone[place] && self.stands_alone(place) {
                    self.take(place..place + 1, word.start..word.end());
                }
            }
        }
        for particle in PARTICLES {
            for (at, found) in self.text.match_indices(particle) {
                self.particle(at, found.len());
            }
        }
    }

    /// A word between white space or marks of a sentence, not part of `A/B`, `a-b` or an address; a short form goes with
    /// its apostrophe or not at all.
    fn stands_alone(&self, place: usize) -> bool {
        let word = &self.words[place];
        let before = self.text[..word.start].chars().next_back();
        let after = self.text[word.end()..].chars().next();
        let open = before.is_none_or(|c| c.is_whitespace() || "(\"“{".contains(c));
        open && after.is_none_or(|c| c.is_whitespace() || ",.!?…)\"”}".contains(c))
    }

    /// Particles lie within a run of Han characters, which counts as one word: it is shortened by a share of its own.
    fn particle(&mut self, at: usize, length: usize) {
        let _ = (at, length);
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
