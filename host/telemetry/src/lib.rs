//! What happened, and what is kept of it.
//!
//! - [`Store`]: SQLite in one file, on a thread of its own; whoever keeps something keeps it there.
//! - [`ConversationMemory`]: what policies remember of conversations, and how a conversation is known again. It is the
//!   engine's memory, for the gateway and for services that embed the engine alike.
//! - [`Traces`]: one line a turn, in a file that rotates, masked as told.

#![forbid(unsafe_code)]

mod memory;
mod store;
mod trace;

pub use memory::{ConversationMemory, Head, KEEP_DAYS, Person, Remembered, Whose};
pub use store::{Store, StoreError};
pub use trace::{Listed, Mask, TraceFile, Traces, Which};

/// Milliseconds since the Unix epoch.
pub fn now_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_millis() as u64)
}
