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
        if !self.text.is_ascii() {
            self.particles();
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

    /// Particles lie within runs of Han characters, which have a share of their own: of their characters.
    fn particles(&mut self) {
        let runs: usize = self
            .words
            .iter()
            .filter(|word| word.unspaced)
            .map(|word| word.text.chars().count())
            .sum();
        let mut left = (runs as f32 * self.share) as usize;
        for particle in PARTICLES {
            let length = particle.chars().count();
            for (at, _) in self.text.match_indices(particle) {
                let span = at..at + particle.len();
                let taken = self
                    .gone
                    .iter()
                    .any(|gone| gone.start < span.end && span.start < gone.end);
                if length <= left && !taken {
                    left -= length;
                    self.gone.push(span);
                }
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
mod tests {
    use super::*;

    fn trimmed(text: &str) -> String {
        trim(text, 0.2).unwrap_or_else(|| text.to_owned())
    }

    #[test]
    fn courtesies_and_fillers_go_first_and_what_matters_stays() {
        let text = "Hey Mel! I really did not pay the 40 dollars to the man in the shop, so he just kept the lamp.";
        let short = trimmed(text);
        assert!(!short.contains("Hey") && !short.contains("really"), "{short}");
        assert!(
            short.contains("not pay") && short.contains("40 dollars") && short.contains("lamp"),
            "{short}"
        );
    }

    #[test]
    fn at_least_four_fifths_of_the_words_survive() {
        let text =
            "Well, it was so nice to see you in the garden, and the roses are just lovely. The end of it all is near.";
        let short = trimmed(text);
        let left: Vec<String> = words(&short).map(|word| word.text.to_lowercase()).collect();
        let all: Vec<String> = words(text).map(|word| word.text.to_lowercase()).collect();
        let kept = all.iter().filter(|word| left.contains(word)).count();
        assert!(kept * 5 >= all.len() * 4 && short.len() < text.len(), "{short}");
    }

    #[test]
    fn code_data_and_short_texts_stay_as_they_are() {
        for text in [
            "```rust\nlet the = a;\n```",
            r#"{"the": "a", "is": ["of", "to"], "and": {"so": "just"}}"#,
            "ok",
            "",
        ] {
            assert_eq!(trim(text, 0.2), None, "{text}");
        }
        assert_eq!(trim("It is so very nice to be in the house.", 0.0), None);
    }

    #[test]
    fn chinese_loses_particles_and_nothing_else() {
        assert_eq!(
            trimmed("其实那个会议嘛改到明天下午三点了呢，地点还是老地方啊。"),
            "会议嘛改到明天下午三点了呢，地点还是老地方。"
        );
    }
}
