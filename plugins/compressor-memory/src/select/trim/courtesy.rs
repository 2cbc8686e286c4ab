//! Sentences that say nothing but that somebody is kind.

use crate::language::phrase::Phrase;
use crate::language::tables::TIME;

/// A sentence with more words than this is never taken for a courtesy.
const MOST: usize = 6;
/// Words that open a courtesy. Those that agree (`sure`, `okay`, `right`) answer something, and are none.
const OPENINGS: &[&str] = &[
    "hey", "hi", "hello", "wow", "thanks", "thank", "cool", "awesome", "great", "nice", "glad", "aw", "aww", "yay",
    "haha",
];
/// Verbs that a courtesy has in one form only: `glad to hear it`.
const AFTER_TO: &[&str] = &["hear", "see"];
/// Of these, after which a name may follow.
const GREETINGS: &[&str] = &["hey", "hi", "hello"];
/// Words that a courtesy may have beside those: none of them denies, counts, asks for something or does anything.
const EMPTY: &[&str] = &[
    "you",
    "so",
    "very",
    "really",
    "much",
    "a",
    "lot",
    "bunch",
    "again",
    "the",
    "that",
    "it",
    "this",
    "is",
    "s",
    "oh",
    "to",
    "for",
    "and",
    "there",
    "good",
    "lovely",
    "wonderful",
    "amazing",
    "everyone",
    "all",
    "sharing",
];

/// Whether a sentence only greets, thanks or exclaims: each of its words does, and it asks nothing.
pub(super) fn is_courtesy(sentence: &str, words: Phrase) -> bool {
    if words.is_empty() || words.len() > MOST || sentence.contains('?') {
        return false;
    }
    let is_name = |place: usize| {
        place == 1
            && words.len() == 2
            && GREETINGS.contains(&words.lower(0))
            && words.spoken(1).starts_with(char::is_uppercase)
            && !words.classes(1).has(TIME)
    };
    let is_empty = |place: usize| {
        let word = words.lower(place);
        let is_wish = AFTER_TO.contains(&word) && words.lower(place - 1) == "to";
        OPENINGS.contains(&word) || EMPTY.contains(&word) || is_wish || is_name(place)
    };
    OPENINGS.contains(&words.lower(0)) && (1..words.len()).all(is_empty)
}
