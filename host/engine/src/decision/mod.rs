//! What policies decided, as plain data that can be stored, compared and replayed.

mod answer;
mod record;
mod saving;

pub use answer::{
    Action, Change, Choice, Compression, Content, Delta, Edit, Estimate, Finding, GuardAction, GuardDecision,
    NewMessage, Parameters, PartText, Place, Reason, Span, Verdict,
};
pub use record::{
    Attempt, Decision, LogLine, Outcome, PolicyRef, Previous, Record, SkipReason, SlotRecord, State, Timing,
};

/// What a compressor asked to remember: the contract's own type.
pub type Memory = crate::policy::contract::v0_1::router::pointsman::policy::memory::Memory;
