//! Words and phrases in text, read one character at a time, so that it does not matter in which pieces the text arrives.
//!
//! The way of the data: characters → [`Words`] (lower case, each with its [`Bytes`]; characters of a [`Script`] without
//! spaces are words of their own) → a [`Lexicon`] gives each known word a number → [`Phrases`] finds sequences of
//! numbers, with alternatives and gaps.
//!
//! ```
//! use wording::{Lexicon, Phrases, each_word};
//!
//! let (mut lexicon, mut phrases) = (Lexicon::default(), Phrases::default());
//! phrases.add(&mut lexicon, "greeting", "good morning/evening .. everybody");
//! let mut words = Vec::new();
//! each_word("Good evening, dear everybody!", |word| words.push(lexicon.look_up(word.text).id));
//! assert_eq!(phrases.find(&words)[0].sign, "greeting");
//! ```
// A test may stop on what it did not expect.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

pub mod eight;
mod find;
mod lexicon;
mod phrases;
mod script;
mod words;

pub use find::find_byte;
pub use lexicon::{Id, Known, Lexicon, fnv};
pub use phrases::{Found, Phrases};
pub use script::Script;
pub use words::{STOP, Word, Words, each_word, ends_sentence};

/// Bytes `start..end` of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bytes {
    /// The first.
    pub start: u32,
    /// One past the last.
    pub end: u32,
}
