//! A question, taken apart.

use crate::language::lexicon::look;
use crate::language::terms::{Term, pairs};
use crate::language::words::words;
use crate::memory::vocabulary::Vocabulary;

/// A question of more different terms than this is a text: its first words say enough.
const MOST: usize = 255;

/// A question, and what to look for in a text that is not indexed.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// Its different terms.
    terms: Vocabulary,
    /// How often it says each.
    times: Vec<u32>,
    /// It asks for what was said on a subject, rather than for one fact.
    broad: bool,
    /// For each first letter the second ones that its words have, a bit each.
    letters: [u32; 26],
    /// The lowest six bits of its terms.
    low_bits: u64,
}

impl Question {
    /// Reads a question.
    pub fn new(text: &str) -> Self {
        let mut question = Self::default();
        for word in words(text) {
            if word.unspaced {
                pairs(word.text, |term| question.asks_for(term));
                continue;
            }
            if let Some(term) = look(word.text).term {
                question.asks_for(term);
                question.note_letters(word.text);
            }
            let lower = word.text.to_lowercase();
            question.broad |= BROAD.iter().any(|stem| lower.starts_with(stem));
        }
        question
    }

    /// Its different terms, and how often it says each.
    pub fn terms(&self) -> impl ExactSizeIterator<Item = (Term, u32)> {
        self.terms.terms().iter().copied().zip(self.times.iter().copied())
    }

    /// Whether it asks for what was said on a subject, rather than for one fact.
    pub fn is_broad(&self) -> bool {
        self.broad
    }

    /// Gives the place of each term of the question that a text has, in order and with repeats. Most words are passed over by
    /// their first two letters: they are those of the stem.
    pub fn find(&self, text: &str, mut found: impl FnMut(usize)) {
        for word in words(text) {
            if word.unspaced {
                pairs(word.text, |term| {
                    self.place_among_few(term).into_iter().for_each(&mut found)
                });
            } else if word.text.is_ascii() && !self.may_ask_for(word.text) {
                continue;
            } else {
                let place = look(word.text).term.and_then(|term| self.place(term));
                place.into_iter().for_each(&mut found);
            }
        }
    }

    /// The place of a term; most are told apart by their lowest bits.
    fn place_among_few(&self, term: Term) -> Option<usize> {
        (self.low_bits >> (term & 63) & 1 == 1).then(|| self.place(term))?
    }

    /// The place of a term among those of the question.
    pub fn place(&self, term: Term) -> Option<usize> {
        self.terms.number(term).map(|place| place as usize)
    }

    fn asks_for(&mut self, term: Term) {
        if self.times.len() == MOST && self.place(term).is_none() {
            return;
        }
        let place = self.terms.number_or_new(term) as usize;
        if place == self.times.len() {
            self.times.push(0);
        }
        self.times[place] += 1;
        self.low_bits |= 1 << (term & 63);
    }

    fn note_letters(&mut self, word: &str) {
        let mut bytes = word.bytes();
        if let (Some(first), Some(second)) = (bytes.next().and_then(place), bytes.next().and_then(place)) {
            self.letters[first] |= 1 << second;
            // `dying` and `die` are one term: no other stem has a second letter of its own.
            let other = match second {
                SECOND_I => SECOND_Y,
                SECOND_Y => SECOND_I,
                _ => second,
            };
            self.letters[first] |= 1 << other;
        }
    }

    /// Whether a word of ASCII may be one of the question's, by its first two letters.
    fn may_ask_for(&self, word: &str) -> bool {
        let mut bytes = word.bytes();
        match (bytes.next().and_then(place), bytes.next()) {
            (Some(first), Some(second)) => match place(second) {
                Some(second) => self.letters[first] >> second & 1 == 1,
                None => true,
            },
            // One letter alone is no term.
            (Some(_), None) => false,
            (None, _) => true,
        }
    }
}

/// The place of a letter of ASCII in the alphabet.
fn place(byte: u8) -> Option<usize> {
    byte.is_ascii_alphabetic()
        .then(|| usize::from(byte.to_ascii_lowercase() - b'a'))
}

const SECOND_I: usize = (b'i' - b'a') as usize;
const SECOND_Y: usize = (b'y' - b'a') as usize;

/// Stems of words that ask for what was said on a subject.
const BROAD: &[&str] = &[
    "summar",
    "discuss",
    "conversation",
    "opinion",
    "think",
    "thought",
    "conclu",
    "agree",
    "decid",
    "decision",
    "recommend",
    "propos",
    "suggest",
    "attitude",
    "view",
    "concern",
    "describe",
    "explain",
    "introduc",
    "meeting",
    "talk",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::terms::terms;

    #[test]
    fn what_is_found_in_a_text_is_what_its_terms_say() {
        let question =
            Question::new("When did Melanie's dog die, and did she paint in Zürich on 12 May 2023? 她去上海了吗");
        for text in [
            "She painted a dying swan; the paintings hang in zürich, said MELANIE.",
            "On 12 May we were painting. Dyes and dies, 2023 and 12.",
            "昨天我去上海看她，painting也去。",
            "a_die _die die_cast x die2 2die ",
            "Nothing of this.",
            "",
        ] {
            let mut found = Vec::new();
            question.find(text, |place| found.push(question.terms().nth(place).unwrap().0));
            let all = terms(text).into_iter();
            let expected: Vec<Term> = all.filter(|term| question.place(*term).is_some()).collect();
            assert_eq!(found, expected, "{text}");
        }
        assert!(Question::new("What do they think?").is_broad() && !question.is_broad());
    }
}
