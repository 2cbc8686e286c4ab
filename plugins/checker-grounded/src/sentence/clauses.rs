//! The clauses of a sentence, each by itself.

use crate::sentence::measure::share;
use crate::source::{Index, Scratch};
use crate::text::lexicon::{Roles, hash};
use crate::text::words::Word;

/// The clause with the greatest share of unsupported words, among those with two content words or more.
pub(super) fn worst_clause(words: &[Word], supported: &dyn Fn(&Word) -> bool) -> f32 {
    let mut worst: f32 = 0.0;
    let mut start = 0;
    for at in 1..=words.len() {
        let begins = words
            .get(at)
            .is_none_or(|word| word.after_pause || word.roles.has(Roles::CLAUSE) || word.roles.has(Roles::TURN));
        if !begins || words[start..at].iter().filter(|word| word.is_content()).count() < 2 {
            continue;
        }
        let novelty = share(
            words[start..at]
                .iter()
                .filter(|word| word.is_content())
                .map(|word| !supported(word)),
        );
        worst = worst.max(novelty);
        start = at;
    }
    worst
}

/// How well the source supports the clause of a sentence that it supports least.
pub(super) struct Clauses {
    /// Weight of its words in one window, 0 to 1.
    pub(super) one: f32,
    /// The same for a window and its neighbour.
    pub(super) two: f32,
    /// Clauses of two content words or more.
    pub(super) count: usize,
}

/// Looks each clause up by itself, for a clause that was made up hides in a long sentence.
pub(super) fn clauses(words: &[Word], index: &Index, scratch: &mut Scratch) -> Clauses {
    let mut all = Clauses {
        one: 1.0,
        two: 1.0,
        count: 0,
    };
    let mut start = 0;
    for at in 1..=words.len() {
        let begins = words.get(at).is_none_or(|word| {
            word.after_pause || word.roles.has(Roles::CLAUSE) || word.roles.has(Roles::TURN) || word.form == hash("and")
        });
        let mut stems: Vec<(u32, f32)> = words[start..at]
            .iter()
            .filter(|word| word.is_content())
            .map(|word| (word.stem, index.weight(word.stem)))
            .collect();
        if !begins || stems.len() < 2 {
            continue;
        }
        stems.sort_by_key(|it| it.0);
        stems.dedup_by_key(|it| it.0);
        let near = index.near(&stems, scratch);
        all.one = all.one.min(near.one);
        all.two = all.two.min(near.two);
        all.count += 1;
        start = at;
    }
    all
}
