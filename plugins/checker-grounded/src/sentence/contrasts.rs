//! Where a sentence says what the source says, but for a number, a name or a denial.
//!
//! Most of such a sentence is supported, so that no share of words tells it apart: it is laid beside the window that it
//! rests on, and what stands in the same place of both is compared.

mod denials;
mod names;
mod numbers;

use std::ops::Range;

use crate::source::{Index, Near, Scratch};
use crate::text::lexicon::{Lexicon, Roles, hash};
use crate::text::words::{Word, words};

/// In what a sentence differs from the window that it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    /// Another number in the same place.
    Number,
    /// Another name in the same place.
    Name,
    /// One of them denies it.
    Denial,
}

impl Difference {
    /// Kinds of differences.
    pub(crate) const COUNT: usize = 3;
}

/// A difference, and the window that says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Contrast {
    pub(crate) difference: Difference,
    pub(crate) window: u32,
}

/// A part of a sentence, and the window that it rests on.
struct Side<'a> {
    own: &'a [Word],
    source: &'a [Word],
    /// The sentence, for what a word's hash does not tell.
    text: &'a str,
    index: &'a Index,
    window: u32,
}

/// A part of a sentence must share so much of its other words with the window.
const ALIKE: f32 = 0.6;

/// Words that a part of a sentence shares with the window, at least.
const SHARED: usize = 2;

impl Side<'_> {
    /// What of the part without `left_out` is said by the window: how many words, and which share, the windows beside it
    /// counted too, for they name what it speaks of.
    fn shared(&self, left_out: &dyn Fn(usize) -> bool) -> (usize, f32) {
        let beside = [self.window.checked_sub(1), self.window.checked_add(1)];
        let (mut all, mut here, mut shared) = (0, 0, 0);
        for (at, word) in self.own.iter().enumerate() {
            if !word.is_content() || word.number.is_some() || left_out(at) {
                continue;
            }
            all += 1;
            let is_here = self.index.stands_in(word.stem, self.window);
            let mut near = beside.into_iter().flatten();
            here += usize::from(is_here);
            shared += usize::from(is_here || near.any(|it| self.index.stands_in(word.stem, it)));
        }
        (here, shared as f32 / all.max(1) as f32)
    }

    fn is_alike(&self, left_out: &dyn Fn(usize) -> bool) -> bool {
        let (words, share) = self.shared(left_out);
        words >= SHARED && share >= ALIKE
    }
}

/// All differences of a sentence, each kind once for a window.
pub(super) fn contrasts(
    text: &str,
    words_of: &[Word],
    near: &Near,
    index: &Index,
    lexicon: &Lexicon,
    scratch: &mut Scratch,
) -> Vec<Contrast> {
    let mut found = Vec::new();
    let mut lay = |own: &[Word], window: Option<u32>| {
        let Some(window) = window else { return };
        let source = words(index.quote(window), lexicon);
        let side = Side {
            own,
            source: &source,
            text,
            index,
            window,
        };
        for (difference, differs) in [
            (Difference::Number, numbers::differ as fn(&Side<'_>) -> bool),
            (Difference::Name, names::differ),
            (Difference::Denial, denials::differ),
        ] {
            let new = Contrast { difference, window };
            if differs(&side) && !found.contains(&new) {
                found.push(new);
            }
        }
    };
    lay(words_of, near.window);
    lay(words_of, near.neighbour);
    let parts = parts(words_of);
    if parts.len() > 1 {
        for part in parts {
            let own = &words_of[part];
            let mut stems: Vec<(u32, f32)> = own
                .iter()
                .filter(|word| word.is_content())
                .map(|word| (word.stem, index.weight(word.stem)))
                .collect();
            stems.sort_by_key(|it| it.0);
            stems.dedup_by_key(|it| it.0);
            lay(own, index.near(&stems, scratch).window);
        }
    }
    found
}

/// Parts of a sentence that say something of their own.
fn parts(words: &[Word]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    for at in 1..=words.len() {
        let begins = words.get(at).is_none_or(|word| {
            word.after_pause || word.roles.has(Roles::CLAUSE) || word.roles.has(Roles::TURN) || word.form == hash("and")
        });
        if begins && words[start..at].iter().filter(|word| word.is_content()).count() > SHARED {
            parts.push(start..at);
            start = at;
        }
    }
    parts
}
