//! What is known of a word: its term and its classes. A conversation says most of its words again and again, so each is
//! worked out once.

use std::cell::RefCell;

use rust_stemmers::{Algorithm, Stemmer};
use wording::eight::{hash_lowered, load};

use super::tables::{Classes, FUNCTION, NUMBER, PAST, classes, common_words};
use super::terms::Term;

/// What is known of a word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// Of the word in lower case.
    pub hash: u32,
    /// Its term, where it carries meaning.
    pub term: Option<Term>,
    /// Its classes.
    pub classes: Classes,
    /// Whether it tells of something done, by its class or its ending.
    pub is_past: bool,
    /// Whether it is a number, in digits or in words.
    pub is_number: bool,
}

/// Words that are kept: what a call reads has fewer, but one instance may serve many calls.
const MOST: usize = 1 << 14;
/// A longer word is worked out each time.
const LONGEST: usize = 48;

/// What is known of a word as it is written.
pub fn look(word: &str) -> Entry {
    if word.is_ascii() {
        let (hash, first) = hash_lowered(word.as_bytes());
        return KNOWN.with_borrow_mut(|known| known.look(word, hash, first));
    }
    let lower = word.to_lowercase();
    look_lower(&lower, hash(lower.as_bytes()))
}

/// Looks the most common words up, so that they are known from then on.
pub fn prepare() {
    common_words().for_each(|word| {
        look(word);
    });
}

/// The same of a word in lower case whose hash is known.
pub fn look_lower(lower: &str, hash: u32) -> Entry {
    KNOWN.with_borrow_mut(|known| known.look(lower, hash, load(lower.as_bytes(), 0)))
}

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::default();
}

fn work_out(lower: &str, hash: u32) -> Entry {
    let classes = classes(lower, hash);
    let digits = lower.bytes().all(|b| b.is_ascii_digit());
    let means = digits || (lower.chars().nth(1).is_some() && !classes.has(FUNCTION));
    let term = means.then(|| self::hash(Stemmer::create(Algorithm::English).stem(lower).as_bytes()));
    Entry {
        hash,
        term,
        classes,
        is_past: classes.has(PAST) || (lower.len() > 4 && lower.ends_with("ed")),
        is_number: digits || classes.has(NUMBER),
    }
}

/// Words by their hash: open addressing, and what of the words is longer than eight bytes in one text.
#[derive(Default)]
struct Known {
    /// One more than a place in `words`; 0 where nothing is. As long as a power of two.
    slots: Vec<u32>,
    words: Vec<Kept>,
    text: Vec<u8>,
}

/// A word that is known.
struct Kept {
    entry: Entry,
    /// Its first eight bytes.
    first: u64,
    /// How many bytes it has.
    length: u32,
    /// Where the rest of it begins in the text.
    rest: u32,
}

impl Known {
    /// What is known of a word whose hash and first bytes in lower case are these; the rest may be in any case.
    fn look(&mut self, word: &str, hash: u32, first: u64) -> Entry {
        if word.len() > LONGEST {
            return work_out(&word.to_lowercase(), hash);
        }
        if self.words.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let rest = word.as_bytes().get(8..).unwrap_or_default();
        let mask = self.slots.len() - 1;
        let mut at = spread(hash) & mask;
        while let Some(place) = (self.slots[at] as usize).checked_sub(1) {
            let kept = &self.words[place];
            let is_this = kept.entry.hash == hash && kept.first == first && kept.length as usize == word.len();
            if is_this && (rest.is_empty() || self.text[kept.rest as usize..][..rest.len()].eq_ignore_ascii_case(rest))
            {
                return kept.entry;
            }
            at = (at + 1) & mask;
        }
        let lower = word.to_lowercase();
        let entry = work_out(&lower, hash);
        self.words.push(Kept {
            entry,
            first,
            length: word.len() as u32,
            rest: self.text.len() as u32,
        });
        self.text
            .extend_from_slice(lower.as_bytes().get(8..).unwrap_or_default());
        self.slots[at] = self.words.len() as u32;
        entry
    }

    fn grow(&mut self) {
        if self.words.len() >= MOST {
            self.words.clear();
            self.text.clear();
            self.slots.fill(0);
            return;
        }
        let length = (self.slots.len() * 2).max(1 << 12);
        self.slots.clear();
        self.slots.resize(length, 0);
        for (place, kept) in self.words.iter().enumerate() {
            let mut at = spread(kept.entry.hash) & (length - 1);
            while self.slots[at] != 0 {
                at = (at + 1) & (length - 1);
            }
            self.slots[at] = place as u32 + 1;
        }
    }
}

fn spread(hash: u32) -> usize {
    (hash ^ (hash >> 15)) as usize
}

/// A hash of a word in lower case, the same everywhere.
pub fn hash(lower: &[u8]) -> u32 {
    hash_lowered(lower).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_known_the_same_whatever_was_read_before() {
        let before = look("Paintings");
        for number in 0..3 * MOST {
            look(&format!("word{number}"));
        }
        assert_eq!((look("paintings"), look("Word7").term), (before, look("word7").term));
        assert!(look("walked").is_past && look("Went").is_past && look("twelve").is_number);
    }
}
