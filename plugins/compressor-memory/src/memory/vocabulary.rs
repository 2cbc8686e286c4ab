//! The different terms of a conversation, numbered as they come.

use crate::language::terms::Term;

/// Terms by number, and numbers by term.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    terms: Vec<Term>,
    /// One more than a number; 0 where nothing is. Open addressing, as long as a power of two.
    slots: Vec<u32>,
    /// Where each term stood last, one more than the place; 0 where that is not known.
    places: Vec<u32>,
}

/// The terms say all: the rest follows from them.
impl PartialEq for Vocabulary {
    fn eq(&self, other: &Self) -> bool {
        self.terms == other.terms
    }
}

impl Vocabulary {
    /// A vocabulary of these terms, each of them once.
    pub fn new(terms: Vec<Term>) -> Self {
        let mut vocabulary = Self {
            slots: Vec::new(),
            places: vec![0; terms.len()],
            terms,
        };
        vocabulary.grow();
        vocabulary
    }

    /// The terms by number.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// A term's number.
    pub fn number(&self, term: Term) -> Option<u32> {
        self.find(term).ok()
    }

    /// A term's number; a new term gets the next.
    pub fn number_or_new(&mut self, term: Term) -> u32 {
        if self.terms.len() * 2 >= self.slots.len() {
            self.grow();
        }
        match self.find(term) {
            Ok(number) => number,
            Err(slot) => {
                self.terms.push(term);
                self.places.push(0);
                self.slots[slot] = self.terms.len() as u32;
                self.terms.len() as u32 - 1
            }
        }
    }

    /// Where a term stands, if that is at `start` or behind it.
    pub fn place_since(&self, number: u32, start: usize) -> Option<usize> {
        let place = (*self.places.get(number as usize)? as usize).checked_sub(1)?;
        (place >= start).then_some(place)
    }

    /// Notes where a term stands.
    pub fn stands_at(&mut self, number: u32, place: usize) {
        if let Some(known) = self.places.get_mut(number as usize) {
            *known = place as u32 + 1;
        }
    }

    /// Forgets where terms stand.
    pub fn forget_places(&mut self) {
        self.places.fill(0);
    }

    /// The number of a term, or the slot where it would be.
    fn find(&self, term: Term) -> Result<u32, usize> {
        let Some(mask) = self.slots.len().checked_sub(1) else {
            return Err(0);
        };
        // Terms are hashes already: their upper half is stirred in, as the lower one alone is looked at.
        let mut at = (term ^ (term >> 15)) as usize & mask;
        while let Some(number) = self.slots[at].checked_sub(1) {
            if self.terms[number as usize] == term {
                return Ok(number);
            }
            at = (at + 1) & mask;
        }
        Err(at)
    }

    fn grow(&mut self) {
        let length = (self.terms.len() * 4).next_power_of_two().max(1 << 6);
        self.slots.clear();
        self.slots.resize(length, 0);
        for number in 0..self.terms.len() {
            if let Err(slot) = self.find(self.terms[number]) {
                self.slots[slot] = number as u32 + 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_keeps_its_number_however_many_follow() {
        let mut vocabulary = Vocabulary::default();
        let spread = |number: u32| number.wrapping_mul(0x9e37_79b9);
        for number in 0..5000 {
            assert_eq!(vocabulary.number_or_new(spread(number)), number);
        }
        let again = Vocabulary::new(vocabulary.terms().to_vec());
        for number in 0..5000 {
            assert_eq!(vocabulary.number_or_new(spread(number)), number);
            assert_eq!(again.number(spread(number)), Some(number));
        }
        assert_eq!((vocabulary.number(spread(5000)), again), (None, vocabulary));
    }
}
