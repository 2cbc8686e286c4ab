//! What a sentence claims about fields, and whether they say so.

use std::ops::Range;

/// How a claim stands to its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The field says so.
    Agrees,
    /// Said to be so, and the field says no.
    AssertedFalse,
    /// The same of a word for the character of a place, which people use more loosely.
    CharacterFalse,
    /// Said not to be so, and the field says yes.
    DeniedTrue,
    /// Said to be so, and the field is empty.
    AssertedUnknown,
    /// Said not to be so, and the field is empty.
    DeniedUnknown,
    /// A service that no field and no text speaks of is said to be there.
    AssertedMissing,
    /// A service that no field and no text speaks of is said not to be there.
    DeniedMissing,
    /// Other opening hours than the field's.
    HoursDiffer,
    /// Open on a day on which the field has no hours, or closed on one with hours.
    DaysDiffer,
    /// Another rating than the field's.
    RatingDiffers,
    /// Hours or a rating as in the field.
    ValueAgrees,
}

impl Kind {
    /// Kinds of claims.
    pub(crate) const COUNT: usize = 12;

    /// Whether the source says otherwise, or nothing at all.
    pub(crate) fn is_wrong(self) -> bool {
        !matches!(self, Self::Agrees | Self::ValueAgrees)
    }
}

/// One claim about a field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Claim {
    /// How it stands to the field.
    pub(crate) kind: Kind,
    /// The words of the sentence that make it.
    pub(crate) words: Range<usize>,
    /// The field as the source has it, such as `WiFi: no`.
    pub(crate) says: String,
}

/// All claims of a sentence.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Claims(pub(crate) Vec<Claim>);

impl Claims {
    pub(super) fn add(&mut self, kind: Kind, words: Range<usize>, says: impl FnOnce() -> String) {
        let says = if kind.is_wrong() { says() } else { String::new() };
        self.0.push(Claim { kind, words, says });
    }

    /// How many claims there are of each kind, in the order of [`Kind`].
    pub(crate) fn counts(&self) -> [f32; Kind::COUNT] {
        let mut counts = [0.0; Kind::COUNT];
        for claim in &self.0 {
            counts[claim.kind as usize] += 1.0;
        }
        counts
    }
}
