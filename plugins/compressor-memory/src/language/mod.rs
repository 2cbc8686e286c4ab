//! What can be told of a text without knowing the conversation: its words, sentences, dates and tone.
//!
//! English and Chinese have tables of their own; every other language is cut into words (or pairs of characters, where
//! it writes no spaces) and lives on their rarity alone.

mod course;
pub mod dates;
mod dates_han;
pub mod sentences;
pub mod tables;
pub mod when;
pub mod words;
