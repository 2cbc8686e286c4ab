//! Another name in the same place.

use std::ops::Range;

use crate::sentence::contrasts::{ALIKE, SHARED, Side};
use crate::text::words::Word;

/// Letters of a name, at least: shorter ones are abbreviations.
const LETTERS: u32 = 3;

/// Letters that two forms of one name share, at least.
const ROOT: usize = 4;

/// Bytes of what is short for something are fewer.
const LONGEST_SHORT: usize = 6;

/// Words back, at most, to what is said of a name.
const REACH: usize = 8;

/// Whether the part has a name where the window has another.
pub(super) fn differ(side: &Side<'_>) -> bool {
    let theirs = runs(side.source, "");
    let quote = side.index.quote(side.window);
    runs(side.own, side.text)
        .into_iter()
        .any(|own| !is_short(side.own, &own, side.text) && is_other(side, &own, &theirs, quote))
}

/// `quote` is what the window says.
fn is_other(side: &Side<'_>, own: &Range<usize>, theirs: &[Range<usize>], quote: &str) -> bool {
    let is_new = |word: &Word| {
        word.end - word.start >= LETTERS && !side.index.has(word.stem) && !side.index.has_prefix(word.prefix)
    };
    // A name with a part that the source has is another form of it.
    let name = &side.own[own.clone()];
    let is_spelled_out = name.len() > 1 && side.index.has(initials(name, side.text));
    let is_form = |word: &Word| {
        let has = |other: &Word| is_form_of(text_of(word, side.text), text_of(other, quote));
        side.source.iter().any(has)
    };
    if !name.iter().all(is_new) || is_spelled_out || name.iter().any(is_form) {
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
    crate::text::stem::stem(&letters(words, text))
}

/// The first letter of each word.
fn letters(words: &[Word], text: &str) -> String {
    let first = |word: &Word| text_of(word, text).chars().next();
    words.iter().filter_map(first).flat_map(char::to_lowercase).collect()
}

fn text_of<'a>(word: &Word, text: &'a str) -> &'a str {
    text.get(word.start as usize..word.end as usize).unwrap_or_default()
}

/// Whether a word alone is short for something: `Rep.` before a name, or the first letters of words beside it.
fn is_short(words: &[Word], run: &Range<usize>, text: &str) -> bool {
    let [word] = &words[run.clone()] else { return false };
    let short = text_of(word, text);
    let is_before_name = words.get(run.end).is_some_and(|it| it.is_name());
    let behind = text.get(word.end as usize..).unwrap_or_default();
    if is_before_name && behind.starts_with('.') && short.len() < LONGEST_SHORT {
        return true;
    }
    short.len() < LONGEST_SHORT
        && short.chars().all(char::is_uppercase)
        && (letters(&words[..run.start], text) + " " + &letters(&words[run.end..], text))
            .contains(&short.to_lowercase())
}

/// Whether one is short for the other (`Feb`, `February`), or both are of one name (`China`, `Chinese`).
fn is_form_of(a: &str, b: &str) -> bool {
    let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
    if !few.starts_with(char::is_uppercase) || !many.starts_with(char::is_uppercase) {
        return false;
    }
    let root = match few.char_indices().next_back() {
        // Names that differ in their last letter alone are two: `Maria` and `Mario`.
        Some((last, _)) if few[..last].chars().count() >= ROOT && many.len() > few.len() => &few[..last],
        _ => few,
    };
    root.chars().count() >= LETTERS as usize && many.starts_with(root)
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
