//! What of a conversation a request needs.

pub mod budget;
pub mod cache;
mod compact;
pub mod fill;
pub mod note;
pub mod plan;
pub mod relevance;
pub mod trim;
pub mod units;
