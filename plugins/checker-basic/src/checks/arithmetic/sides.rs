//! The sides of one statement: what is computed on the left, and what is said on the right.

use std::ops::Range;

use super::equality::{Said, Side, agrees};
use super::expression::value;
use super::statement::Listener;
use super::token::{Kind, Token};
use super::units;
use super::wordings::Words;

/// Tokens of one expression that are looked at.
const LONGEST: usize = 96;

/// A computation, and where in the line it stands.
struct Computed {
    value: f64,
    tokens: Vec<Token>,
    place: Range<usize>,
}

/// Goes from side to side of a statement.
pub(super) fn sides(statement: &[Token], words: &Words, listener: &mut impl Listener) {
    // The side before, where something was computed there, and whether it is said to be nearly equal.
    let mut before: Option<(Computed, bool)> = None;
    for (number, side) in statement.split_inclusive(Token::is_equals).enumerate() {
        let sign = side.last().filter(|token| token.is_equals());
        let side = &side[..side.len() - usize::from(sign.is_some())];
        let left = before.take();
        // An annotation says what was computed: only what follows it counts.
        let noted = side.iter().rposition(|token| token.kind == Kind::Note);
        let Some(parts) = parts(&side[noted.map_or(0, |at| at + 1)..], words.text()) else {
            continue;
        };
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
            continue;
        };
        if noted.is_none() {
            if let Some(head) = head(first).filter(|_| number > 0) {
                if let Some((left, about)) = left {
                    compare(&left, head, about, words, listener);
                }
                listener.result(head.value);
            }
            parts
                .iter()
                .filter(|part| count(part) > 1)
                .for_each(|part| listener.operands(part));
        }
        before = tail(last)
            .filter(|tail| count(tail.tokens) > 1)
            .zip(sign)
            .map(|(tail, sign)| {
                let computed = Computed {
                    value: tail.value,
                    tokens: tail.tokens.to_vec(),
                    place: tail.tokens.first().map_or(0, |token| token.place.start)..sign.place.start,
                };
                (computed, sign.kind == Kind::About)
            });
    }
}

/// Tells of two sides that differ, where nothing but their numbers and signs says what they are.
fn compare(left: &Computed, said: Side, about: bool, words: &Words, listener: &mut impl Listener) {
    let computed = Side {
        value: left.value,
        tokens: &left.tokens,
    };
    if agrees(computed, said, Said { about, percent: false }) {
        return;
    }
    let (Some(at), Some(last)) = (said.tokens.first(), said.tokens.last()) else {
        return;
    };
    let (text, end) = (words.text(), last.place.end);
    let units = &text[with_currency(text, at.place.start)..unit_end(text, end)];
    let left_units = &text[with_currency(text, left.place.start)..left.place.end];
    let adds = |token: &Token| matches!(token.kind, Kind::Sign('+' | '-'));
    let mut how = words.said();
    how.about |= about;
    let differs = !agrees(computed, said, how)
        && !units::are_mixed(left_units, units, left.tokens.iter().any(adds))
        && !words.say_more(left.place.start..end);
    if differs {
        listener.wrong(computed.value, said.value, at);
    }
}

/// Where a number begins, with the sign of a currency before it.
fn with_currency(text: &str, start: usize) -> usize {
    text[..start].trim_end_matches([' ', '$', '€', '£']).len()
}

/// Where the unit of a number ends that ends at `end`, with those that are added to it, as in `1 hour and 30 minutes`.
fn unit_end(text: &str, end: usize) -> usize {
    let past_word = |from: usize| {
        let rest = &text[from..];
        let word = rest
            .find(|ch: char| ch.is_alphabetic() || ch == '¢')
            .unwrap_or(rest.len());
        let length = rest[word..].find(|ch: char| !ch.is_alphabetic() && ch != '¢');
        length.map_or(text.len(), |length| from + word + length)
    };
    let unit = past_word(end);
    let rest = text[unit..].trim_start().trim_start_matches("and ");
    if rest.starts_with(|ch: char| ch.is_ascii_digit()) {
        past_word(unit + text[unit..].len() - rest.len())
    } else {
        unit
    }
}

/// The expressions of a side, in order: words part them, unless a sign stands at the border. `None` where a letter or a sign
/// stands among them whose meaning is not known, or two numbers with nothing between them.
fn parts(side: &[Token], text: &str) -> Option<Vec<Vec<Token>>> {
    let mut all = Vec::new();
    let mut part: Vec<Token> = Vec::new();
    let mut gap = false;
    for token in side {
        let mut token = token.clone();
        match token.kind {
            Kind::Word | Kind::Note => {
                gap = true;
                continue;
            }
            Kind::Letter | Kind::Unread => return None,
            // A dash before a number, or a minus behind something in words: what follows is not all of it.
            Kind::Sign('-') if part.is_empty() && text[token.place.end..].starts_with(char::is_whitespace) => {
                token.kind = Kind::Unread;
            }
            _ => {}
        }
        let ended = part
            .last()
            .filter(|last| matches!(last.kind, Kind::Number(_) | Kind::Percent | Kind::Close))
            .map(|last| last.place.end);
        if let Some(ended) = ended {
            let is_number = token.number().is_some();
            if is_number && !gap {
                return None;
            }
            let is_apart = token.kind == Kind::Open && (gap || ended != token.place.start);
            if is_number || is_apart {
                all.push(std::mem::take(&mut part));
            }
            if is_apart && !gap {
                // A remark, or else a factor: what follows cannot stand for all of the side.
                let place = ended..ended;
                part.push(Token {
                    kind: Kind::Unread,
                    place,
                });
            }
        }
        part.push(token);
        gap = false;
    }
    if !part.is_empty() {
        all.push(part);
    }
    Some(all)
}

fn count(part: &[Token]) -> usize {
    part.iter().filter(|token| token.number().is_some()).count()
}

/// The longest beginning that has a value, unless a sign ties it to what has none.
fn head(part: &[Token]) -> Option<Side<'_>> {
    let longest = part.len().min(LONGEST);
    let (end, value) = (1..=longest).rev().find_map(|end| Some((end, value(&part[..end])?)))?;
    let is_tied = part.get(end).is_some_and(Token::is_sign);
    (!is_tied).then_some(Side {
        value,
        tokens: &part[..end],
    })
}

/// The longest end that has a value, unless a sign ties it to what has none.
fn tail(part: &[Token]) -> Option<Side<'_>> {
    if part.len() > LONGEST {
        return None;
    }
    let begins =
        |at: usize| at == 0 || (matches!(part[at].kind, Kind::Number(_) | Kind::Open) && !part[at - 1].is_sign());
    (0..part.len()).filter(|at| begins(*at)).find_map(|at| {
        let tokens = &part[at..];
        Some(Side {
            value: value(tokens)?,
            tokens,
        })
    })
}
