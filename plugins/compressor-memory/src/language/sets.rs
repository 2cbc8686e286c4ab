//! Sets of words: one look tells in which of them a word stands.

use super::lexicon::hash;

/// Up to 32 sets of words in lower case.
#[derive(Debug)]
pub struct Sets {
    /// Hash, word and sets; no sets where nothing is. As long as a power of two.
    slots: Vec<(u32, &'static str, u32)>,
}

impl Sets {
    /// The words of each list get the bit of the list's place.
    pub fn new(lists: &[&[&'static str]]) -> Self {
        let words: usize = lists.iter().map(|list| list.len()).sum();
        let mut sets = Self {
            slots: vec![(0, "", 0); (words * 3).next_power_of_two()],
        };
        for (place, list) in lists.iter().enumerate() {
            for word in *list {
                let hash = hash(word.as_bytes());
                let at = sets.place(word, hash);
                sets.slots[at] = (hash, word, sets.slots[at].2 | 1 << place);
            }
        }
        sets
    }

    /// The sets that a word in lower case stands in, a bit each; `hash` is its hash.
    pub fn of(&self, lower: &str, hash: u32) -> u32 {
        self.slots[self.place(lower, hash)].2
    }

    /// Where the word stands, or would.
    fn place(&self, lower: &str, hash: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = (hash ^ (hash >> 15)) as usize & mask;
        while self.slots[at].2 != 0 && (self.slots[at].0 != hash || self.slots[at].1 != lower) {
            at = (at + 1) & mask;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_may_stand_in_several_sets_or_in_none() {
        let sets = Sets::new(&[&["so", "very"], &["so"], &[]]);
        let of = |word: &str| sets.of(word, hash(word.as_bytes()));
        assert_eq!((of("so"), of("very"), of("much")), (0b11, 0b01, 0));
    }
}
