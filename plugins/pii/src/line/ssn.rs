//! Social security numbers of the United States: three, two and four digits.
//!
//! Which numbers are never given out is said by the Social Security Administration ("Social Security Number
//! Randomization").

use super::found;
use super::number::Number;
use crate::context::{Context, Cue};
use crate::{Found, Kind};

pub(super) fn judge(number: Number, context: Context, all: &mut Vec<Found>) {
    if number.count() == 3 && number.lengths(0..3).eq([3, 2, 4]) {
        let (area, group, serial) = (number.text(0), number.text(1), number.text(2));
        let separated = number.is_even(0..3) && matches!(number.between(0), "-" | " ");
        if !separated || number.is_glued(0..3) || !is_given_out(area, group, serial) {
            return;
        }
        let span = number.span(0..3);
        let score = match (context.cue_before(span.start), number.between(0)) {
            (Some(Cue::Ssn), _) => 0.99,
            (Some(_), _) | (None, " ") => 0.55,
            (None, _) => 0.8,
        };
        all.push(found(Kind::Ssn, span, score));
    }
    if number.count() == 1 && number.group(0).len() == 9 && !number.is_glued(0..1) {
        let text = number.text(0);
        let span = number.span(0..1);
        if is_given_out(&text[..3], &text[3..5], &text[5..]) && context.cue_before(span.start) == Some(Cue::Ssn) {
            all.push(found(Kind::Ssn, span, 0.9));
        }
    }
}

fn is_given_out(area: &str, group: &str, serial: &str) -> bool {
    !(matches!(area, "000" | "666") || area.starts_with('9') || group == "00" || serial == "0000")
}
