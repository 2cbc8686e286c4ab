//! Statements such as `3 * 60 = 180 meters`: what is said to be equal, read out of the words around it.

use super::equality::{Said, Side, agrees};
use super::expression::value;
use super::sides::sides;
use super::token::{Kind, Token, tokens};
use super::wordings::Words;

/// What a line says.
pub(super) trait Listener {
    /// Numbers that something was computed from.
    fn operands(&mut self, numbers: &[Token]);
    /// What came out.
    fn result(&mut self, value: f64);
    /// Something else is said than what comes out: it stands at the token.
    fn wrong(&mut self, computed: f64, said: f64, at: &Token);
    /// A number that stands in the line, outside of annotations.
    fn number(&mut self, value: f64);
}

/// Reads one line.
pub(super) fn read(line: &str, listener: &mut impl Listener) {
    let mut all = Vec::new();
    let mut rest = &line[mark(line)..];
    let words = Words::new(line, 0..line.len());
    while let Some(start) = rest.find("<<") {
        let at = line.len() - rest.len();
        tokens(&rest[..start], at, &mut all);
        let note = &rest[start + 2..];
        let length = note.find(">>").unwrap_or(note.len());
        annotation(&note[..length], at + start + 2, &words, listener);
        let end = (start + 2 + length + 2).min(rest.len());
        all.push(Token {
            kind: Kind::Note,
            place: at + start..at + end,
        });
        rest = &rest[end..];
    }
    tokens(rest, line.len() - rest.len(), &mut all);
    all.iter()
        .filter_map(Token::number)
        .for_each(|number| listener.number(number));
    if !all.iter().any(Token::is_equals) {
        return;
    }
    let all = without_remarks(all, is_row(line));
    let mut rest = &all[..];
    while !rest.is_empty() {
        let length = rest.iter().position(|token| token.kind == Kind::Break);
        let (statement, after) = rest.split_at(length.unwrap_or(rest.len()));
        if statement.iter().any(Token::is_equals) {
            let end = after.first().map_or(line.len(), |mark| mark.place.start);
            let start = statement.first().map_or(0, |token| token.place.start);
            sides(statement, &Words::new(line, start..end), listener);
        }
        rest = after.get(1..).unwrap_or_default();
    }
}

/// How long the mark is that a line of a list begins with.
fn mark(line: &str) -> usize {
    let text = line.trim_start();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let marks = ["- ", "* ", "+ ", "– ", "• ", "> "];
    let length = match marks.iter().find(|mark| text.starts_with(**mark)) {
        Some(mark) => mark.len(),
        None if digits > 0 && text[digits..].starts_with(") ") => digits + 2,
        None => 0,
    };
    line.len() - text.len() + length
}

/// Whether a line is a row of a table.
fn is_row(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("| ") && line.ends_with(" |")
}

/// What stands between `<<` and `>>`: nothing but expressions.
fn annotation(text: &str, at: usize, words: &Words, listener: &mut impl Listener) {
    let mut all = Vec::new();
    tokens(text, at, &mut all);
    all.retain(|token| !matches!(token.kind, Kind::Word | Kind::Letter | Kind::Break));
    let mut before: Option<Side> = None;
    let count = all.split(Token::is_equals).count();
    for (number, tokens) in all.split(Token::is_equals).enumerate() {
        let here = value(tokens).map(|value| Side { value, tokens });
        if let (Some(left), Some(right), Some(token)) = (before, here, tokens.first())
            && !agrees(left, right, Said::default())
            && !agrees(left, right, words.said())
        {
            listener.wrong(left.value, right.value, token);
        }
        if number + 1 < count {
            listener.operands(tokens);
        } else if let Some(result) = here {
            listener.result(result.value);
        }
        before = here;
    }
}

/// Leaves out what only looks like arithmetic: units behind a slash, words behind a hyphen, remarks in brackets. Bars part
/// the cells of a row, and elsewhere are signs that are not read, as is what is called by a name: `sqrt(16)`.
fn without_remarks(all: Vec<Token>, is_row: bool) -> Vec<Token> {
    let mut kept = Vec::with_capacity(all.len());
    let mut at = 0;
    while let Some(token) = all.get(at) {
        let next = all.get(at + 1).map(|next| next.kind);
        match (token.kind, next) {
            (Kind::Sign('/'), Some(Kind::Word | Kind::Letter)) => at += 2,
            (Kind::Sign('-'), Some(Kind::Word | Kind::Letter)) => at += 1,
            (Kind::Open, _) if let Some(end) = remark(&all[at..]) => at += end,
            (kind, _) => {
                let place = token.place.clone();
                let kind = match kind {
                    Kind::Bar if is_row => Kind::Break,
                    Kind::Bar => Kind::Unread,
                    Kind::Open if is_called(&all[..at], token) => Kind::Unread,
                    kind => kind,
                };
                kept.push(Token { kind, place });
                at += 1;
            }
        }
    }
    kept
}

/// How many tokens a bracket has that holds words, or no number, if this is one.
fn remark(all: &[Token]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut end = all.len();
    for (at, token) in all.iter().enumerate() {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth -= 1,
            _ => continue,
        }
        if depth == 0 {
            end = at + 1;
            break;
        }
    }
    let inner = &all[1..end];
    let in_words = matches!(inner.first()?.kind, Kind::Word | Kind::Letter);
    (in_words || !inner.iter().any(|token| token.number().is_some())).then_some(end)
}

/// Whether a bracket stands right behind a word.
fn is_called(before: &[Token], bracket: &Token) -> bool {
    let before = before.last().filter(|token| token.kind == Kind::Word);
    before.is_some_and(|word| word.place.end == bracket.place.start)
}
