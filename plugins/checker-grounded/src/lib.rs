//! `checker-grounded`: does the source say what the reply says?
//!
//! The way of the data: `source` gathers the request's texts and indexes them → a reply's text is cut into sentences
//! (`text`) → `sentence` describes each against the index and, for JSON, against its `fields` → [`model`] weighs the
//! descriptions → `verdict` says what was found. A stream is judged as the whole would be, sentence by sentence, and what
//! is kept of a reply does not grow with it.
// A test may stop on what it did not expect.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

mod choice;
mod description;
mod fields;
pub mod model;
mod policy;
mod review;
mod sentence;
mod settings;
mod source;
mod text;
mod verdict;

pub use description::{Description, Source, feature_names};
pub use policy::GroundedChecker;
pub use review::GroundedReview;
pub use sentence::FEATURES;
pub use settings::{Do, From, Settings};
pub use source::Form;
pub use text::lexicon::Lexicon;

pointsman_policy::export_checker!(GroundedChecker);

#[cfg(test)]
mod tests;
