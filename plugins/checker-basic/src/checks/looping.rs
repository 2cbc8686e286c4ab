//! A reply that goes round in circles.
//!
//! Four looks at the same text: one character comes again and again; the last words repeat with some period; the last
//! lines do; or the last words keep falling into sequences that were there before. All remember a fixed number of hashes.

mod lag;
mod share;

use lag::Lag;
use share::Share;

use super::{Hit, Then};
use crate::settings;
use wording::Bytes;
use wording::fnv;
use wording::{STOP, Word};

/// Code, JSON and rows of numbers repeat themselves by nature: they get this many times the length.
const PATIENCE: u32 = 4;

/// Runs of one character that are ordinary, such as rules between sections, are far shorter.
const LONGEST_RUN: u32 = 300;

/// The state of all four looks.
pub(crate) struct Looping {
    words: Lag<48>,
    lines: Lag<12>,
    share: Share,
    line: Line,
    run: (char, u32, u32),
    /// Where the numbers began that were read last, if no word came since.
    numbers: Option<u32>,
    is_json: bool,
}

/// The line that is being read.
#[derive(Default)]
struct Line {
    hash: u32,
    start: u32,
    end: u32,
    words: u32,
}

impl Looping {
    pub(crate) fn new(is_json: bool) -> Self {
        Self {
            words: Lag::default(),
            lines: Lag::default(),
            share: Share::default(),
            line: Line::default(),
            run: ('\0', 0, 0),
            numbers: None,
            is_json,
        }
    }

    /// Takes the next character; says so when the reply has begun to loop with it.
    pub(crate) fn push(&mut self, ch: char, at: u32, settings: &settings::Loop, in_code: bool) -> Option<Hit> {
        let (same, start, length) = self.run;
        self.run = if ch == same {
            (ch, start, length + 1)
        } else {
            (ch, at, 1)
        };
        if self.run.2 >= LONGEST_RUN {
            let end = at.saturating_add(ch.len_utf8() as u32);
            return Some(hit(
                "loop:characters",
                format!("{ch:?} repeats on and on"),
                self.run.1,
                end,
                settings,
            ));
        }
        if ch != '\n' {
            return None;
        }
        let line = std::mem::take(&mut self.line);
        if line.words == 0 {
            return None;
        }
        let least = self.least(settings, in_code, line.end);
        let start = self
            .lines
            .push(line.hash, line.start, line.end, settings.repeats, least)?;
        Some(hit(
            "loop:lines",
            "the same lines repeat".to_owned(),
            start,
            line.end,
            settings,
        ))
    }

    /// How many letters can be taken at once: so many that no run of one character ends the review among them.
    pub(crate) fn room(&self) -> usize {
        (LONGEST_RUN - 1).saturating_sub(self.run.2) as usize
    }

    /// Takes letters, no more than there is room for.
    pub(crate) fn letters(&mut self, letters: &str, at: u32) {
        let Some(last) = letters.bytes().next_back() else {
            return;
        };
        let alike = letters.bytes().rev().take_while(|byte| *byte == last).count() as u32;
        let (same, start, length) = self.run;
        let goes_on = alike as usize == letters.len() && same == char::from(last);
        self.run = if goes_on {
            (same, start, length + alike)
        } else {
            let start = at.saturating_add(letters.len() as u32 - alike);
            (char::from(last), start, alike)
        };
    }

    /// Takes the next word, likewise.
    pub(crate) fn word(&mut self, word: &Word, settings: &settings::Loop, in_code: bool) -> Option<Hit> {
        if word.text == STOP {
            return None;
        }
        let Bytes { start, end } = word.place;
        let is_number = word.text.bytes().all(|byte| byte.is_ascii_digit());
        self.numbers = if is_number { self.numbers.or(Some(start)) } else { None };
        let hash = fnv(word.text.as_bytes());
        // A number at the beginning of a line is its number in a list: lines that differ in it alone are the same.
        if self.line.words > 0 || !is_number {
            if self.line.words == 0 {
                self.line.start = start;
            }
            self.line = Line {
                hash: self.line.hash.wrapping_mul(31).wrapping_add(hash),
                start: self.line.start,
                end,
                words: self.line.words + 1,
            };
        }
        let least = self.least(settings, in_code, end);
        if let Some(from) = self.words.push(hash, start, end, settings.repeats, least) {
            return Some(hit(
                "loop:words",
                "the same words repeat".to_owned(),
                from,
                end,
                settings,
            ));
        }
        if in_code || self.is_json || is_number {
            return None;
        }
        let from = self.share.push(hash, start, settings.share)?;
        Some(hit(
            "loop:phrases",
            "hardly a phrase is new".to_owned(),
            from,
            end,
            settings,
        ))
    }

    /// How many bytes a repetition must cover that ends at byte `end`.
    fn least(&self, settings: &settings::Loop, in_code: bool, end: u32) -> u32 {
        let is_numeric = self.numbers.is_some_and(|start| end - start >= settings.min_bytes);
        let factor = if in_code || self.is_json || is_numeric {
            PATIENCE
        } else {
            1
        };
        settings.min_bytes.saturating_mul(factor)
    }
}

fn hit(code: &'static str, text: String, start: u32, end: u32, settings: &settings::Loop) -> Hit {
    Hit {
        code,
        text,
        span: Some(Bytes { start, end }),
        score: 1.0,
        then: Then::Do(settings.action),
    }
}
