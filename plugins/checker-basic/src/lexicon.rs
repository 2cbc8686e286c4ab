//! The words that checks know, with a number for each; built once, when the policy is configured.

use crate::text::words::each_word;

/// A word's number; 0 for a word that is not known.
pub(crate) type Id = u16;

/// Words that a check looks for, sorted, so that a look-up needs no hashing.
#[derive(Default)]
pub(crate) struct Lexicon {
    words: Vec<Entry>,
}

struct Entry {
    word: Box<str>,
    id: Id,
    languages: u16,
}

/// What is known of a word.
#[derive(Clone, Copy, Default)]
pub(crate) struct Known {
    /// Its number.
    pub(crate) id: Id,
    /// The languages in which it is common, as bits.
    pub(crate) languages: u16,
}

impl Lexicon {
    /// A word's number; a word that is new gets the next one.
    pub(crate) fn add(&mut self, word: &str) -> Id {
        match self.place(word) {
            Ok(at) => self.words[at].id,
            Err(at) => {
                let id = self.words.len() as Id + 1;
                self.words.insert(
                    at,
                    Entry {
                        word: word.into(),
                        id,
                        languages: 0,
                    },
                );
                id
            }
        }
    }

    /// Notes that the words of `list` are common in the languages of `bits`.
    pub(crate) fn add_language(&mut self, list: &str, bits: u16) {
        each_word(list, |word| {
            self.add(word.text);
            if let Ok(at) = self.place(word.text) {
                self.words[at].languages |= bits;
            }
        });
    }

    /// What is known of a word.
    pub(crate) fn look_up(&self, word: &str) -> Known {
        match self.place(word) {
            Ok(at) => Known {
                id: self.words[at].id,
                languages: self.words[at].languages,
            },
            Err(_) => Known::default(),
        }
    }

    fn place(&self, word: &str) -> Result<usize, usize> {
        self.words.binary_search_by(|entry| (*entry.word).cmp(word))
    }
}
