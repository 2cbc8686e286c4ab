//! Some of a text's words, and what is asked of them.

use std::ops::Range;

use super::sets::Sets;
use super::tables::Classes;
use super::terms::{Term, pairs};
use super::tokens::{Token, Tokens};

/// Some of a text's words, one after the other, such as those of a sentence.
#[derive(Clone, Copy, Debug)]
pub struct Phrase<'t> {
    /// The part of the text that they stand in.
    pub text: &'t str,
    /// The first byte of that part.
    pub start: usize,
    pub(super) all: &'t Tokens<'t>,
    pub(super) first: usize,
    pub(super) length: usize,
}

impl<'t> Phrase<'t> {
    fn tokens(&self) -> &'t [Token] {
        &self.all.tokens[self.first..self.first + self.length]
    }

    /// Words.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there is no word.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// A word in lower case; empty beyond the last.
    pub fn lower(&self, place: usize) -> &'t str {
        let own = |token: &Token| &self.all.lower[token.lower.start as usize..token.lower.end as usize];
        self.tokens().get(place).map_or("", own)
    }

    /// A word as it is written; empty beyond the last.
    pub fn spoken(&self, place: usize) -> &'t str {
        let own = |token: &Token| &self.all.text[token.span.start as usize..token.span.end as usize];
        self.tokens().get(place).map_or("", own)
    }

    /// A word's bytes in the whole text; nothing beyond the last.
    pub fn span(&self, place: usize) -> Range<usize> {
        let own = |token: &Token| token.span.start as usize..token.span.end as usize;
        self.tokens().get(place).map_or(0..0, own)
    }

    /// A word's classes; none beyond the last.
    pub fn classes(&self, place: usize) -> Classes {
        self.tokens()
            .get(place)
            .map_or_else(Classes::default, |token| token.classes)
    }

    /// A word's term, where it carries meaning.
    pub fn term(&self, place: usize) -> Option<Term> {
        self.tokens().get(place)?.term
    }

    /// Whether a word belongs to a script that writes no spaces.
    pub fn is_unspaced(&self, place: usize) -> bool {
        self.tokens().get(place).is_some_and(|token| token.unspaced)
    }

    /// The hash of a word in lower case; 0 beyond the last.
    pub fn hash(&self, place: usize) -> u32 {
        self.tokens().get(place).map_or(0, |token| token.hash)
    }

    /// The sets that a word stands in.
    pub fn sets(&self, place: usize, sets: &Sets) -> u32 {
        self.tokens()
            .get(place)
            .map_or(0, |token| sets.of(self.lower(place), token.hash))
    }

    /// The sets in which any of the words stands.
    pub fn all_sets(&self, sets: &Sets) -> u32 {
        (0..self.length).fold(0, |found, place| found | self.sets(place, sets))
    }

    /// Some of the words, as far as there are any.
    pub fn part(&self, places: Range<usize>) -> Self {
        let (start, end) = (places.start.min(self.length), places.end.min(self.length));
        Self {
            first: self.first + start,
            length: end.saturating_sub(start),
            ..*self
        }
    }

    /// The terms, in order and with repeats.
    pub fn terms(&self) -> Vec<Term> {
        let mut found = Vec::with_capacity(self.length);
        for (place, token) in self.tokens().iter().enumerate() {
            if token.unspaced {
                pairs(self.spoken(place), |term| found.push(term));
            } else {
                found.extend(token.term);
            }
        }
        found
    }
}
