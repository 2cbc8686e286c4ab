//! Texts that try to take the model over: how likely one does, and where.
//!
//! Each text is read for `wordings` of several kinds, for `forged` marks of roles, for `hidden` characters and for
//! `encoded` texts, which are read in their turn. Every sign has a weight, the plainest kinds only where their `frame` shows
//! that they are aimed at the model (`aim`). Talk *about* such attacks counts against them, and a logistic function makes a
//! probability of the sum of those that stand together.

mod aim;
mod encoded;
mod forged;
mod frame;
pub(crate) mod hidden;
#[cfg(test)]
mod tests;
mod wordings;

use std::ops::Range;

use wordings::Sign;
pub(crate) use wordings::Wordings;

/// What a sign counts that comes from a tool: nobody there has the right to instruct.
const FROM_TOOL: f32 = 1.5;

/// What each further phrase of the same kind counts, at most twice.
const AGAIN: f32 = 0.25;

/// Signs around which others are summed: of a long text full of them, the weightiest.
const LOOKED_AT: usize = 32;

/// Bytes on either side of a sign in which others count with it: those of another page speak of something else.
const NEAR: usize = 1_000;

/// What is said within something encoded is meant not to be seen.
const ENCODED: f32 = 2.0;

/// A text that tries to take the model over.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Injection {
    /// A stable word for machines.
    pub(crate) code: &'static str,
    /// For people, after "the message holds".
    pub(crate) words: &'static str,
    /// How likely it is one, 0 to 1.
    pub(crate) probability: f32,
    /// Its plainest sentence.
    pub(crate) place: Range<usize>,
}

/// A sign of a text: its kind, what it weighs, and where it is.
type Found = (Sign, f32, Range<usize>);

/// Judges a text; `None` where nothing speaks for an injection.
pub(crate) fn judge(text: &str, from_tool: bool, wordings: &Wordings) -> Option<Injection> {
    let mut signs = signs(text, wordings);
    for (place, inner) in encoded::texts(text) {
        if let Some((_, sum)) = plainest(&self::signs(&inner, wordings)) {
            signs.push((Sign::Encoded, sum + ENCODED, place));
        }
    }
    sort(&mut signs);
    let (most, sum) = plainest(&signs)?;
    let sum = sum + if from_tool { FROM_TOOL } else { 0.0 };
    Some(Injection {
        code: most.0.code(),
        words: most.0.words(),
        probability: 1.0 / (1.0 + (Sign::EVEN - sum).exp()),
        place: sentence(text, most.2.clone()),
    })
}

/// The signs of a text by itself, the weightiest first.
fn signs(text: &str, wordings: &Wordings) -> Vec<Found> {
    let mut signs = wordings.find(text);
    let forged = forged::find(text).into_iter();
    signs.extend(forged.map(|(weight, place)| (Sign::Forged, weight, place)));
    sort(&mut signs);
    signs
}

fn sort(signs: &mut [Found]) {
    signs.sort_by(|(_, one, _), (_, other, _)| other.total_cmp(one));
}

/// The sign around which the others weigh most, and their sum, if any speaks for an injection.
fn plainest(signs: &[Found]) -> Option<(&Found, f32)> {
    let speaking = signs.iter().filter(|(_, weight, _)| *weight > 0.0).take(LOOKED_AT);
    speaking
        .map(|sign| (sign, sum_near(signs, &sign.2)))
        .reduce(|most, one| if one.1 > most.1 { one } else { most })
}

/// What the signs weigh together that stand near a place. Words that make two signs count as the weightier one.
fn sum_near(signs: &[Found], at: &Range<usize>) -> f32 {
    let near = at.start.saturating_sub(NEAR)..at.end + NEAR;
    let mut counts = [0_u32; Sign::COUNT];
    let mut counted: Vec<&Found> = Vec::new();
    let mut sum = 0.0;
    for found in signs {
        let (sign, weight, place) = found;
        let is_same = |other: &&Found| other.0 != *sign && (lies_in(place, &other.2) || lies_in(&other.2, place));
        if place.start >= near.end || near.start >= place.end || (*weight > 0.0 && counted.iter().any(is_same)) {
            continue;
        }
        counted.push(found);
        let count = &mut counts[*sign as usize];
        *count += 1;
        sum += match *count {
            1 => *weight,
            2 | 3 => AGAIN * weight,
            _ => 0.0,
        };
    }
    sum
}

fn lies_in(one: &Range<usize>, other: &Range<usize>) -> bool {
    other.start <= one.start && one.end <= other.end
}

/// The sentence or line around some bytes.
fn sentence(text: &str, place: Range<usize>) -> Range<usize> {
    let ends = |ch: char| matches!(ch, '.' | '!' | '?' | '\n' | '。' | '！' | '？');
    let start = text[..place.start]
        .char_indices()
        .rfind(|(_, ch)| ends(*ch))
        .map_or(0, |(at, ch)| at + ch.len_utf8());
    let start = start + (text[start..place.start].len() - text[start..place.start].trim_start().len());
    let end = text[place.end..]
        .char_indices()
        .find(|(_, ch)| ends(*ch))
        .map_or(text.len(), |(at, ch)| {
            place.end + at + if ch == '\n' { 0 } else { ch.len_utf8() }
        });
    start..end
}
