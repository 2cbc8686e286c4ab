//! Shares, runs and neighbours of words.

use crate::source::Index;
use crate::text::words::Word;

/// The share of `true`; none of nothing.
pub(super) fn share(all: impl Iterator<Item = bool>) -> f32 {
    let (mut yes, mut count) = (0, 0);
    for it in all {
        yes += u32::from(it);
        count += 1;
    }
    if count == 0 { 0.0 } else { yes as f32 / count as f32 }
}

pub(super) fn longest(all: impl Iterator<Item = bool>) -> usize {
    let (mut best, mut run) = (0, 0);
    for it in all {
        run = if it { run + 1 } else { 0 };
        best = best.max(run);
    }
    best
}

pub(super) fn longest_of(words: &[&Word], is: &dyn Fn(&Word) -> bool) -> usize {
    longest(words.iter().map(|word| is(word)))
}

/// How well marked words stand among their neighbours: the least share of the words around one of them that the source has
/// beside it.
pub(super) fn context(content: &[&Word], index: &Index, is: &dyn Fn(&Word) -> bool) -> f32 {
    let mut least: f32 = 1.0;
    for (at, word) in content.iter().enumerate() {
        if !is(word) {
            continue;
        }
        let from = at.saturating_sub(3);
        let to = (at + 4).min(content.len());
        let others = content[from..to].iter().filter(|it| it.stem != word.stem);
        least = least.min(share(others.map(|other| index.meet(word.stem, other.stem))));
    }
    least
}
