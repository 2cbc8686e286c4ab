//! Another name in the same place.

use std::ops::Range;

use crate::sentence::contrasts::{ALIKE, SHARED, Side};
use crate::text::words::Word;

/// Letters of a name, at least: shorter ones are abbreviations.
const LETTERS: u32 = 3;

/// Words back, at most, to what is said of a name.
const REACH: usize = 8;

/// Whether the part has a name where the window has another.
pub(super) fn differ(side: &Side<'_>) -> bool {
    let theirs = runs(side.source, "");
    runs(side.own, side.text)
        .into_iter()
        .any(|own| is_other(side, &own, &theirs))
}

fn is_other(side: &Side<'_>, own: &Range<usize>, theirs: &[Range<usize>]) -> bool {
    let is_new = |word: &Word| {
        word.end - word.start >= LETTERS && !side.index.has(word.stem) && !side.index.has_prefix(word.prefix)
    };
    // A name with a part that the source has is another form of it.
    let name = &side.own[own.clone()];
    let is_spelled_out = name.len() > 1 && side.index.has(initials(name, side.text));
    if !name.iter().all(is_new) || is_spelled_out {
        return false;
    }
    let (words, share) = side.shared(&|at| own.contains(&at));
    if words < SHARED || share < ALIKE {
        return false;
    }
    let in_own = |word: &Word| side.own.iter().any(|it| it.stem == word.stem);
    let mut others = theirs
        .iter()
        .filter(|other| !side.source[(*other).clone()].iter().any(in_own));
    others.any(|other| share > 0.99 || is_same_place(side.own, own, side.source, other))
}

/// The same word before both, or behind both.
fn is_same_place(own: &[Word], a: &Range<usize>, source: &[Word], b: &Range<usize>) -> bool {
    let before = |words: &[Word], at: &Range<usize>| {
        let last = words.get(at.start.checked_sub(1)?)?.form;
        let mut earlier = words[..at.start].iter().rev().take(REACH);
        let says = |word: &&Word| word.is_content() && word.number.is_none() && !word.is_name();
        Some((last, earlier.find(says)?.stem))
    };
    let behind = |words: &[Word], at: &Range<usize>| {
        let next = words
            .get(at.end)
            .filter(|word| !word.after_pause && word.is_content())?;
        Some(next.stem)
    };
    before(own, a).is_some_and(|it| before(source, b) == Some(it))
        || behind(own, a).is_some_and(|it| behind(source, b) == Some(it))
}

/// The first letters of a name, as one word.
fn initials(words: &[Word], text: &str) -> u32 {
    let letters = words
        .iter()
        .filter_map(|word| text.get(word.start as usize..)?.chars().next());
    crate::text::stem::stem(&letters.collect::<String>().to_lowercase())
}

/// Names: capital letters in a row. At the beginning of a sentence or behind a colon one alone says nothing.
fn runs(words: &[Word], text: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if !word.is_name() {
            continue;
        }
        match runs.last_mut() {
            Some(run) if run.end == at && !word.after_pause => run.end = at + 1,
            _ => runs.push(at..at + 1),
        }
    }
    let begins = |run: &Range<usize>| {
        let start = words[run.start].start as usize;
        let before = text.get(..start).unwrap_or_default().trim_end();
        run.start == 0
            || words[..run.start].iter().all(|word| word.number.is_some())
            || before.ends_with([':', '.', '"', '“', '*'])
    };
    runs.retain(|run| run.len() > 1 || !begins(run));
    runs
}
