//! A denial that only one of both has.

use crate::sentence::contrasts::Side;
use crate::text::lexicon::{Roles, hash};
use crate::text::words::Word;

/// Words between a denial and what it denies, at most.
const REACH: usize = 4;

/// Words with content that must stand in a row in both, what is denied among them.
const RUN: usize = 3;

/// The share of the words with content that the window must have.
const ALIKE: f32 = 0.75;

/// Words that deny without a word for it, by their stems.
const IMPLIED: [u32; 17] = [
    hash("avoid"),
    hash("refus"),
    hash("stop"),
    hash("declin"),
    hash("reject"),
    hash("den"),
    hash("prevent"),
    hash("absenc"),
    hash("rather"),
    hash("unlik"),
    hash("ban"),
    hash("forbid"),
    hash("against"),
    hash("unless"),
    hash("if"),
    hash("hard"),
    hash("fail"),
];

/// Whether one side denies what the other says.
pub(super) fn differ(side: &Side<'_>) -> bool {
    let (words, share) = side.shared(&|_| false);
    words >= 2 && share >= ALIKE && (denied_alone(side.own, side.source) || denied_alone(side.source, side.own))
}

/// Whether `denying` denies what `saying` says.
fn denied_alone(denying: &[Word], saying: &[Word]) -> bool {
    let (own, other) = (telling(denying), telling(saying));
    denying.iter().enumerate().any(|(at, word)| {
        let denied = is_denial(word).then(|| target(denying, at + 1)).flatten();
        let Some(place) = denied.and_then(|it| own.iter().position(|own| *own == it)) else {
            return false;
        };
        let mut same = (0..other.len())
            .filter(|it| is_same(denying, &own, place, saying, &other, *it))
            .peekable();
        same.peek().is_some() && same.all(|it| is_plain(saying, other[it]))
    })
}

/// Whether what stands around one place is what stands around the other.
fn is_same(a: &[Word], a_telling: &[usize], at: usize, b: &[Word], b_telling: &[usize], place: usize) -> bool {
    let alike = |at: usize, place: usize| match (a_telling.get(at), b_telling.get(place)) {
        (Some(at), Some(place)) => a[*at].stem == b[*place].stem,
        _ => false,
    };
    if !alike(at, place) {
        return false;
    }
    let behind = (1..RUN).take_while(|step| alike(at + step, place + step)).count();
    let before = (1..RUN.min(at + 1).min(place + 1))
        .take_while(|step| alike(at - step, place - step))
        .count();
    let run = 1 + behind + before;
    // Two words may be all that a short sentence has.
    run >= RUN || (run >= 2 && run >= a_telling.len().min(b_telling.len()))
}

/// Places of words with content that deny nothing.
fn telling(words: &[Word]) -> Vec<usize> {
    (0..words.len())
        .filter(|at| words[*at].is_content() && !words[*at].roles.has(Roles::NOT))
        .collect()
}

/// A word that denies whatever follows.
fn is_denial(word: &Word) -> bool {
    const WEAK: [u32; 8] = [
        hash("lack"),
        hash("lacks"),
        hash("lacking"),
        hash("unavailable"),
        hash("unable"),
        hash("fails"),
        hash("failed"),
        hash("nothing"),
    ];
    word.roles.has(Roles::NOT) && !WEAK.contains(&word.form)
}

/// What is denied: the next word with content.
fn target(words: &[Word], from: usize) -> Option<usize> {
    const ONLY: [u32; 4] = [hash("only"), hash("just"), hash("longer"), hash("until")];
    // What a text does not mention, it does not deny.
    let speaks_of_text =
        |at: usize| words[at].roles.has(Roles::META) || [hash("if"), hash("unless")].contains(&words[at].form);
    if words.get(from).is_some_and(|word| ONLY.contains(&word.form))
        || (from.saturating_sub(REACH)..from).any(speaks_of_text)
    {
        return None;
    }
    let next = (from..words.len().min(from + REACH)).find(|at| words[*at].is_content())?;
    (!speaks_of_text(next)).then_some(next)
}

/// Whether nothing near denies the word.
fn is_plain(words: &[Word], at: usize) -> bool {
    let from = at.saturating_sub(REACH + 2);
    let to = (at + 4).min(words.len());
    !words[from..to]
        .iter()
        .any(|word| word.roles.has(Roles::NOT) || word.roles.has(Roles::TURN) || IMPLIED.contains(&word.stem))
}
