//! The one audited place with unsafe code: it loads machine code that this process's own compiler child made.
#![allow(
    unsafe_code,
    reason = "machine code cannot be checked; the only source is our own compiler child"
)]

use wasmtime::component::Component;
use wasmtime::{Engine, Result};

/// Loads what [`super::compile::Compiler`] received from its child.
///
/// Nothing precompiled is ever accepted from outside: this function is private to the sandbox, and its one caller passes
/// bytes that a child running this engine's own compiler wrote to a pipe that only this process reads.
pub(super) fn load(engine: &Engine, code: &[u8]) -> Result<Component> {
    // SAFETY: `code` is the unaltered output of `Component::serialize` from a child process of ours with the same
    // configuration (wasmtime checks version and configuration again), received over a private pipe and never stored.
    unsafe { Component::deserialize(engine, code) }
}
