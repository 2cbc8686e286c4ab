//! What is remembered of a reply: its numbers, what was computed from what, and what of that is wrong.

use wording::Bytes;

use super::statement::{self, Listener};
use super::terms::{self, Term};
use super::token::{self, Token};

/// Numbers of each kind that are remembered.
const MOST: usize = 96;

/// Wrong statements that are reported one by one.
const REPORTED: usize = 8;

/// What was read of a reply.
#[derive(Default)]
pub(super) struct Reply {
    /// Every number, in digits or words.
    pub(super) numbers: Vec<f64>,
    /// Numbers that something was computed from.
    pub(super) operands: Vec<f64>,
    /// What came out.
    pub(super) results: Vec<f64>,
    /// Statements whose sides are not equal.
    pub(super) wrong: u32,
    /// The first of them: where, what comes out, and what is said.
    pub(super) hits: Vec<(Bytes, f64, f64)>,
    /// The last number of all.
    pub(super) last: Option<f64>,
    /// The number behind a mark such as `####`.
    pub(super) marked: Option<f64>,
    pub(super) hedges: bool,
    pub(super) reasons: bool,
    /// The last character that is not white space, unless it ends an annotation.
    end: Option<char>,
    /// Whether an annotation was begun and not ended.
    annotation_open: bool,
}

impl Reply {
    /// Takes the next word.
    pub(super) fn word(&mut self, word: Term) {
        self.hedges |= word.signs & terms::HEDGE != 0;
        self.reasons |= word.signs & terms::REASON != 0;
        if let Some(value) = word.value {
            keep(&mut self.numbers, value);
        }
    }

    /// Takes the next line, which begins at byte `at`; without digits there is nothing to compute.
    pub(super) fn line(&mut self, line: &str, at: u32, has_digits: bool) {
        if let Some(end) = line.trim_end().chars().next_back() {
            self.end = Some(end).filter(|end| *end != '>');
            self.annotation_open = line.rfind("<<").is_some_and(|open| !line[open..].contains(">>"));
        }
        if !has_digits {
            return;
        }
        statement::read(line, &mut Reading { reply: self, at });
        if let Some(mark) = mark(line) {
            let mut all = Vec::new();
            token::tokens(mark, 0, &mut all);
            let negative = mark.trim_start_matches([' ', '$', ':', '*']).starts_with('-');
            let value = all.iter().find_map(Token::number);
            let value = value.map(|value| if negative { -value } else { value });
            self.marked = value.or(self.marked);
        }
    }

    /// The answer: the number that is marked as such, or else the last one.
    pub(super) fn answer(&self) -> Option<f64> {
        self.marked.or(self.last)
    }

    /// Whether the reply ends before its end.
    pub(super) fn is_cut(&self) -> bool {
        self.marked.is_none() && (self.annotation_open || !matches!(self.end, Some('.' | '!' | ')' | ']')))
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

    fn wrong(&mut self, computed: f64, said: f64, at: &Token) {
        self.reply.wrong += 1;
        if self.reply.hits.len() < REPORTED {
            let byte = |byte: usize| self.at.saturating_add(byte as u32);
            let place = Bytes {
                start: byte(at.place.start),
                end: byte(at.place.end),
            };
            self.reply.hits.push((place, computed, said));
        }
    }

    fn number(&mut self, value: f64) {
        self.reply.last = Some(value);
        keep(&mut self.reply.numbers, value);
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
