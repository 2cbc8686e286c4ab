//! What can be told of a text without knowing the conversation: its words, sentences, dates and tone.
//!
//! English and Chinese have tables of their own; every other language is cut into words (or pairs of characters, where
//! it writes no spaces) and lives on their rarity alone. [`tokens`] reads a text once for all that ask of its words;
//! [`terms`] gives an index what it needs, and nothing more.

mod course;
pub mod dates;
mod dates_han;
pub mod han;
pub mod lexicon;
pub mod phrase;
pub mod sentences;
pub mod sets;
pub mod tables;
pub mod terms;
pub mod tokens;
pub mod when;
pub mod words;
