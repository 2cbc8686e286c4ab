//! What of a conversation a request needs.

pub mod budget;
pub mod cache;
mod compact;
pub mod fill;
pub mod matches;
pub mod note;
pub mod plan;
pub mod question;
pub mod relevance;
pub mod trim;
mod trimming;
pub mod units;
