//! Texts that try to take the model over: how likely one does, and where.
//!
//! Each text is read for `wordings` of several kinds, for `forged` marks of roles, for `hidden` characters and for
//! `encoded` texts, which are read in their turn. Every sign has a weight, talk *about* such attacks counts against it,
//! and a logistic function makes a probability of the sum.

mod encoded;
mod forged;
pub(crate) mod hidden;
mod wordings;

use std::ops::Range;

use wordings::Sign;
pub(crate) use wordings::Wordings;

/// What the sum of the weights must reach to be as likely as not.
const EVEN: f32 = 3.5;

/// What a sign counts that comes from a tool: nobody there has the right to instruct.
const FROM_TOOL: f32 = 1.5;

/// What each further phrase of the same kind counts, at most twice.
const AGAIN: f32 = 0.25;

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

/// The sum of the signs of a text, and the weightiest of them.
#[derive(Clone, Debug, Default)]
struct Signs {
    sum: f32,
    weightiest: Option<(f32, Sign, Range<usize>)>,
}

/// Judges a text; `None` where nothing speaks for an injection.
pub(crate) fn judge(text: &str, from_tool: bool, wordings: &Wordings) -> Option<Injection> {
    let mut signs = signs(text, wordings);
    for (place, inner) in encoded::texts(text) {
        let inner = self::signs(&inner, wordings);
        if let Some((weight, ..)) = inner.weightiest {
            signs.add(weight + ENCODED, Sign::Encoded, place);
            signs.sum += inner.sum - weight;
        }
    }
    let (_, sign, place) = signs.weightiest?;
    let sum = signs.sum + if from_tool { FROM_TOOL } else { 0.0 };
    Some(Injection {
        code: sign.code(),
        words: sign.words(),
        probability: 1.0 / (1.0 + (EVEN - sum).exp()),
        place: sentence(text, place),
    })
}

/// The signs of a text by itself.
fn signs(text: &str, wordings: &Wordings) -> Signs {
    let mut signs = Signs::default();
    let mut counts = [0_u32; Sign::COUNT];
    for (sign, place) in wordings.find(text) {
        let count = &mut counts[sign as usize];
        *count += 1;
        match *count {
            1 => signs.add(sign.weight(), sign, place),
            2 | 3 => signs.sum += AGAIN * sign.weight(),
            _ => {}
        }
    }
    for (weight, place) in forged::find(text) {
        signs.add(weight, Sign::Forged, place);
    }
    signs
}

impl Signs {
    fn add(&mut self, weight: f32, sign: Sign, place: Range<usize>) {
        self.sum += weight;
        if weight > 0.0 && self.weightiest.as_ref().is_none_or(|(most, ..)| weight > *most) {
            self.weightiest = Some((weight, sign, place));
        }
    }
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
