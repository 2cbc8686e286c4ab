//! Whether a sentence says that something is so, or that it is not.

use std::ops::Range;

use crate::text::lexicon::{Roles, hash};
use crate::text::words::Word;

/// What is said of a mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Polarity {
    /// It is so.
    Asserted,
    /// It is not so.
    Denied,
    /// Neither: it is not known, or asked.
    Open,
}

/// A denial reaches so many words ahead where no verb stands between.
const REACH: usize = 12;

/// Verbs that begin a statement of their own.
const VERBS: &[u32] = &[
    hash("has"),
    hash("have"),
    hash("offers"),
    hash("offer"),
    hash("provides"),
    hash("provide"),
    hash("includes"),
    hash("include"),
    hash("is"),
    hash("are"),
    hash("allows"),
    hash("allow"),
    hash("accepts"),
    hash("accept"),
    hash("takes"),
    hash("take"),
    hash("features"),
    hash("serves"),
    hash("was"),
    hash("were"),
    hash("caters"),
    hash("boasts"),
    hash("enjoy"),
    hash("offering"),
    hash("having"),
    hash("available"),
];
const BE: &[u32] = &[
    hash("is"),
    hash("are"),
    hash("isn't"),
    hash("aren't"),
    hash("was"),
    hash("were"),
];
/// Those of them that are said of one thing.
const ONE: &[u32] = &[hash("is"), hash("isn't"), hash("was")];

/// What the sentence says of the words in `at`.
pub(super) fn polarity(words: &[Word], at: &Range<usize>) -> Polarity {
    if is_open(words) {
        return Polarity::Open;
    }
    let (before, behind) = (&words[..at.start], &words[at.end..]);
    let denied_first = denied_before(before) && !begins_anew(before, behind);
    if denied_first || denied_behind(behind) {
        Polarity::Denied
    } else {
        Polarity::Asserted
    }
}

/// The sentence says that something is not told, or asks whether it is so.
fn is_open(words: &[Word]) -> bool {
    const WHETHER: u32 = hash("whether");
    const INFORMATION: u32 = hash("information");
    let has = |role| words.iter().any(|word| word.roles.has(role));
    let is = |form| words.iter().any(|word| word.form == form);
    is(WHETHER)
        || (has(Roles::NOT)
            && (is(INFORMATION) || is(hash("mentioned")) || is(hash("specified")) || is(hash("mention"))))
}

/// A denial before the mention counts unless a verb, or a word that turns the sentence, stands between.
fn denied_before(before: &[Word]) -> bool {
    for (back, word) in before.iter().rev().enumerate().take(REACH) {
        if word.roles.has(Roles::NOT) {
            return true;
        }
        if word.roles.has(Roles::TURN) {
            return false;
        }
        if VERBS.contains(&word.form) {
            let end = before.len() - back - 1;
            let near = &before[end.saturating_sub(3)..end];
            let turn = near
                .iter()
                .rposition(|word| word.roles.has(Roles::TURN))
                .map_or(0, |it| it + 1);
            return near[turn..].iter().any(|word| word.roles.has(Roles::NOT));
        }
    }
    false
}

/// `While they have no pool, music is available`: behind a pause, and with a verb of its own.
fn begins_anew(before: &[Word], behind: &[Word]) -> bool {
    let denied = before.iter().rposition(|word| word.roles.has(Roles::NOT));
    let pauses = |word: &Word| word.after_pause;
    let own = behind.iter().take(3).take_while(|word| !word.after_pause);
    let has_verb = own.skip_while(|word| !BE.contains(&word.form)).count() > 0;
    has_verb && denied.is_some_and(|at| before[at..].iter().skip(1).any(pauses))
}

/// `… are not available`, and `…: no` in a list of fields.
fn denied_behind(behind: &[Word]) -> bool {
    if let [first, rest @ ..] = behind
        && first.form == hash("no")
        && first.after_pause
        && rest.first().is_none_or(|next| next.after_pause)
    {
        return true;
    }
    let mut paused = false;
    for (at, word) in behind.iter().enumerate().take(8) {
        // Behind a pause one thing is another.
        paused |= word.after_pause;
        if word.roles.has(Roles::TURN) || (paused && ONE.contains(&word.form)) {
            return false;
        }
        if BE.contains(&word.form) {
            let rest = &behind[at..(at + 4).min(behind.len())];
            return rest.iter().any(|word| word.roles.has(Roles::NOT));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lexicon::Lexicon;
    use crate::text::stem::stem;
    use crate::text::words::words;

    fn of(text: &str, name: &str) -> Polarity {
        let words = words(text, &Lexicon::default());
        let at = words.iter().position(|word| word.stem == stem(name)).unwrap();
        polarity(&words, &(at..at + 1))
    }

    #[test]
    fn what_is_said_to_be_there_is_asserted() {
        for text in [
            "They offer music.",
            "It does not take cards, but music is played.",
            "It does not take cards and has music.",
            "There is music, no pool.",
            "While it does not offer a pool, live music is played.",
            "It has music, and the pool is not open.",
        ] {
            assert_eq!(of(text, "music"), Polarity::Asserted, "{text}");
        }
    }

    #[test]
    fn what_is_said_not_to_be_there_is_denied() {
        for text in [
            "They do not offer music.",
            "There is no pool or music.",
            "It lacks a pool and music.",
            "Music is not played.",
            "Music and a pool are unavailable.",
            "Pool: yes; Music: no; Food: yes",
            "Although it is large, it doesn't have music.",
        ] {
            assert_eq!(of(text, "music"), Polarity::Denied, "{text}");
        }
    }

    #[test]
    fn what_is_not_told_is_open() {
        assert_eq!(of("No information about music was given.", "music"), Polarity::Open);
    }
}
