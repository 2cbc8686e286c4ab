//! The gateway as its clients, its operators and its providers meet it: real listeners, real HTTP, the real sandbox.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop loudly"
)]

mod budgets;
mod chat;
mod configuring;
mod conversations;
mod credentials;
mod edits;
mod embeddings;
mod errors;
mod grounded;
mod guard;
mod hostile;
mod keys;
mod messages;
mod operators;
mod remembered;
mod resilience;
mod responses;
mod skipped;
mod slow;
mod stopped;
mod streams;
mod support;
mod verdicts;
mod watching;
mod window;
