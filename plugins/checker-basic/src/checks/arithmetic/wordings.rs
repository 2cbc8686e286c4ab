//! Words that say more of a statement than its numbers and signs do.

use std::cell::OnceCell;
use std::ops::Range;

use super::equality::Said;
use super::units::words;

/// Operators and functions by name, numbers that multiply, times of the day: next to a number they are part of what is said.
const NEXT: &str = "plus minus times multiplied divided square cube root power log ln sin cos tan exp abs max min floor ceil gcd \
    lcm choose twice thrice double triple quadruple half third quarter negative dozen dozens hundred thousand million billion \
    trillion lakh crore pair pairs base am pm noon midnight average mean median";

/// These are, wherever they stand.
const ANYWHERE: &str = "remainder mod modulo modulus squared cubed factorial sqrt binary hexadecimal octal";

const ABOUT: &str =
    "about approximately approx roughly around nearly almost rounded rounds rounding estimate estimated circa";

const PERCENT: &str = "percent percentage pct";

/// How many words are next to an expression, as in `the average of 3 + 5` and `3 with remainder 1`.
const NEAR: usize = 2;

/// The words around some expressions; what they say of all of them is read once, where it is asked for.
pub(super) struct Words<'a> {
    line: &'a str,
    place: Range<usize>,
    said: OnceCell<Said>,
    anywhere: OnceCell<bool>,
}

impl<'a> Words<'a> {
    /// Those of what stands at this place of a line.
    pub(super) fn new(line: &'a str, place: Range<usize>) -> Self {
        Self {
            line,
            place,
            said: OnceCell::new(),
            anywhere: OnceCell::new(),
        }
    }

    /// The line up to the end of the place.
    pub(super) fn text(&self) -> &'a str {
        &self.line[..self.place.end]
    }

    /// What is said of two sides.
    pub(super) fn said(&self) -> Said {
        let text = || &self.line[self.place.clone()];
        *self.said.get_or_init(|| Said {
            about: any(words(text()), ABOUT),
            percent: text().contains('%') || any(words(text()), PERCENT),
        })
    }

    /// Whether they say more of the expressions that stand here than their numbers and signs do.
    pub(super) fn say_more(&self, here: Range<usize>) -> bool {
        let before = words(&self.line[..here.start]).rev().take(NEAR);
        let after = || words(&self.line[here.end..]);
        let within = &self.line[here.clone()];
        let all = || words(&self.line[self.place.clone()]);
        any(words(within).chain(before).chain(after().take(1)), NEXT)
            || any(after().take(NEAR), ANYWHERE)
            || numbers(within).any(is_ambiguous)
            || *self.anywhere.get_or_init(|| any(all(), ANYWHERE))
    }
}

fn any(mut words: impl Iterator<Item = String>, list: &str) -> bool {
    words.any(|word| list.split_ascii_whitespace().any(|one| one == word))
}

fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|ch: char| !ch.is_ascii_digit() && ch != '.' && ch != ',')
}

/// Whether a number may have points between its thousands, as in `1.500`, or is written as no English number is.
fn is_ambiguous(number: &str) -> bool {
    let number = number.trim_end_matches(['.', ',']);
    let by_thousands = number.split_once('.').is_some_and(|(whole, rest)| {
        (1..=3).contains(&whole.len()) && !whole.starts_with('0') && rest.split('.').all(|group| group.len() == 3)
    });
    let zero_first = number.starts_with('0') && number[1..].starts_with(|ch: char| ch.is_ascii_digit());
    by_thousands || zero_first
}
