//! Words of a text, and the terms that an index knows them by.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use rust_stemmers::{Algorithm, Stemmer};

use super::tables::{FUNCTION, FUNCTION_HAN, Fnv, classes};

/// A term's number: a hash of the word's stem, so that no vocabulary need be kept.
pub type Term = u32;

/// Whether a script is written without spaces between words, so that pairs of characters stand for words.
pub fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' // Thai, Lao, Burmese, Khmer
        | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{AC00}'..='\u{D7AF}' | '\u{20000}'..='\u{2FA1F}')
}

/// One run of letters or digits of a text: a word, or a phrase of a script that writes no spaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    /// As it stands in the text.
    pub text: &'a str,
    /// Its first byte.
    pub start: usize,
    /// Whether it is written without spaces.
    pub unspaced: bool,
}

impl Word<'_> {
    /// One past its last byte.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The words of a text in order. An apostrophe ends a word, as it does in most measures of overlap.
pub fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = chars.find(|(_, c)| c.is_alphanumeric())?;
        let unspaced = is_unspaced(first);
        let mut end = start + first.len_utf8();
        while let Some((at, c)) =
            chars.next_if(|(_, c)| (c.is_alphanumeric() || is_mark(*c)) && is_unspaced(*c) == unspaced)
        {
            end = at + c.len_utf8();
        }
        Some(Word {
            text: &text[start..end],
            start,
            unspaced,
        })
    })
}

/// Combining marks belong to the letter before them.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{0900}'..='\u{0DFF}' | '_')
}

/// The terms of a text, in order and with repeats: stems of words that carry meaning, numbers, and pairs of characters.
pub fn terms(text: &str) -> Vec<Term> {
    let mut found = Vec::with_capacity(text.len() / 8);
    for word in words(text) {
        if word.unspaced {
            pairs(word.text, &mut found);
        } else if let Some(term) = term(word.text) {
            found.push(term);
        }
    }
    found
}

/// The term of one word, where it carries meaning.
pub fn term(word: &str) -> Option<Term> {
    thread_local! {
        static STEMS: RefCell<HashMap<String, Option<Term>, BuildHasherDefault<Fnv>>> = RefCell::default();
    }
    let lower = word.to_lowercase();
    STEMS.with_borrow_mut(|known| {
        if let Some(term) = known.get(&lower) {
            return *term;
        }
        let term = is_meaningful(&lower).then(|| hash(&Stemmer::create(Algorithm::English).stem(&lower)));
        known.insert(lower, term);
        term
    })
}

fn is_meaningful(lower: &str) -> bool {
    let is_number = lower.bytes().all(|b| b.is_ascii_digit());
    is_number || (lower.chars().nth(1).is_some() && !classes(lower).has(FUNCTION))
}

fn pairs(run: &str, found: &mut Vec<Term>) {
    let mut before: Option<(usize, char)> = None;
    let mut alone = true;
    for (at, c) in run.char_indices() {
        if let Some((from, first)) = before {
            alone = false;
            let plain = FUNCTION_HAN.contains(first) && FUNCTION_HAN.contains(c);
            if !plain {
                found.push(hash(&run[from..at + c.len_utf8()]));
            }
        }
        before = Some((at, c));
    }
    if let (true, Some((_, only))) = (alone, before)
        && !FUNCTION_HAN.contains(only)
    {
        found.push(hash(run));
    }
}

/// FNV-1a: short keys, no state, the same everywhere.
pub fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
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
        assert_eq!(terms("去上海。"), [hash("去上"), hash("上海")]);
        assert!(terms("我们的").is_empty());
    }

    #[test]
    fn scripts_in_one_text_are_told_apart() {
        let found: Vec<&str> = words("用Rust写的naïve 100%").map(|word| word.text).collect();
        assert_eq!(found, ["用", "Rust", "写的", "naïve", "100"]);
    }
}
