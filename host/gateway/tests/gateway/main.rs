//! The gateway as its clients, its operators and its providers meet it: real listeners, real HTTP, the real sandbox.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop loudly"
)]

mod chat;
mod embeddings;
mod errors;
mod guard;
mod hostile;
mod messages;
mod operators;
mod responses;
mod streams;
mod support;
mod verdicts;
