//! What a question in words asks for, and how intricate it is.

use super::token::{Token, tokens};
use wording::each_word;

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
    /// Reads a question; `None` where the text is too long to be one.
    pub(super) fn read(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let mut all = Vec::new();
        tokens(text, 0, &mut all);
        let mut question = Self {
            numbers: all.iter().filter_map(Token::number).collect(),
            names: names(text),
            has_fractions: text
                .as_bytes()
                .windows(3)
                .any(|three| three[0].is_ascii_digit() && three[1] == b'/' && three[2].is_ascii_digit()),
            relations: text.matches('%').count() as u32,
            ..Self::default()
        };
        let mut last = String::new();
        each_word(text, |word| {
            question.word(word.text, &last);
            last.clear();
            last.push_str(word.text);
        });
        Some(question)
    }

    /// Whether a quantity is asked for that must be computed, or something that the reply computed.
    pub(super) fn is_problem(&self, has_results: bool) -> bool {
        (self.asks || (self.asks_something && has_results)) && self.numbers.len() + self.worded.len() >= 2
    }

    fn word(&mut self, word: &str, before: &str) {
        self.words += u32::from(word.bytes().any(|byte| byte.is_ascii_alphabetic()));
        self.worded.extend(worded(word));
        match word {
            "more" | "fewer" | "less" | "than" | "times" | "twice" | "half" | "third" | "quarter" | "percent"
            | "remaining" | "left" | "rest" | "each" | "every" | "per" | "first" | "then" | "after" | "before"
            | "if" | "but" | "except" | "average" | "older" | "younger" | "same" | "only" | "another"
            | "additional" | "total" | "altogether" => {
                self.relations += 1;
            }
            _ => {}
        }
        self.has_fractions |= matches!(word, "half" | "third" | "quarter" | "fifth" | "thirds" | "fourth");
        self.has_ages |= matches!(word, "age" | "old" | "older" | "years" | "ago");
        self.has_days |= matches!(word, "day" | "days" | "week" | "weeks" | "month" | "months" | "year");
        self.asks |= before == "how"
            && matches!(
                word,
                "many" | "much" | "long" | "far" | "old" | "fast" | "tall" | "high"
            )
            || matches!(word, "calculate" | "compute");
        self.asks_something |= matches!(word, "how" | "what" | "whats" | "determine" | "find");
    }
}

/// Different words with a capital within a sentence.
fn names(text: &str) -> u32 {
    let mut names: Vec<&str> = Vec::new();
    let mut inside = false;
    for word in text.split(' ') {
        let name = word.trim_matches(|ch: char| !ch.is_alphanumeric());
        let capital = name.chars().count() > 1 && name.starts_with(char::is_uppercase);
        if inside && capital && !names.contains(&name) {
            names.push(name);
        }
        inside = word.ends_with(|ch: char| ch.is_lowercase() || ch == ',');
    }
    names.len() as u32
}

/// The value of a number in words.
pub(super) fn worded(word: &str) -> Option<f64> {
    Some(match word {
        "one" => 1.0,
        "two" | "twice" | "double" | "thrice" | "couple" | "pair" => 2.0,
        "three" | "triple" => 3.0,
        "four" => 4.0,
        "five" => 5.0,
        "six" => 6.0,
        "seven" => 7.0,
        "eight" => 8.0,
        "nine" => 9.0,
        "ten" => 10.0,
        "eleven" => 11.0,
        "twelve" | "dozen" => 12.0,
        "twenty" => 20.0,
        "thirty" => 30.0,
        "forty" => 40.0,
        "fifty" => 50.0,
        "hundred" => 100.0,
        "half" => 0.5,
        "quarter" | "fourth" => 0.25,
        "third" => 1.0 / 3.0,
        "thirds" => 2.0 / 3.0,
        "fifth" => 0.2,
        "tenth" => 0.1,
        _ => return None,
    })
}
