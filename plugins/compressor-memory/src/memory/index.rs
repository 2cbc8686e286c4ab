//! The terms of every message: what relevance is computed from.

use super::bm25::rarity;
use super::packed;
use super::vocabulary::Vocabulary;
use crate::language::terms::Term;

/// Terms by message, each message a document. Kept in a memory's state: only its vocabulary and its documents are stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Index {
    pub(super) vocabulary: Vocabulary,
    /// The documents one after the other: each different term of a message, by its number in the vocabulary, and how often
    /// it stands there.
    pub(super) entries: Vec<(u32, u8)>,
    /// Where each document ends among the entries.
    pub(super) ends: Vec<u32>,
    /// In how many documents each term of the vocabulary stands.
    frequencies: Vec<u32>,
    length: u64,
    /// The terms of so many messages, the oldest, were let go of.
    pub(super) let_go: u32,
}

impl Index {
    pub(super) fn new(let_go: u32, terms: Vec<Term>, ends: Vec<u32>, entries: Vec<(u32, u8)>) -> Self {
        let mut frequencies = vec![0; terms.len()];
        let mut length = 0;
        for (number, count) in &entries {
            frequencies[*number as usize] += 1;
            length += u64::from(*count);
        }
        Self {
            vocabulary: Vocabulary::new(terms),
            entries,
            ends,
            frequencies,
            length,
            let_go,
        }
    }

    /// Adds a message.
    pub fn add(&mut self, terms: &[Term]) {
        let start = self.entries.len();
        for term in terms {
            let number = self.vocabulary.number_or_new(*term);
            if number as usize == self.frequencies.len() {
                self.frequencies.push(0);
            }
            // A term that this document has already stands among its own entries.
            match self.vocabulary.place_since(number, start) {
                Some(place) => self.entries[place].1 = self.entries[place].1.saturating_add(1),
                None => {
                    self.vocabulary.stands_at(number, self.entries.len());
                    self.frequencies[number as usize] += 1;
                    self.entries.push((number, 1));
                }
            }
        }
        self.length += self.entries[start..]
            .iter()
            .map(|(_, count)| u64::from(*count))
            .sum::<u64>();
        self.ends.push(self.entries.len() as u32);
    }

    /// Forgets the messages from this one on.
    pub fn truncate(&mut self, length: usize) {
        if length >= self.ends.len() {
            return;
        }
        self.ends.truncate(length);
        self.let_go = self.let_go.min(length as u32);
        let from = self.ends.last().map_or(0, |end| *end as usize);
        for (number, count) in self.entries.drain(from..) {
            self.frequencies[number as usize] -= 1;
            self.length -= u64::from(count);
        }
        self.vocabulary.forget_places();
    }

    /// Messages.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Messages whose terms it knows.
    pub fn held(&self) -> usize {
        self.len() - self.let_go()
    }

    /// Whether there is no message.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// About how many bytes it takes where it is stored.
    pub fn bytes(&self) -> usize {
        packed::bytes(self.terms(), self.ends.len(), self.entries.len())
    }

    /// How many messages, the oldest, it has let go of: it knows no terms of them.
    pub fn let_go(&self) -> usize {
        self.let_go as usize
    }

    /// Lets go of the oldest messages until it takes no more than so many bytes, or nothing is left.
    pub fn let_go_of(&mut self, most: usize) {
        while self.bytes() > most && !self.entries.is_empty() {
            let dropped = (self.entries.len() / 8).max(1) as u32;
            let let_go = self.ends.partition_point(|end| *end < dropped) + 1;
            let gone = self.ends[let_go - 1];
            let ends = self.ends.iter().map(|end| end.saturating_sub(gone)).collect();
            let mut different = Vocabulary::default();
            let kept = self.entries[gone as usize..].iter();
            let entries = kept.map(|(number, count)| {
                (
                    different.number_or_new(self.vocabulary.terms()[*number as usize]),
                    *count,
                )
            });
            let entries = entries.collect();
            *self = Self::new(let_go as u32, different.terms().to_vec(), ends, entries);
        }
    }

    /// The terms of one message; none where there is no such message.
    pub fn document(&self, message: usize) -> &[(u32, u8)] {
        let Some(end) = self.ends.get(message) else { return &[] };
        let start = message.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.entries[start as usize..*end as usize]
    }

    /// The messages' terms.
    pub fn documents(&self) -> impl ExactSizeIterator<Item = &[(u32, u8)]> {
        (0..self.len()).map(|message| self.document(message))
    }

    /// Terms of all messages, repeats included.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Different terms.
    pub fn terms(&self) -> usize {
        self.frequencies.len()
    }

    /// A term's number, where it was ever said.
    pub fn number(&self, term: Term) -> Option<u32> {
        self.vocabulary.number(term)
    }

    /// The term of a number.
    pub fn term(&self, number: u32) -> Option<Term> {
        self.vocabulary.terms().get(number as usize).copied()
    }

    /// In how many messages a term stands.
    pub fn frequency(&self, number: u32) -> u32 {
        self.frequencies.get(number as usize).copied().unwrap_or(0)
    }

    /// How rare each term is, by its number; see [`rarity`].
    pub fn rarities(&self) -> Vec<f32> {
        let messages = self.held();
        let mut by_frequency: Vec<f32> = Vec::new();
        let each = self.frequencies.iter().map(|found| {
            let found = *found as usize;
            if found >= by_frequency.len() {
                by_frequency.resize(found + 1, f32::NAN);
            }
            if by_frequency[found].is_nan() {
                by_frequency[found] = rarity(messages, found);
            }
            by_frequency[found]
        });
        each.collect()
    }

    /// How rare one term is.
    pub fn rarity(&self, number: u32) -> f32 {
        rarity(self.held(), self.frequency(number) as usize)
    }
}
