//! What policies decided, as plain data that can be stored, compared and replayed.

mod answer;
mod outcome;
mod record;
mod saving;
mod slot;

pub use answer::{
    Action, Change, Choice, Compression, Content, Delta, Edit, Estimate, Finding, GuardAction, GuardDecision,
    NewMessage, Parameters, PartText, Place, Reason, Span, Verdict,
};
pub use outcome::{Decision, Outcome, SkipReason};
pub use record::{Attempt, Previous, Record, State};
pub use slot::{LogLine, PolicyRef, SlotRecord, Timing};

/// What a compressor asked to remember: the contract's own type.
pub type Memory = crate::policy::contract::v0_1::router::pointsman::policy::memory::Memory;
