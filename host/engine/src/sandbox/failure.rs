//! The names of what can go wrong in a call.

use serde::{Deserialize, Serialize};
use wasmtime::{Error, PoolConcurrencyLimitError, Trap, WasmBacktrace};

use super::limits::Meter;

/// What sort of failure a call ended in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum FailureKind {
    /// The guest stopped: a panic, an invalid access, a stack without end.
    Trap,
    /// The guest did not end in time.
    Deadline,
    /// The guest asked for more memory than its limit.
    Memory,
    /// The guest answered something that may not be carried out, or said itself that it failed.
    Rejected,
    /// There was no room for another instance.
    Overloaded,
}

impl FailureKind {
    /// Its name, as records and figures have it.
    pub fn word(self) -> &'static str {
        match self {
            FailureKind::Trap => "trap",
            FailureKind::Deadline => "deadline",
            FailureKind::Memory => "memory",
            FailureKind::Rejected => "rejected",
            FailureKind::Overloaded => "overloaded",
        }
    }
}

impl std::fmt::Display for FailureKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

/// A call that gave no decision, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{kind}: {message}")]
pub struct Failure {
    /// What sort.
    pub kind: FailureKind,
    /// What happened, in words.
    pub message: String,
    /// The guest's functions, innermost first, where it was stopped inside one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frames: Vec<String>,
}

impl Failure {
    pub(crate) fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Failure {
            kind,
            message: message.into(),
            frames: Vec::new(),
        }
    }

    pub(crate) fn rejected(message: impl Into<String>) -> Self {
        Failure::new(FailureKind::Rejected, message)
    }

    /// Names what wasmtime reports. `panicked` is what the guest itself said before it stopped.
    pub(crate) fn of_error(error: &Error, meter: &Meter, panicked: Option<String>) -> Self {
        let trap = error.downcast_ref::<Trap>();
        let (kind, message) = if trap == Some(&Trap::Interrupt) {
            (
                FailureKind::Deadline,
                format!("not finished within {} ms", meter.deadline().as_millis()),
            )
        } else if error.downcast_ref::<PoolConcurrencyLimitError>().is_some() {
            (FailureKind::Overloaded, "the pool of instances is exhausted".to_owned())
        } else if let Some(refused) = meter.refused() {
            (FailureKind::Memory, refused.to_owned())
        } else {
            let words = match trap {
                Some(trap) => trap.to_string(),
                None => error.root_cause().to_string(),
            };
            (FailureKind::Trap, panicked.unwrap_or(words))
        };
        let frames = error.downcast_ref::<WasmBacktrace>().map(frames).unwrap_or_default();
        Failure { kind, message, frames }
    }
}

/// Names of the guest's functions without the machinery that stands around every panic and call.
fn frames(backtrace: &WasmBacktrace) -> Vec<String> {
    let name = |frame: &wasmtime::FrameInfo| match frame.func_name() {
        // Linkers keep Rust's names as they are mangled; other names come back as they stand.
        Some(name) => format!("{:#}", rustc_demangle::demangle(name)),
        None => format!("function {}", frame.func_index()),
    };
    backtrace.frames().iter().take(16).map(name).collect()
}
