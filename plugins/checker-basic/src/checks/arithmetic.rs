//! Arithmetic in a reply: is what it says to be equal equal, and does it answer the quantity that was asked for?
//!
//! Line by line, each `token` goes to the `statement`s that are read out of it, whose sides are computed again
//! (`expression`). What was computed from what, and the `question`, make the `features` of a logistic model (`weights`):
//! how likely the answer to a word problem is wrong.

mod expression;
mod features;
mod question;
mod statement;
mod token;
mod weights;

pub use features::{Features, NAMES as ARITHMETIC};

use super::{Hit, Then};
use crate::settings;
use question::{Question, worded};
use statement::{Listener, agrees};
use token::Token;
use wording::Bytes;

/// Bytes of a line that are read together.
const LONGEST: usize = 2_048;

/// Numbers of each kind that are remembered.
const MOST: usize = 96;

/// Wrong statements that are reported one by one.
const REPORTED: usize = 8;

/// Reads the text of one choice.
#[derive(Default)]
pub(crate) struct Arithmetic {
    line: String,
    at: u32,
    /// Whether the line has anything to compute, or an answer.
    has_digits: bool,
    reply: Reply,
}

/// What was read of a reply.
#[derive(Default)]
struct Reply {
    numbers: Vec<f64>,
    operands: Vec<f64>,
    results: Vec<f64>,
    checked: u32,
    wrong: u32,
    hits: Vec<(Bytes, f64, f64)>,
    /// The last number of all.
    last: Option<f64>,
    /// The number behind a mark such as `####`.
    marked: Option<f64>,
    hedges: bool,
    reasons: bool,
    /// The last character that is not white space, and whether it ends an annotation.
    end: Option<char>,
    annotation_open: bool,
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
        if self.line.len() >= LONGEST {
            self.end_line();
        }
    }

    /// Takes the next word.
    pub(crate) fn word(&mut self, word: &str) {
        let reply = &mut self.reply;
        match word {
            "assume" | "assuming" | "however" | "unclear" | "but" | "cannot" | "impossible" | "determine" => {
                reply.hedges = true
            }
            "since" | "because" => reply.reasons = true,
            _ => {
                if let Some(value) = worded(word) {
                    keep(&mut reply.numbers, value);
                }
            }
        }
    }

    /// The features of the answer to a word problem, where the question is one.
    pub(crate) fn features(&mut self, question: &str) -> Option<Features> {
        self.end_line();
        let question = Question::read(question)?;
        let has_results = !self.reply.results.is_empty();
        question
            .is_problem(has_results)
            .then(|| features::features(&question, &self.reply))
    }

    /// The reply has ended: judges it by the question, where there is one.
    pub(crate) fn finish(&mut self, question: Option<&str>, settings: &settings::Arithmetic) -> Judgement {
        let doubt = question
            .and_then(|question| self.features(question))
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
        let line = std::mem::take(&mut self.line);
        if !line.trim().is_empty() {
            self.reply.end = line.trim_end().chars().next_back();
            self.reply.annotation_open = line.rfind("<<").is_some_and(|open| !line[open..].contains(">>"));
            if self.reply.end == Some('>') {
                self.reply.end = None;
            }
        }
        if std::mem::take(&mut self.has_digits) {
            statement::read(
                &line,
                &mut Reading {
                    reply: &mut self.reply,
                    at: self.at,
                },
            );
            if let Some(mark) = mark(&line) {
                let mut all = Vec::new();
                token::tokens(mark, 0, &mut all);
                let negative = mark.trim_start_matches([' ', '$', ':', '*']).starts_with('-');
                let value = all.iter().find_map(Token::number);
                self.reply.marked = value
                    .map(|value| if negative { -value } else { value })
                    .or(self.reply.marked);
            }
        }
        self.line = line;
        self.line.clear();
    }
}

/// Tells a reply what a line of it says.
struct Reading<'a> {
    reply: &'a mut Reply,
    at: u32,
}

impl Listener for Reading<'_> {
    fn operands(&mut self, numbers: &[Token]) {
        numbers
            .iter()
            .filter_map(Token::number)
            .for_each(|number| keep(&mut self.reply.operands, number));
    }

    fn result(&mut self, value: f64) {
        keep(&mut self.reply.results, value);
    }

    fn equal(&mut self, left: f64, right: f64, at: &Token) {
        self.reply.checked += 1;
        if agrees(left, right) {
            return;
        }
        self.reply.wrong += 1;
        if self.reply.hits.len() < REPORTED {
            let byte = |byte: usize| self.at.saturating_add(byte as u32);
            let place = Bytes {
                start: byte(at.place.start),
                end: byte(at.place.end),
            };
            self.reply.hits.push((place, left, right));
        }
    }

    fn number(&mut self, value: f64) {
        self.reply.last = Some(value);
        keep(&mut self.reply.numbers, value);
    }
}

impl Reply {
    /// The answer: the number that is marked as such, or else the last one.
    fn answer(&self) -> Option<f64> {
        self.marked.or(self.last)
    }

    /// Whether the reply ends before its end.
    fn is_cut(&self) -> bool {
        self.marked.is_none() && (self.annotation_open || !matches!(self.end, Some('.' | '!' | ')' | ']')))
    }
}

/// What follows a mark of the final answer.
fn mark(line: &str) -> Option<&str> {
    ["####", "\\boxed{", "nswer is", "nswer:"]
        .iter()
        .find_map(|mark| Some(line.split_once(mark)?.1))
}

fn keep(numbers: &mut Vec<f64>, value: f64) {
    if numbers.len() < MOST {
        numbers.push(value);
    }
}

/// A value as people write it.
fn round(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
