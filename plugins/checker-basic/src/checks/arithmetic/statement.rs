//! Statements such as `3 * 60 = 180 meters`: what is said to be equal, read out of the words around it.

use super::expression::{is_close, value};
use super::token::{Kind, Token, tokens};

/// Tokens of one expression that are looked at.
const LONGEST: usize = 48;

/// What a line says.
pub(super) trait Listener {
    /// Numbers that something was computed from.
    fn operands(&mut self, numbers: &[Token]);
    /// What came out.
    fn result(&mut self, value: f64);
    /// Two sides that are said to be equal; the second side stands at the token.
    fn equal(&mut self, left: f64, right: f64, at: &Token);
    /// A number that stands in the line, outside of annotations.
    fn number(&mut self, value: f64);
}

/// Reads one line.
pub(super) fn read(line: &str, listener: &mut impl Listener) {
    let mut all = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find("<<") {
        let at = line.len() - rest.len();
        tokens(&rest[..start], at, &mut all);
        let note = &rest[start + 2..];
        let length = note.find(">>").unwrap_or(note.len());
        annotation(&note[..length], at + start + 2, listener);
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
    let all = without_remarks(all);
    for statement in all.split(|token| token.kind == Kind::Break) {
        if statement.iter().any(|token| token.kind == Kind::Equals) {
            sides(statement, listener);
        }
    }
}

/// What stands between `<<` and `>>`: nothing but expressions.
fn annotation(text: &str, at: usize, listener: &mut impl Listener) {
    let mut all = Vec::new();
    tokens(text, at, &mut all);
    all.retain(|token| !matches!(token.kind, Kind::Word | Kind::Letter | Kind::Break));
    let mut before = None;
    let count = all.split(|token| token.kind == Kind::Equals).count();
    for (number, side) in all.split(|token| token.kind == Kind::Equals).enumerate() {
        let here = value(side);
        if let (Some(left), Some(right), Some(token)) = (before, here, side.first()) {
            listener.equal(left, right, token);
        }
        if number + 1 < count {
            listener.operands(side);
        } else if let Some(result) = here {
            listener.result(result);
        }
        before = here;
    }
}

/// Leaves out what only looks like arithmetic: units behind a slash, words behind a hyphen, remarks in brackets.
fn without_remarks(all: Vec<Token>) -> Vec<Token> {
    let mut kept = Vec::with_capacity(all.len());
    let mut at = 0;
    while let Some(token) = all.get(at) {
        let next = all.get(at + 1).map(|next| next.kind);
        match (token.kind, next) {
            (Kind::Sign('/'), Some(Kind::Word | Kind::Letter)) => at += 2,
            (Kind::Sign('-'), Some(Kind::Word | Kind::Letter)) => at += 1,
            (Kind::Open, _) if let Some(end) = remark(&all[at..]) => at += end,
            _ => {
                kept.push(token.clone());
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

/// Goes from side to side of a statement.
fn sides(statement: &[Token], listener: &mut impl Listener) {
    // The value of the side before, where it was computed there.
    let mut before: Option<f64> = None;
    for (number, side) in statement.split(|token| token.kind == Kind::Equals).enumerate() {
        if side.iter().any(|token| token.kind == Kind::Letter) {
            before = None;
            continue;
        }
        // An annotation says what was computed: only what follows it counts.
        let noted = side.iter().rposition(|token| token.kind == Kind::Note);
        let parts = parts(&side[noted.map_or(0, |at| at + 1)..]);
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
            before = None;
            continue;
        };
        if noted.is_none() {
            if let Some((head, token)) = head(first).zip(first.first()).filter(|_| number > 0) {
                if let Some(before) = before {
                    listener.equal(before, head, token);
                }
                listener.result(head);
            }
            parts
                .iter()
                .filter(|part| count(part) > 1)
                .for_each(|part| listener.operands(part));
        }
        before = tail(last).filter(|(_, numbers)| *numbers > 1).map(|(value, _)| value);
    }
}

/// The expressions of a side, in order: words part them, unless a sign stands at the border.
fn parts(side: &[Token]) -> Vec<Vec<Token>> {
    let mut all = Vec::new();
    let mut part: Vec<Token> = Vec::new();
    let mut gap = false;
    for token in side {
        if matches!(token.kind, Kind::Word | Kind::Note) {
            gap = true;
            continue;
        }
        let begins = matches!(token.kind, Kind::Number(_)) || (token.kind == Kind::Open && gap);
        let ended = part
            .last()
            .is_some_and(|last| matches!(last.kind, Kind::Number(_) | Kind::Percent | Kind::Close));
        if begins && ended {
            all.push(std::mem::take(&mut part));
        }
        part.push(token.clone());
        gap = false;
    }
    if !part.is_empty() {
        all.push(part);
    }
    all
}

fn count(part: &[Token]) -> usize {
    part.iter().filter(|token| token.number().is_some()).count()
}

/// The value of the longest beginning that has one.
fn head(part: &[Token]) -> Option<f64> {
    (1..=part.len().min(LONGEST)).rev().find_map(|end| value(&part[..end]))
}

/// The value of the longest end that has one, and how many numbers it has.
fn tail(part: &[Token]) -> Option<(f64, usize)> {
    let part = &part[part.len().saturating_sub(LONGEST)..];
    let begins = |at: &usize| *at == 0 || matches!(part[*at].kind, Kind::Number(_) | Kind::Open);
    (0..part.len())
        .filter(begins)
        .find_map(|at| Some((value(&part[at..])?, count(&part[at..]))))
}

/// Whether a computation with this value may be written as `said`, rounded or as a percentage.
pub(super) fn agrees(computed: f64, said: f64) -> bool {
    is_close(computed, said) || is_close(computed * 100.0, said) || is_close(computed, said * 100.0)
}
