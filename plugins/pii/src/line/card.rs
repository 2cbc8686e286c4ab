//! Numbers of payment cards: 12 to 19 digits with the checksum of ISO/IEC 7812-1.

use super::found;
use super::number::Number;
use crate::context::{Context, Cue};
use crate::{Found, Kind};

pub(super) fn judge(number: Number, context: Context, all: &mut Vec<Found>) {
    // The longest rows of groups first: a month and year may stand behind the number.
    for start in 0..number.count() {
        for end in (start + 1..=number.count()).rev() {
            let groups = start..end;
            let length: usize = number.lengths(groups.clone()).sum();
            if !(12..=19).contains(&length) || number.is_glued(groups.clone()) || !is_written_so(&number, start, end) {
                continue;
            }
            let span = number.span(groups.clone());
            let in_context = context.has_cue(span.start, Cue::Card);
            let fits = has_checksum(number.digits(groups.clone()));
            let issued = is_issued(&number, start, end, length);
            let score = match (fits, issued, in_context) {
                (true, true, true) => 0.99,
                (true, true, false) if length >= 14 => 0.9,
                (true, false, true) => 0.8,
                // One digit mistyped leaves a number that is still somebody's, nearly.
                (false, true, true) if length >= 13 => 0.5,
                (true, ..) => 0.3,
                _ => continue,
            };
            all.push(found(Kind::Card, span, score));
            return;
        }
    }
}

/// Whether the groups are written as cards are: in one, in fours, or as four, six and the rest.
fn is_written_so(number: &Number, start: usize, end: usize) -> bool {
    let count = end - start;
    if count == 1 {
        return true;
    }
    let mut lengths = number.lengths(start..end);
    let in_fours = number.lengths(start..end - 1).all(|length| length == 4) && number.group(end - 1).len() <= 4;
    let as_amex = count == 3 && lengths.next() == Some(4) && lengths.next() == Some(6);
    (in_fours || as_amex) && number.is_even(start..end) && matches!(number.between(start), " " | "-" | ".")
}

/// The formula of Luhn: every second digit from the right doubled, the sum of all digits a multiple of ten.
fn has_checksum(digits: impl DoubleEndedIterator<Item = u8>) -> bool {
    let mut any = false;
    let sum: u32 = digits
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            any |= digit != 0;
            let value = u32::from(digit) << (place % 2);
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    any && sum.is_multiple_of(10)
}

/// Whether a network issues numbers that begin so and are so long.
fn is_issued(number: &Number, start: usize, end: usize, length: usize) -> bool {
    let first = number
        .digits(start..end)
        .take(4)
        .fold(0, |all, digit| 10 * all + u32::from(digit));
    match first {
        4000..=4999 => matches!(length, 13 | 16 | 19),
        5100..=5599 | 2221..=2720 => length == 16,
        3400..=3499 | 3700..=3799 => length == 15,
        3000..=3059 | 3095 | 3600..=3699 | 3800..=3999 => (14..=19).contains(&length),
        6011 | 6440..=6599 | 6200..=6299 | 8100..=8199 => (16..=19).contains(&length),
        3528..=3589 => (16..=19).contains(&length),
        // Older ones of JCB, and Maestro with its many lengths.
        1800 | 2131 => length == 15,
        5000..=5099 | 5600..=5899 | 6300..=6399 | 6700..=6799 | 6000..=6010 | 6012..=6199 => true,
        3500..=3527 | 3590..=3599 => length == 16,
        _ => false,
    }
}
