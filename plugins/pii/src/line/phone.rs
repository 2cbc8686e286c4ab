//! Telephone numbers. Their shapes are those of many other numbers, so the words around them decide, but for the shapes
//! that hardly anything else has.

use std::ops::Range;

use super::found;
use super::number::Number;
use crate::context::{Context, Cue};
use crate::{Found, Kind};

pub(super) fn judge(number: Number, context: Context, all: &mut Vec<Found>) {
    let count = number.count();
    // Something else may stand before or behind a number, with nothing but a space between.
    for groups in [0..count, 0..count.saturating_sub(1), 1.min(count)..count] {
        if let Some(one) = judge_groups(&number, groups, context) {
            all.push(one);
            return;
        }
    }
}

fn judge_groups(number: &Number, groups: Range<usize>, context: Context) -> Option<Found> {
    let digits: usize = number.lengths(groups.clone()).sum();
    if groups.is_empty() || !(7..=15).contains(&digits) || is_glued(number, groups.clone()) || is_date(number, &groups)
    {
        return None;
    }
    let span = number.span(groups.clone());
    let line = number.line;
    let mut start = span.start;
    let plus = line[..start].ends_with('+') || line[..start].ends_with("+(");
    if line[..start].ends_with('(') && line[start..span.end].contains(')') {
        start -= 1;
    }
    if line[..start].ends_with('+') {
        start -= 1;
    }
    let end = extension(line, span.end);
    let shape = shape(number, groups, digits, plus);
    let score = match (context.cue_before(start), context.phone_behind(end)) {
        (_, true) | (Some(Cue::Phone), _) => 0.95,
        (Some(_), _) => shape - 0.3,
        (None, _) => shape,
    };
    (score >= 0.3).then(|| found(Kind::Phone, start..end, score))
}

/// How much a shape looks like a telephone number by itself.
fn shape(number: &Number, groups: Range<usize>, digits: usize, plus: bool) -> f32 {
    let first = number.text(groups.start);
    let american = digits == 10 && number.lengths(groups.clone()).eq([3, 3, 4]) && first.starts_with(|ch| ch > '1');
    let with_country = digits == 11 && number.lengths(groups.clone()).eq([1, 3, 3, 4]) && first == "1";
    let abroad = first == "00" || (first.starts_with("00") && digits >= 10);
    let trunk = first.starts_with('0') && !first.starts_with("00") && (9..=11).contains(&digits);
    match groups.len() {
        _ if plus && digits >= 8 => 0.95,
        _ if american || with_country => 0.9,
        _ if abroad => 0.7,
        2.. if trunk => 0.6,
        _ => 0.0,
    }
}

/// Where the number ends with its extension, such as `x036` or `ext. 12`.
fn extension(line: &str, end: usize) -> usize {
    let rest = &line[end..];
    let trimmed = rest.trim_start_matches(' ');
    for word in ["extension", "ext.", "ext", "x", "#"] {
        let Some(head) = trimmed.get(..word.len()) else {
            continue;
        };
        if !head.eq_ignore_ascii_case(word) {
            continue;
        }
        let number = trimmed[word.len()..].trim_start_matches(' ');
        let digits = number.bytes().take_while(u8::is_ascii_digit).count();
        if (1..=6).contains(&digits) {
            return line.len() - number.len() + digits;
        }
    }
    end
}

/// Whether a letter touches the number, other than one that begins an extension.
fn is_glued(number: &Number, groups: Range<usize>) -> bool {
    let end = number.span(groups.clone()).end;
    number.is_glued(groups) && extension(number.line, end) == end
}

/// Whether it reads as a day, with or without the hour.
fn is_date(number: &Number, groups: &Range<usize>) -> bool {
    if groups.len() < 3 {
        return false;
    }
    let value = |index: usize| number.text(groups.start + index).parse::<u32>().unwrap_or(u32::MAX);
    let mut lengths = number.lengths(groups.clone());
    let year_first = lengths.next() == Some(4) && (1..=12).contains(&value(1)) && (1..=31).contains(&value(2));
    let last = number.group(groups.start + 2).len();
    let year_last = value(0) <= 31 && value(1) <= 31 && last == 4 && number.group(groups.start + 1).len() <= 2;
    (year_first && (1000..=2999).contains(&value(0))) || year_last
}
