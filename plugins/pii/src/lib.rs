//! Structured personal data and secrets in text: what can be told by its shape, its checksum and the words around it.
//!
//! A text goes through a [`Scanner`] character by character, so that a stream is read as the whole text would be,
//! however it is cut, in memory that does not grow with it; [`scan`] reads a whole text. Both read line by line: each
//! file below `line` recognises one kind in one line, with the words before and behind it (`context`); where two claim
//! the same bytes, the surer one keeps them. [`masked`] puts a placeholder in the place of what was found.
//!
//! ```
//! let text = "Write to ada@lovelace.org, or call +44 20 7946 0321.";
//! let found = pii::scan(text);
//! let codes: Vec<&str> = found.iter().map(|found| found.kind.code()).collect();
//! assert_eq!(codes, ["pii:EMAIL_ADDRESS", "pii:PHONE_NUMBER"]);
//! assert_eq!(pii::masked(text, &found), "Write to [EMAIL_ADDRESS], or call [PHONE_NUMBER].");
//! ```
// A test may stop on what it did not expect.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

mod context;
mod kind;
mod line;
mod mask;
mod scanner;

pub use kind::Kind;
pub use mask::masked;
pub use scanner::{Scanner, scan};

/// Something that was found in a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// What it is.
    pub kind: Kind,
    /// Its first byte in the text.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// How sure that is, 0 to 1.
    pub score: f32,
}

#[cfg(test)]
mod tests;
