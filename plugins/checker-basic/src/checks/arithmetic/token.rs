//! Takes one line apart into numbers, signs and words.

use std::ops::Range;

use wording::find_byte;

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
    /// Is nearly equal.
    About,
    /// A word of several letters: a unit, mostly.
    Word,
    /// A single letter, which may stand for something unknown.
    Letter,
    /// A sign that means something to arithmetic and is not read: a root, a power, a bracket of another form.
    Unread,
    /// `|`: of a table, or around a value.
    Bar,
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

    /// Whether what stands on both sides is said to be equal.
    pub(super) fn is_equals(&self) -> bool {
        matches!(self.kind, Kind::Equals | Kind::About)
    }

    /// Whether it ties what stands on both sides together.
    pub(super) fn is_sign(&self) -> bool {
        matches!(self.kind, Kind::Sign(_) | Kind::Unread)
    }
}

/// The pieces of a text that begins at byte `at` of its line, behind those that are there.
pub(super) fn tokens(text: &str, at: usize, all: &mut Vec<Token>) {
    let mut rest = text;
    while let Some(ch) = rest.chars().next() {
        let start = text.len() - rest.len();
        let (kind, length) = match ch {
            '0'..='9' | '.' if starts_number(rest) => number(rest),
            '\\' => command(rest),
            '*' if rest.starts_with("**") => (stars(&text[..start], &rest[2..]), 2),
            // A comma before decimals, a time, a range.
            ',' | ':' | '–' if stands_between(&text[..start], &rest[ch.len_utf8()..], &is_digit) => {
                (Some(Kind::Unread), ch.len_utf8())
            }
            '!' => (Some(exclamation(&text[..start], &rest[1..])), 1),
            _ if ch.is_alphabetic() => word(rest, all),
            _ => (sign(ch), ch.len_utf8()),
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
            rest = &rest[find_byte(rest.as_bytes(), |byte| byte.is_ascii_digit() | (byte == b'.'))?..];
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

fn is_digit(ch: char) -> bool {
    ch.is_ascii_digit()
}

fn stands_between(before: &str, after: &str, what: &impl Fn(char) -> bool) -> bool {
    before.ends_with(what) && after.starts_with(what)
}

/// Two stars: of bold letters, unless they stand between values or by themselves, as a power does.
fn stars(before: &str, after: &str) -> Option<Kind> {
    let is_value = |ch: char| ch.is_alphanumeric() || ch == '(' || ch == ')';
    let power = stands_between(before, after, &is_value) || stands_between(before, after, &char::is_whitespace);
    power.then_some(Kind::Unread)
}

/// Behind a value it may be a factorial; elsewhere it ends a sentence.
fn exclamation(before: &str, after: &str) -> Kind {
    if before.ends_with(|ch| is_digit(ch) || ch == ')') || after.starts_with('=') {
        Kind::Unread
    } else {
        Kind::Break
    }
}

/// A command of TeX, or what is escaped.
fn command(text: &str) -> (Option<Kind>, usize) {
    let name = &text[1..];
    let name = &name[..name.bytes().take_while(u8::is_ascii_alphabetic).count()];
    let length = 1 + name.len();
    match name {
        "" => match text.as_bytes().get(1) {
            Some(b'\\') => (Some(Kind::Break), 2),
            // Around a formula, or spaces in it.
            Some(b'(' | b')' | b'[' | b']' | b',' | b';' | b':' | b'!' | b' ') => (None, 2),
            _ => (None, 1),
        },
        "times" | "cdot" => (Some(Kind::Sign('*')), length),
        "div" => (Some(Kind::Sign('/')), length),
        "approx" => (Some(Kind::About), length),
        "left" | "right" | "quad" | "qquad" | "displaystyle" => (None, length),
        "text" | "textbf" | "textit" | "mathrm" | "mathbf" | "mbox" | "boxed" => {
            (None, length + usize::from(text[length..].starts_with('{')))
        }
        _ => (Some(Kind::Unread), length),
    }
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
        one if is_letter(one) => Kind::Letter,
        _ => Kind::Word,
    };
    (Some(kind), length)
}

/// Whether a word is a single letter of an alphabet, rather than a word of one character.
fn is_letter(word: &str) -> bool {
    let mut chars = word.chars();
    let is_one = matches!(chars.next(), Some('\0'..='\u{52f}' | 'ⁿ' | '\u{1d400}'..='\u{1d7ff}'));
    is_one && chars.next().is_none()
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
        '=' => Kind::Equals,
        '≈' => Kind::About,
        '|' => Kind::Bar,
        '.' | ',' | ';' | ':' | '"' | '，' | '。' | '；' | '：' | '、' | '！' | '？' => Kind::Break,
        '<' | '>' | '?' | '[' | ']' | '^' | '{' | '~' | '¬' | '±' | '²' | '³' | '¹' | '¼'..='¾' => Kind::Unread,
        // Fractions, superscripts and subscripts, arrows, operators; brackets; signs of double width.
        '\u{2044}' | '\u{2070}'..='\u{209f}' | '\u{2150}'..='\u{23ff}' | '\u{27c0}'..='\u{27ff}' => Kind::Unread,
        '\u{2900}'..='\u{2bff}' | '\u{3008}'..='\u{301b}' | '\u{ff01}'..='\u{ff5e}' => Kind::Unread,
        _ => return None,
    })
}
