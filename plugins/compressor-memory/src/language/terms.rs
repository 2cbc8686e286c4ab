//! The terms that an index knows a text by: stems of words that carry meaning, numbers, and pairs of characters where
//! words are not set apart.

use super::han;
use super::lexicon::{self, hash};
use super::words::words;

/// A term's number: a hash of the word's stem, so that no vocabulary need be kept.
pub type Term = u32;

/// The terms of a text, in order and with repeats.
pub fn terms(text: &str) -> Vec<Term> {
    let mut found = Vec::with_capacity(text.len() / 8);
    for word in words(text) {
        if word.unspaced {
            pairs(word.text, |term| found.push(term));
        } else if let Some(term) = term(word.text) {
            found.push(term);
        }
    }
    found
}

/// The term of one word, where it carries meaning.
pub fn term(word: &str) -> Option<Term> {
    lexicon::look(word).term
}

/// The terms of a run of characters: its pairs, but for those of two characters of grammar; or the one that stands alone.
pub fn pairs(run: &str, mut found: impl FnMut(Term)) {
    let mut before: Option<(usize, bool)> = None;
    let mut alone = true;
    for (at, c) in run.char_indices() {
        let plain = han::is_function(c);
        if let Some((from, plain_before)) = before {
            alone = false;
            if !(plain && plain_before) {
                found(hash(&run.as_bytes()[from..at + c.len_utf8()]));
            }
        }
        before = Some((at, plain));
    }
    if alone && matches!(before, Some((_, false))) {
        found(hash(run.as_bytes()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_are_one_term_and_grammar_is_none() {
        assert_eq!(terms("painting the paintings"), terms("painted painting"));
        assert!(terms("I was there, and it's what we do").is_empty());
    }

    #[test]
    fn chinese_is_cut_into_pairs_of_characters() {
        let hash = |text: &str| hash(text.as_bytes());
        assert_eq!(terms("去上海。"), [hash("去上"), hash("上海")]);
        assert!(terms("我们的").is_empty());
    }
}
