//! The terms of every message: what relevance is computed from.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::language::words::Term;

/// Saturation of repeated terms and the weight of a message's length, in Okapi BM25 (Robertson and Walker, 1994). The
/// length counts less than usual, since messages are short.
const K1: f32 = 1.2;
const B: f32 = 0.6;

/// Terms by message, each message a document. Kept in a memory's state: only the two lists are stored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Index {
    vocabulary: Vec<Term>,
    documents: Vec<Document>,
    numbers: HashMap<Term, u32>,
    frequencies: Vec<u32>,
    length: u64,
}

/// Each different term of one message, by its number in the vocabulary, and how often it stands there.
pub type Document = Vec<(u32, u8)>;

#[derive(Clone, Serialize, Deserialize)]
struct Stored {
    vocabulary: Vec<Term>,
    documents: Vec<Document>,
}

impl From<Stored> for Index {
    fn from(stored: Stored) -> Self {
        let mut index = Self {
            numbers: (0..)
                .zip(&stored.vocabulary)
                .map(|(number, term)| (*term, number))
                .collect(),
            frequencies: vec![0; stored.vocabulary.len()],
            vocabulary: stored.vocabulary,
            ..Self::default()
        };
        stored.documents.into_iter().for_each(|document| index.push(document));
        index
    }
}

impl From<Index> for Stored {
    fn from(index: Index) -> Self {
        Self {
            vocabulary: index.vocabulary,
            documents: index.documents,
        }
    }
}

impl Index {
    /// Adds a message.
    pub fn add(&mut self, terms: &[Term]) {
        let mut document = Document::with_capacity(terms.len());
        for term in terms {
            let next = self.vocabulary.len() as u32;
            let number = *self.numbers.entry(*term).or_insert(next);
            if number == next {
                self.vocabulary.push(*term);
                self.frequencies.push(0);
            }
            match document.iter_mut().find(|(known, _)| *known == number) {
                Some((_, count)) => *count = count.saturating_add(1),
                None => document.push((number, 1)),
            }
        }
        self.push(document);
    }

    fn push(&mut self, document: Document) {
        for (number, count) in &document {
            // A number beyond the vocabulary can only stand in a state that was damaged; it is no term then.
            if let Some(frequency) = self.frequencies.get_mut(*number as usize) {
                *frequency += 1;
            }
            self.length += u64::from(*count);
        }
        self.documents.push(document);
    }

    /// Forgets the messages from this one on.
    pub fn truncate(&mut self, length: usize) {
        for (number, count) in self.documents.drain(length.min(self.documents.len())..).flatten() {
            if let Some(frequency) = self.frequencies.get_mut(number as usize) {
                *frequency -= 1;
            }
            self.length -= u64::from(count);
        }
    }

    /// Messages.
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// Whether there is no message.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// The messages' terms.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// Different terms.
    pub fn terms(&self) -> usize {
        self.vocabulary.len()
    }

    /// A term's number, where it was ever said.
    pub fn number(&self, term: Term) -> Option<u32> {
        self.numbers.get(&term).copied()
    }

    /// The term of a number.
    pub fn term(&self, number: u32) -> Option<Term> {
        self.vocabulary.get(number as usize).copied()
    }

    /// How rare a term is, as BM25 counts it; never negative.
    pub fn rarity(&self, number: u32) -> f32 {
        let messages = self.documents.len() as f32;
        let found = self.frequencies.get(number as usize).copied().unwrap_or(0) as f32;
        (1.0 + (messages - found + 0.5) / (found + 0.5)).ln()
    }

    /// How well each message matches a query of weighted terms, by BM25.
    pub fn search(&self, query: &[(u32, f32)]) -> Vec<f32> {
        let mut weights = vec![0.0; self.vocabulary.len()];
        for (number, weight) in query {
            weights[*number as usize] += weight * self.rarity(*number);
        }
        let average = self.length as f32 / (self.documents.len().max(1)) as f32;
        let score = |document: &Document| {
            let length: u32 = document.iter().map(|(_, count)| u32::from(*count)).sum();
            let norm = K1 * (1.0 - B + B * length as f32 / average.max(1.0));
            let terms = document.iter().filter_map(|(number, count)| {
                let weight = *weights.get(*number as usize)?;
                let count = f32::from(*count);
                (weight != 0.0).then(|| weight * count * (K1 + 1.0) / (count + norm))
            });
            terms.sum()
        };
        self.documents.iter().map(score).collect()
    }
}
