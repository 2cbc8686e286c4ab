//! Takes one line apart into numbers, signs and words.

use std::ops::Range;

/// What a piece of a line is to arithmetic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Number(f64),
    /// `+`, `-`, `*` or `/`.
    Sign(char),
    Open,
    Close,
    Percent,
    Equals,
    /// A word of several letters: a unit, mostly.
    Word,
    /// A single letter, which may stand for something unknown.
    Letter,
    /// Where an annotation such as `<<3*60=180>>` stood.
    Note,
    /// A mark at which a statement ends.
    Break,
}

/// One piece, with its bytes in the line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) place: Range<usize>,
}

impl Token {
    /// The value of a number.
    pub(super) fn number(&self) -> Option<f64> {
        match self.kind {
            Kind::Number(value) => Some(value),
            _ => None,
        }
    }
}

/// The pieces of a text that begins at byte `at` of its line, behind those that are there.
pub(super) fn tokens(text: &str, at: usize, all: &mut Vec<Token>) {
    let mut rest = text;
    while let Some(ch) = rest.chars().next() {
        let start = text.len() - rest.len();
        let (kind, length) = match ch {
            '0'..='9' | '.' if starts_number(rest) => number(rest),
            '\\' => (None, command(rest)),
            _ if ch.is_alphabetic() => word(rest, all),
            _ => (sign(ch), ch.len_utf8()),
        };
        let kind = match (ch, length) {
            ('\\', 6..) if rest.starts_with("\\times") => Some(Kind::Sign('*')),
            ('\\', 4..) if rest.starts_with("\\div") => Some(Kind::Sign('/')),
            ('\\', 5..) if rest.starts_with("\\cdot") => Some(Kind::Sign('*')),
            _ => kind,
        };
        if let Some(kind) = kind {
            let place = at + start..at + start + length;
            all.push(Token { kind, place });
        }
        rest = &rest[length..];
    }
}

/// The numbers in digits among the pieces of a text.
pub(super) fn numbers(text: &str) -> impl Iterator<Item = f64> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            rest = &rest[rest.find(|ch: char| ch.is_ascii_digit() || ch == '.')?..];
            let (kind, length) = if starts_number(rest) { number(rest) } else { (None, 1) };
            rest = &rest[length..];
            if let Some(Kind::Number(value)) = kind {
                return Some(value);
            }
        }
    })
}

fn starts_number(text: &str) -> bool {
    text.trim_start_matches('.').starts_with(|ch: char| ch.is_ascii_digit()) && !text.starts_with("..")
}

/// A number with points between thousands or before a fraction, as it is written in English.
fn number(text: &str) -> (Option<Kind>, usize) {
    let bytes = text.as_bytes();
    let digits = |at: usize| bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = digits(0);
    while bytes.get(end) == Some(&b',') && digits(end + 1) == 3 {
        end += 4;
    }
    if bytes.get(end) == Some(&b'.') && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
    }
    let plain: String = text[..end].chars().filter(|ch| *ch != ',').collect();
    (plain.parse().ok().map(Kind::Number), end)
}

/// How long a command of TeX is.
fn command(text: &str) -> usize {
    1 + text[1..].bytes().take_while(u8::is_ascii_alphabetic).count()
}

fn word(text: &str, before: &[Token]) -> (Option<Kind>, usize) {
    let length = text.find(|ch: char| !ch.is_alphabetic()).unwrap_or(text.len());
    let follows = before.last().map(|token| token.kind);
    let kind = match &text[..length] {
        // Behind something to multiply it is a sign, else a letter that stands for something.
        "x" | "X" => match follows {
            Some(Kind::Number(_) | Kind::Close | Kind::Percent | Kind::Word | Kind::Note) => Kind::Sign('*'),
            _ => Kind::Letter,
        },
        "a" | "A" | "I" => Kind::Word,
        one if one.len() == 1 => Kind::Letter,
        _ => Kind::Word,
    };
    (Some(kind), length)
}

fn sign(ch: char) -> Option<Kind> {
    Some(match ch {
        '+' => Kind::Sign('+'),
        '-' | '−' | '–' => Kind::Sign('-'),
        '*' | '×' | '·' | '⋅' => Kind::Sign('*'),
        '/' | '÷' => Kind::Sign('/'),
        '(' => Kind::Open,
        ')' => Kind::Close,
        '%' => Kind::Percent,
        '=' | '≈' => Kind::Equals,
        '.' | ',' | ';' | ':' | '"' => Kind::Break,
        _ => return None,
    })
}
