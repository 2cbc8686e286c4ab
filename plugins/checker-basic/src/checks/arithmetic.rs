//! Arithmetic in a reply: is what it says to be equal equal, and does it answer the quantity that was asked for?
//!
//! Line by line, each `token` goes to the `statement`s that are read out of it, whose sides are computed again
//! (`expression`) and compared (`equality`), unless `units` or `wordings` say more than numbers and signs do. What was computed from what, and the `question`, make the `features` of a logistic model (`weights`):
//! how likely the answer to a word problem is wrong.

mod equality;
mod expression;
mod features;
mod question;
mod reply;
mod sides;
mod statement;
mod terms;
mod token;
mod units;
mod weights;
mod wordings;

pub use features::{Features, NAMES as ARITHMETIC};

pub(crate) use terms::Terms;

use question::Question;
use reply::Reply;

use super::{Hit, Then};
use crate::choice::Reader;
use crate::prompt::Prompt;
use wording::Id;

/// Bytes of a line that are read together, and then up to where a sentence or a part of one ends.
const LONGEST: usize = 2_048;

/// Reads the text of one choice.
#[derive(Default)]
pub(crate) struct Arithmetic {
    line: String,
    at: u32,
    /// Whether the line has anything to compute, or an answer.
    has_digits: bool,
    reply: Reply,
}

/// How likely the answer is wrong, where that can be told, and what is.
pub(crate) struct Judgement {
    pub(crate) doubt: Option<f32>,
    pub(crate) hits: Vec<Hit>,
}

impl Arithmetic {
    /// Takes the next character, at byte `at`.
    pub(crate) fn push(&mut self, ch: char, at: u32) {
        if ch == '\n' {
            self.end_line();
            return;
        }
        if self.line.is_empty() {
            self.at = at;
        }
        self.has_digits |= ch.is_ascii_digit();
        self.line.push(ch);
        let length = self.line.len();
        if length >= LONGEST && (length >= 2 * LONGEST || ends_part(&self.line)) {
            self.end_line();
        }
    }

    /// How many letters and digits can be taken at once: so many that the line is not read for its length among them.
    pub(crate) fn room(&self) -> usize {
        (LONGEST - 1).saturating_sub(self.line.len())
    }

    /// Takes letters and digits of ASCII, of which the first is byte `at`.
    pub(crate) fn letters(&mut self, letters: &str, at: u32) {
        if self.line.is_empty() {
            self.at = at;
        }
        self.has_digits |= letters.bytes().any(|byte| byte.is_ascii_digit());
        self.line.push_str(letters);
    }

    /// Takes the next word.
    pub(crate) fn word(&mut self, word: Id, terms: &Terms) {
        self.reply.word(terms.of(word));
    }

    /// The features of the answer to a word problem, where the question is one.
    pub(crate) fn features(&mut self, question: &Prompt, reader: &Reader) -> Option<Features> {
        self.end_line();
        let has_results = !self.reply.results.is_empty();
        let question = Question::read(question, &reader.lexicon, &reader.terms, has_results)?;
        Some(features::features(&question, &self.reply))
    }

    /// The reply has ended: judges it by the question, where there is one.
    pub(crate) fn finish(&mut self, question: Option<&Prompt>, reader: &Reader) -> Judgement {
        let settings = &reader.settings.arithmetic;
        let doubt = question
            .and_then(|question| self.features(question, reader))
            .map(|features| weights::probability(&features));
        self.end_line();
        let then = || Then::Do(settings.action);
        let mut hits: Vec<Hit> = Vec::new();
        for (place, computed, said) in &self.reply.hits {
            hits.push(Hit {
                code: "arithmetic:wrong",
                text: format!("says {said}, where {} comes out", round(*computed)),
                span: Some(*place),
                score: 0.9,
                then: then(),
            });
        }
        if doubt.is_some() && self.reply.last.is_none() {
            hits.push(Hit {
                code: "arithmetic:no-answer",
                text: "a quantity is asked for, and there is no number in the reply".to_owned(),
                span: None,
                score: 0.6,
                then: then(),
            });
        } else if let Some(doubt) = doubt.filter(|doubt| *doubt >= settings.doubt) {
            hits.push(Hit {
                code: "arithmetic:doubtful",
                text: "the answer to a word problem is likely wrong".to_owned(),
                span: None,
                score: doubt,
                then: then(),
            });
        }
        hits.retain(|hit| hit.score >= settings.threshold);
        Judgement { doubt, hits }
    }

    fn end_line(&mut self) {
        self.reply.line(&self.line, self.at, self.has_digits);
        self.line.clear();
        self.has_digits = false;
    }
}

/// Whether a text ends between parts of a sentence.
fn ends_part(text: &str) -> bool {
    text.ends_with(char::is_whitespace) && text.trim_end().ends_with(['.', ',', ';', ':', '!', '?'])
}

/// A value as people write it.
fn round(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests;
