//! What a question in words asks for, and how intricate it is.

use super::terms::{self, Terms};
use super::token::numbers;
use crate::prompt::{Heard, Prompt};
use wording::{Lexicon, eight, find_byte};

/// Longer texts are documents rather than questions.
const LONGEST: usize = 4_096;

/// A question that asks for a quantity.
#[derive(Debug, Default)]
pub(super) struct Question {
    /// Numbers in digits.
    pub(super) numbers: Vec<f64>,
    /// Numbers in words.
    pub(super) worded: Vec<f64>,
    /// Words.
    pub(super) words: u32,
    /// Words that tie quantities to each other.
    pub(super) relations: u32,
    /// Different names.
    pub(super) names: u32,
    pub(super) has_fractions: bool,
    pub(super) has_ages: bool,
    pub(super) has_days: bool,
    /// Whether it asks for a quantity.
    asks: bool,
    /// Whether it asks for anything.
    asks_something: bool,
}

impl Question {
    /// Reads a question where it is a problem: a quantity is asked for that must be computed, or something that the reply
    /// computed. `None` where it is not, or too long to be one.
    pub(super) fn read(prompt: &Prompt, lexicon: &Lexicon, terms: &Terms, has_results: bool) -> Option<Self> {
        let text = prompt.text();
        if text.len() > LONGEST {
            return None;
        }
        let mut question = Self::default();
        let mut before = terms::Term::default();
        for heard in prompt.words(lexicon) {
            before = question.word(*heard, before, terms);
        }
        // Most questions are known here to be none, and are not read any closer.
        let asks = question.asks || (question.asks_something && has_results);
        let digits = || text.bytes().filter(u8::is_ascii_digit).take(2).count();
        if !asks || digits() + question.worded.len() < 2 {
            return None;
        }
        question.numbers = numbers(text).collect();
        question.names = names(text);
        question.relations += eight::each(text.as_bytes())
            .map(|eight| eight::equal(eight, b'%').count_ones())
            .sum::<u32>();
        question.has_fractions |= has_fraction(text);
        (question.numbers.len() + question.worded.len() >= 2).then_some(question)
    }

    /// Takes the next word, and gives what it says.
    fn word(&mut self, heard: Heard, before: terms::Term, terms: &Terms) -> terms::Term {
        let term = terms.of(heard.known.id);
        self.words += u32::from(heard.is_latin);
        // Most words say nothing to arithmetic.
        if term.signs == 0 && term.value.is_none() {
            return term;
        }
        let says = |sign| term.signs & sign != 0;
        self.worded.extend(term.value);
        self.relations += u32::from(says(terms::RELATION));
        self.has_fractions |= says(terms::FRACTION);
        self.has_ages |= says(terms::AGE);
        self.has_days |= says(terms::DAY);
        self.asks |= (before.signs & terms::HOW != 0 && says(terms::QUANTITY)) || says(terms::COMPUTE);
        self.asks_something |= says(terms::ASKS);
        term
    }
}

/// Whether one number in digits is divided by another, as in `3/4`.
fn has_fraction(text: &str) -> bool {
    let is_digit = |ch: char| ch.is_ascii_digit();
    let mut from = 0;
    while let Some(next) = find_byte(&text.as_bytes()[from..], |byte| byte == b'/') {
        let at = from + next;
        from = at + 1;
        if text[..at].ends_with(is_digit) && text[from..].starts_with(is_digit) {
            return true;
        }
    }
    false
}

/// Different words with a capital within a sentence.
fn names(text: &str) -> u32 {
    let mut names: Vec<&str> = Vec::new();
    let mut from = 0;
    // Words without a capital are most words, and are passed over byte by byte.
    let may_be_capital = |byte: u8| byte.is_ascii_uppercase() | !byte.is_ascii();
    while let Some(next) = find_byte(&text.as_bytes()[from..], may_be_capital) {
        let at = from + next;
        let start = text[..at].rfind(' ').map_or(0, |space| space + 1);
        let end = text[at..].find(' ').map_or(text.len(), |space| at + space);
        from = end;
        let goes_on = |ch: char| ch.is_lowercase() || ch == ',';
        let inside = start > 0 && text[..start - 1].ends_with(goes_on);
        let name = text[start..end].trim_matches(|ch: char| !ch.is_alphanumeric());
        let is_name = inside && name.starts_with(char::is_uppercase) && name.chars().nth(1).is_some();
        if is_name && !names.contains(&name) {
            names.push(name);
        }
    }
    names.len() as u32
}
