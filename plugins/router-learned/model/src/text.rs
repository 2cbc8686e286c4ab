//! A prompt cut into words, numbers and symbols, and those into the question and its answer options.

mod lexicon;
mod options;
mod scan;

pub use lexicon::{Class, Sought};

use std::ops::Range;

/// Bytes of a longer prompt that are read at its beginning and at its end: a request stands at one or the other.
const HEAD: usize = 6_000;
const TAIL: usize = 2_000;

/// What a word is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Letters, an apostrophe within them allowed; one character where a script writes no spaces.
    Letters,
    /// Digits, with commas or one point within them.
    Number,
    /// Any other visible character.
    Symbol,
}

/// A piece of a prompt.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// The number of its first byte in the lowered text.
    start: u32,
    /// The number of the byte behind its last.
    end: u32,
    /// Its kind.
    pub kind: Kind,
    /// The lists of the features that it is on.
    pub class: Class,
    /// What a feature looks for by itself.
    pub sought: Sought,
    /// A hash of its lowered letters, of a number's shape, or of the symbol.
    pub hash: u64,
    /// Begins with a capital letter.
    pub capital: bool,
    /// Two letters at least, and all of them capitals.
    pub shouted: bool,
    /// Stands first in its line.
    pub first: bool,
    /// White space, or the end, follows.
    pub spaced: bool,
    /// All of its lowered characters are ASCII.
    ascii: bool,
}

/// A prompt as the features read it.
#[derive(Debug)]
pub struct Text {
    /// Bytes of the whole prompt, also where only a part of it is read.
    pub bytes: usize,
    /// Characters that were read.
    pub characters: usize,
    /// Capital letters among them.
    pub capitals: usize,
    /// Characters beyond ASCII among them.
    pub foreign: usize,
    /// Line feeds among them.
    pub line_feeds: usize,
    /// The words in their order.
    pub words: Vec<Word>,
    /// The words before the answer options; all of them where there are none.
    pub stem: Range<usize>,
    /// The words of each answer option.
    pub options: Vec<Range<usize>>,
    lowered: String,
}

impl Text {
    /// Reads a prompt: all of it, or of a longer one the first 6,000 and the last 2,000 bytes.
    pub fn new(prompt: &str) -> Self {
        let mut text = Text {
            bytes: prompt.len(),
            characters: 0,
            capitals: 0,
            foreign: 0,
            line_feeds: 0,
            words: Vec::with_capacity(prompt.len().min(HEAD + TAIL) / 4),
            stem: 0..0,
            options: Vec::new(),
            lowered: String::with_capacity(prompt.len().min(HEAD + TAIL)),
        };
        if prompt.len() <= HEAD + TAIL {
            text.scan(prompt);
        } else {
            text.scan(&prompt[..prompt.floor_char_boundary(HEAD)]);
            text.scan(&prompt[prompt.ceil_char_boundary(prompt.len() - TAIL)..]);
        }
        (text.stem, text.options) = options::find(&text);
        text
    }

    /// A word's lowered characters.
    pub fn spell(&self, word: &Word) -> &str {
        self.lowered
            .get(word.start as usize..word.end as usize)
            .unwrap_or_default()
    }

    /// The words of the stem.
    pub fn stem(&self) -> &[Word] {
        &self.words[self.stem.clone()]
    }

    /// The words of each option.
    pub fn options(&self) -> impl Iterator<Item = &[Word]> + Clone {
        self.options.iter().map(|range| &self.words[range.clone()])
    }

    /// A word's lowered characters, counted.
    pub fn length(&self, word: &Word) -> usize {
        if word.ascii {
            (word.end - word.start) as usize
        } else {
            self.spell(word).chars().count()
        }
    }

    /// Whether the words stand in the text, one behind the other.
    pub fn has_phrase(&self, phrase: &[Sought]) -> bool {
        let windows = &mut self.words.windows(phrase.len());
        windows.any(|window| { window.iter().zip(phrase) }.all(|(word, wanted)| word.sought == *wanted))
    }
}
