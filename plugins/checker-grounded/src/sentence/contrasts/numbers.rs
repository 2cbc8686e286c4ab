//! Another number in the same place.

use crate::sentence::contrasts::Side;
use crate::text::lexicon::{Roles, hash};
use crate::text::numbers::Number;
use crate::text::words::Word;

/// Whether the part has a number where the window has another.
pub(super) fn differ(side: &Side<'_>) -> bool {
    side.own
        .iter()
        .enumerate()
        .any(|(at, word)| word.number.is_some_and(|number| is_other(side, at, number)))
}

fn is_other(side: &Side<'_>, at: usize, number: Number) -> bool {
    let beside = |window: u32| window.abs_diff(side.window) <= 1;
    if side.index.number(number.keys()).any(beside) || is_label(side.own, at) || !side.is_alike(&|_| false) {
        return false;
    }
    let is_about = is_about(side.own, at);
    let mut others = side.source.iter().enumerate().filter_map(|(place, word)| {
        let other = word.number?;
        (is_same_place(side.own, at, side.source, place) && !said(side.own, other)).then_some(other)
    });
    let first = others.next();
    first.is_some_and(|other| !is_near(number, other, is_about))
        && others.all(|other| !is_near(number, other, is_about))
}

/// Whether one of the words is this number.
fn said(words: &[Word], number: Number) -> bool {
    words
        .iter()
        .filter_map(|word| word.number)
        .any(|own| own.keys().iter().any(|key| number.keys().contains(key)))
}

/// `passage 3`, `step 2`, and the number of a list's item.
fn is_label(words: &[Word], at: usize) -> bool {
    words[at].start == 0
        || at.checked_sub(1).is_some_and(|before| {
            let before = &words[before];
            before.roles.has(Roles::META) || [hash("step"), hash("part"), hash("option")].contains(&before.form)
        })
}

/// The same word before both, or behind both.
fn is_same_place(own: &[Word], at: usize, source: &[Word], place: usize) -> bool {
    let same_kind = matches!(
        (own[at].number, source[place].number),
        (Some(Number::Plain(..)), Some(Number::Plain(..))) | (Some(Number::Time(..)), Some(Number::Time(..)))
    );
    if !same_kind {
        return false;
    }
    let behind = |words: &[Word], at: usize| {
        let next = words
            .get(at + 1)
            .filter(|word| !word.after_pause && word.is_content())?;
        Some(next.stem)
    };
    let before = |words: &[Word], at: usize| {
        let last = words.get(at.checked_sub(1)?)?;
        let content = words[..at]
            .iter()
            .rev()
            .take(3)
            .find(|word| word.is_content() && word.number.is_none())?;
        Some((last.form, content.stem))
    };
    let same = |a: Option<u32>, b: Option<u32>| a.is_some() && a == b;
    same(behind(own, at), behind(source, place))
        || before(own, at).is_some_and(|it| before(source, place).is_some_and(|other| it.1 == other.1))
}

/// `about`, `nearly`, `more than`.
fn is_about(words: &[Word], at: usize) -> bool {
    const ABOUT: [u32; 12] = [
        hash("about"),
        hash("nearly"),
        hash("almost"),
        hash("around"),
        hash("approximately"),
        hash("roughly"),
        hash("over"),
        hash("than"),
        hash("least"),
        hash("to"),
        hash("under"),
        hash("some"),
    ];
    words[at.saturating_sub(2)..at]
        .iter()
        .any(|word| ABOUT.contains(&word.form))
}

/// Whether one number may stand for the other: rounded, or said to be about it.
fn is_near(a: Number, b: Number, is_about: bool) -> bool {
    let (Number::Plain(_, a), Number::Plain(_, b)) = (a, b) else {
        return false;
    };
    let is_year = |value: f64| value.fract() == 0.0 && (1000.0..=2100.0).contains(&value);
    let apart = (a - b).abs() / a.abs().max(b.abs()).max(1e-9);
    if is_about {
        return apart <= 0.15 && !(is_year(a) && is_year(b));
    }
    apart <= 0.02 && !is_year(a)
}
