//! Phrases to look for in a text: words in order, with alternatives and gaps.

use crate::lexicon::{Id, Lexicon};
use crate::words::{STOP, each_word};

/// How many words `..` may stand for.
const GAP: usize = 4;

/// Some phrases, each of which is a sign of something.
pub struct Phrases<S> {
    phrases: Vec<Phrase<S>>,
    /// The phrases that begin with a word, by its number: most words begin none.
    starts: Vec<Vec<usize>>,
    stop: Id,
}

struct Phrase<S> {
    sign: S,
    steps: Vec<Step>,
}

impl<S> Default for Phrases<S> {
    fn default() -> Self {
        Self {
            phrases: Vec::new(),
            starts: Vec::new(),
            stop: 0,
        }
    }
}

/// One word of a phrase, in any of its forms.
struct Step {
    forms: Vec<Id>,
    after_gap: bool,
}

/// Where a phrase was found, in words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found<S> {
    /// What the phrase is a sign of.
    pub sign: S,
    /// Its first word.
    pub start: usize,
    /// One past its last word.
    pub end: usize,
}

impl<S: Copy> Phrases<S> {
    /// Adds phrases, one a line: words apart by spaces, `a/b` for either, `..` for up to four words of one sentence.
    pub fn add(&mut self, lexicon: &mut Lexicon, sign: S, lines: &str) {
        self.stop = lexicon.add(STOP);
        for line in lines.lines().filter(|line| !line.trim().is_empty()) {
            let mut steps = Vec::new();
            let mut after_gap = false;
            for piece in line.split_whitespace() {
                if piece == ".." {
                    after_gap = true;
                    continue;
                }
                for forms in alternatives(piece, lexicon) {
                    steps.push(Step {
                        forms,
                        after_gap: std::mem::take(&mut after_gap),
                    });
                }
            }
            for id in steps.first().map_or(&[][..], |step: &Step| &step.forms) {
                let at = usize::from(*id);
                if self.starts.len() <= at {
                    self.starts.resize_with(at + 1, Vec::new);
                }
                self.starts[at].push(self.phrases.len());
            }
            self.phrases.push(Phrase { sign, steps });
        }
    }

    /// The first place of each phrase among `words`.
    pub fn find(&self, words: &[Id]) -> Vec<Found<S>> {
        let mut is_found = vec![false; self.phrases.len()];
        let mut found = Vec::new();
        for (start, word) in words.iter().enumerate() {
            for number in self.starts.get(usize::from(*word)).into_iter().flatten() {
                let phrase = &self.phrases[*number];
                if !is_found[*number]
                    && let Some(end) = self.follow(&phrase.steps[1..], words, start + 1)
                {
                    is_found[*number] = true;
                    found.push(Found {
                        sign: phrase.sign,
                        start,
                        end,
                    });
                }
            }
        }
        found
    }

    /// Where the rest of a phrase ends, if it goes on at `at`.
    fn follow(&self, steps: &[Step], words: &[Id], at: usize) -> Option<usize> {
        let Some((step, rest)) = steps.split_first() else {
            return Some(at);
        };
        let last = if step.after_gap { at + GAP } else { at };
        for next in at..=last.min(words.len().checked_sub(1)?) {
            if step.forms.contains(&words[next])
                && let Some(end) = self.follow(rest, words, next + 1)
            {
                return Some(end);
            }
            if words[next] == self.stop {
                return None;
            }
        }
        None
    }
}

/// The steps that one piece of a phrase stands for: several where its script writes each character as a word.
fn alternatives(piece: &str, lexicon: &mut Lexicon) -> Vec<Vec<Id>> {
    let mut steps: Vec<Vec<Id>> = Vec::new();
    for form in piece.split('/') {
        let mut place = 0;
        each_word(form, |word| {
            let id = lexicon.add(word.text);
            match steps.get_mut(place) {
                Some(forms) => forms.push(id),
                None => steps.push(vec![id]),
            }
            place += 1;
        });
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(phrase: &str, text: &str) -> bool {
        let mut lexicon = Lexicon::default();
        let mut phrases = Phrases::default();
        phrases.add(&mut lexicon, (), phrase);
        let mut ids = Vec::new();
        each_word(text, |word| ids.push(lexicon.look_up(word.text).id));
        !phrases.find(&ids).is_empty()
    }

    #[test]
    fn a_phrase_matches_whole_words_in_order() {
        assert!(matches("i cannot/can't help", "Well, I can’t help."));
        assert!(!matches("i cannot/can't help", "I helped. I cannot."));
    }

    #[test]
    fn a_gap_stays_short_and_within_a_sentence() {
        assert!(matches("i cannot .. help", "I cannot in good faith help you"));
        assert!(!matches("i cannot .. help", "I cannot. Please help"));
        assert!(!matches("i cannot .. help", "I cannot one two three four five help"));
    }

    #[test]
    fn characters_of_unspaced_scripts_match_in_order() {
        assert!(matches("无法 .. 帮助", "我无法为您提供帮助"));
        assert!(!matches("无法 .. 帮助", "法无帮助"));
    }
}
