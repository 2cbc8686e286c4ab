//! The words that checks know, with a number for each; built once, when the policy is configured.

use crate::words::each_word;

/// A word's number; 0 for a word that is not known.
pub type Id = u16;

/// Words that a check looks for, in a table that is read with one look for most words.
#[derive(Default)]
pub struct Lexicon {
    /// All words, one after the other, in the order of their numbers.
    text: String,
    entries: Vec<Entry>,
    /// A word's number at the place of its hash or soon after it, 0 where none is; at most half of it is taken.
    table: Vec<Id>,
}

struct Entry {
    key: Key,
    /// Where the word ends in the text; it begins where the one before it ends.
    end: u32,
    languages: u16,
}

/// A word's length and its ends, read without a loop. Words of up to eight bytes that share a key are the same.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Key {
    ends: u64,
    length: u32,
}

impl Key {
    /// Bytes of words that have their key for themselves.
    const WHOLE: u32 = 8;

    fn of(word: &str) -> Self {
        let bytes = word.as_bytes();
        let ends = match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>(), bytes) {
            (Some(first), Some(last), _) => {
                u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
            }
            (.., []) => 0,
            (.., [first, .., last]) => u64::from_le_bytes([*first, bytes[1], *last, 0, 0, 0, 0, 0]),
            (.., [one]) => u64::from(*one),
        };
        Key {
            ends,
            length: bytes.len() as u32,
        }
    }

    /// By Fibonacci: the upper half of a product with the golden ratio.
    fn hash(self) -> usize {
        let mixed = (self.ends ^ u64::from(self.length)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 32) as usize
    }
}

/// What is known of a word.
#[derive(Clone, Copy, Default)]
pub struct Known {
    /// Its number.
    pub id: Id,
    /// The languages in which it is common, as bits.
    pub languages: u16,
}

impl Lexicon {
    /// A word's number; a word that is new gets the next one.
    pub fn add(&mut self, word: &str) -> Id {
        if self.table.len() < 2 * (self.entries.len() + 1) {
            self.grow();
        }
        match self.place(word) {
            Ok(id) => id,
            Err(free) => {
                self.text.push_str(word);
                self.entries.push(Entry {
                    key: Key::of(word),
                    end: self.text.len() as u32,
                    languages: 0,
                });
                self.table[free] = self.entries.len() as Id;
                self.table[free]
            }
        }
    }

    /// Notes that the words of `list` are common in the languages of `bits`.
    pub fn add_language(&mut self, list: &str, bits: u16) {
        each_word(list, |word| {
            let id = self.add(word.text);
            self.entries[usize::from(id) - 1].languages |= bits;
        });
    }

    /// What is known of a word.
    pub fn look_up(&self, word: &str) -> Known {
        match self.place(word) {
            Ok(id) => Known {
                id,
                languages: self.entries[usize::from(id) - 1].languages,
            },
            Err(_) => Known::default(),
        }
    }

    /// A word's number, or the place in the table where it would go.
    fn place(&self, word: &str) -> Result<Id, usize> {
        if self.table.is_empty() {
            return Err(0);
        }
        let mask = self.table.len() - 1;
        let key = Key::of(word);
        let mut at = key.hash() & mask;
        loop {
            match self.table[at] {
                0 => return Err(at),
                id if self.entries[usize::from(id) - 1].key == key
                    && (key.length <= Key::WHOLE || self.word(id) == word) =>
                {
                    return Ok(id);
                }
                _ => at = (at + 1) & mask,
            }
        }
    }

    fn word(&self, id: Id) -> &str {
        let index = usize::from(id) - 1;
        let start = index.checked_sub(1).map_or(0, |before| self.entries[before].end);
        &self.text[start as usize..self.entries[index].end as usize]
    }

    fn grow(&mut self) {
        self.table = vec![0; (2 * self.table.len()).max(64)];
        for id in 1..=self.entries.len() as Id {
            if let Err(free) = self.place(self.word(id)) {
                self.table[free] = id;
            }
        }
    }
}

/// FNV-1a with 32 bits.
pub fn fnv(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_by_its_number_and_no_other() {
        let mut lexicon = Lexicon::default();
        assert_eq!(lexicon.look_up("early").id, 0);
        let words: Vec<String> = (0..1_000).map(|number| format!("w{number}")).collect();
        for (word, id) in words.iter().zip(1..) {
            assert_eq!(lexicon.add(word), id);
        }
        for (word, id) in words.iter().zip(1..) {
            assert_eq!((lexicon.add(word), lexicon.look_up(word).id), (id, id));
        }
        assert_eq!(lexicon.look_up("w1000").id, 0);
        lexicon.add_language("w7 new", 0b10);
        assert_eq!(
            (lexicon.look_up("w7").languages, lexicon.look_up("new").id),
            (0b10, 1_001)
        );
    }
}
