//! The words of a text with all that is known of each, read once for all that ask: sentiment, events, facts, questions,
//! trimming.

use std::ops::Range;

use super::lexicon::{hash, look_lower};
use super::phrase::Phrase;
use super::tables::Classes;
use super::terms::Term;
use super::words::words;

/// A text and its words.
#[derive(Clone, Debug)]
pub struct Tokens<'a> {
    pub(super) text: &'a str,
    /// The text with the letters of ASCII in lower case; behind it the words that have others to lower.
    pub(super) lower: String,
    pub(super) tokens: Vec<Token>,
}

/// One word.
#[derive(Clone, Debug)]
pub(super) struct Token {
    /// Its bytes in the text.
    pub(super) span: Range<u32>,
    /// Its bytes in `lower`.
    pub(super) lower: Range<u32>,
    pub(super) hash: u32,
    pub(super) term: Option<Term>,
    pub(super) classes: Classes,
    pub(super) unspaced: bool,
}

impl<'a> Tokens<'a> {
    /// Reads a text.
    pub fn of(text: &'a str) -> Self {
        let mut lower = text.to_ascii_lowercase();
        let mut tokens = Vec::with_capacity(text.len() / 5);
        for word in words(text) {
            let span = word.start as u32..word.end() as u32;
            let mut at = span.clone();
            if !word.unspaced && !word.text.is_ascii() {
                at.start = lower.len() as u32;
                lower.push_str(&word.text.to_lowercase());
                at.end = lower.len() as u32;
            }
            let own = &lower[at.start as usize..at.end as usize];
            // What is written without spaces is no word that a table could know.
            let (hash, term, classes) = if word.unspaced {
                (hash(own.as_bytes()), None, Classes::default())
            } else {
                let entry = look_lower(own, hash(own.as_bytes()));
                (entry.hash, entry.term, entry.classes)
            };
            tokens.push(Token {
                span,
                lower: at,
                hash,
                term,
                classes,
                unspaced: word.unspaced,
            });
        }
        Self { text, lower, tokens }
    }

    /// All of its words.
    pub fn whole(&self) -> Phrase<'_> {
        Phrase {
            text: self.text,
            start: 0,
            all: self,
            first: 0,
            length: self.tokens.len(),
        }
    }

    /// The words within a span of bytes.
    pub fn within(&self, span: Range<usize>) -> Phrase<'_> {
        let first = self
            .tokens
            .partition_point(|token| (token.span.start as usize) < span.start);
        let end = self
            .tokens
            .partition_point(|token| (token.span.start as usize) < span.end);
        Phrase {
            start: span.start,
            text: &self.text[span],
            all: self,
            first,
            length: end - first,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::terms::terms;

    #[test]
    fn a_phrase_knows_its_own_words() {
        let text = "Was ÄRGERT you? I walked 我去上海了 twice.";
        let tokens = Tokens::of(text);
        assert_eq!(tokens.whole().terms(), terms(text));
        let behind = tokens.within(text.find('I').unwrap()..text.len());
        let words: Vec<&str> = (0..behind.len()).map(|place| behind.lower(place)).collect();
        assert_eq!(words, ["i", "walked", "我去上海了", "twice"]);
        assert_eq!(
            (tokens.whole().lower(1), tokens.whole().spoken(1)),
            ("ärgert", "ÄRGERT")
        );
        assert_eq!((&text[behind.span(1)], behind.lower(9)), ("walked", ""));
        assert!(behind.is_unspaced(2) && behind.part(3..9).lower(0) == "twice");
    }
}
