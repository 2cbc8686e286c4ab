//! Telephone numbers. Their shapes are those of many other numbers, so the words around them decide, but for the shapes
//! that hardly anything else has.

use std::ops::Range;

use super::found;
use super::number::Number;
use crate::context::{Context, Cue, Telephone};
use crate::{Found, Kind};

pub(super) fn judge(number: Number, context: Context, all: &mut Vec<Found>) {
    let count = number.count();
    // Something else may stand before or behind a number, with nothing but a space between.
    let parts = [0..count, 0..count.saturating_sub(1), 1.min(count)..count];
    for (groups, cut) in parts.into_iter().zip([None, count.checked_sub(2), Some(0)]) {
        if cut.is_some_and(|cut| count < 2 || number.between(cut) != " ") {
            continue;
        }
        if let Some(one) = judge_groups(&number, groups, context) {
            all.push(one);
            return;
        }
    }
}

fn judge_groups(number: &Number, groups: Range<usize>, context: Context) -> Option<Found> {
    let digits: usize = number.lengths(groups.clone()).sum();
    let is_part = groups.len() < number.count();
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
    let shape = shape(number, groups.clone(), digits, plus);
    let form = form(number, groups.clone());
    let told = context.telephone(start..end);
    let counts = || context.counts(end);
    let cue = context.cue_right_before(start);
    let said = match (told, form) {
        (_, Form::Other) => 0.0,
        (Telephone::Said, Form::Grouped) => 0.95,
        (Telephone::Said, Form::Plain) if !is_part && !counts() => 0.9,
        (Telephone::Spoken, Form::Grouped) if cue == Some(Cue::Phone) => 0.6,
        (Telephone::Hinted, Form::Grouped) if cue.is_none() && !is_part && !counts() => 0.55,
        // Many countries write all their numbers so, and few amounts stand there without a unit.
        (Telephone::Hinted, Form::Plain) if cue.is_none() && is_in_threes(number, groups) && !counts() => 0.5,
        _ => 0.0,
    };
    let by_shape = if matches!(cue, None | Some(Cue::Phone)) {
        shape
    } else {
        shape - 0.3
    };
    let score = by_shape.max(said);
    (score >= 0.3).then(|| found(Kind::Phone, start..end, score))
}

/// How much a shape looks like a telephone number by itself.
fn shape(number: &Number, groups: Range<usize>, digits: usize, plus: bool) -> f32 {
    let first = number.text(groups.start);
    let american = digits == 10 && number.lengths(groups.clone()).eq([3, 3, 4]) && first.starts_with(|ch| ch > '1');
    let with_country = digits == 11 && number.lengths(groups.clone()).eq([1, 3, 3, 4]) && first == "1";
    let abroad = first.starts_with("00") && (first == "00" || digits >= 10);
    let trunk = first.len() > 1 && first.starts_with('0') && !first.starts_with("00") && (9..=11).contains(&digits);
    match groups.len() {
        _ if plus && digits >= 8 => 0.95,
        _ if american || with_country => 0.9,
        2.. if abroad => 0.7,
        2.. if trunk => 0.6,
        _ => 0.0,
    }
}

/// How digits are put in groups.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// As telephones' are, and amounts are not.
    Grouped,
    /// In one, or in threes as thousands are: as any amount may be.
    Plain,
    /// As a version, a range, a fraction or an address is.
    Other,
}

fn form(number: &Number, groups: Range<usize>) -> Form {
    let count = groups.len();
    let mut lengths = number.lengths(groups.clone());
    let all_between = |mark: &str| (groups.start..groups.end - 1).all(|index| number.between(index) == mark);
    // One digit stands alone where it is a country's, or a prefix in brackets.
    let alone =
        |index: usize| number.group(index).len() == 1 && !number.line[number.group(index).end..].starts_with(')');
    let dotted = count > 1 && all_between(".");
    if count == 1 {
        Form::Plain
    } else if dotted
        && (count == 2
            || number.line[number.span(groups.clone())]
                .parse::<std::net::Ipv4Addr>()
                .is_ok())
        || count == 2 && is_range(number, groups.start)
        || count > 7
        || groups.clone().skip(1).any(alone)
    {
        Form::Other
    } else if !number.text(groups.start).starts_with('0')
        && lengths.next().is_some_and(|first| first <= 3)
        && lengths.all(|length| length == 3)
    {
        Form::Plain
    } else {
        Form::Grouped
    }
}

/// Whether a number is three groups of three with spaces between them.
fn is_in_threes(number: &Number, groups: Range<usize>) -> bool {
    number.lengths(groups.clone()).eq([3; 3]) && number.is_even(groups.clone()) && number.between(groups.start) == " "
}

/// Whether a group and the next read as "from … to …": as long, and the greater one last.
fn is_range(number: &Number, first: usize) -> bool {
    let (low, high) = (number.text(first), number.text(first + 1));
    low.len() == high.len() && low < high && matches!(number.between(first), "-" | " - ")
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
