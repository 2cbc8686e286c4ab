//! Hot-swappable, sandboxed policies for LLM traffic, as a library.
//!
//! A service builds one [`Engine`] from [`Settings`]: the models there are, and the slots of the pipeline with the policy
//! that each runs. For every request it begins a [`Turn`]; policies decide which model answers and which messages are
//! sent, and look at the reply. Every turn leaves a [`Record`] with all that its decisions rested on.
//!
//! ```text
//! Request ─ guard ─ router ─ compressor ─▶ your call to the model ─▶ checker ─▶ finish ─▶ Record
//! ```
//!
//! Policies are WebAssembly components behind the contract `pointsman:policy` (see `wit/`). They run in a sandbox, a fresh
//! instance for every call, and are swapped while traffic flows: [`Engine::stage`], [`Engine::activate`],
//! [`Engine::rollback`], or a watched file ([`Engine::watch`]).
//!
//! The modules follow the way of a request, each using only what stands below it: `engine` and `swap`, `turn`, `snapshot`,
//! `policy` (typed calls behind the contract), `edit` (what a compressor may do), `sandbox` (wasmtime, and nothing else),
//! and the plain data of `conversation`, `decision`, `model` and `tokens`.

#![deny(unsafe_code)]

mod artifact;
mod cases;
mod conversation;
mod decision;
mod edit;
mod engine;
mod memory;
mod model;
mod policy;
mod sandbox;
mod settings;
mod snapshot;
mod swap;
pub mod testing;
mod tokens;
mod turn;
mod watch;

pub use artifact::Artifact;
pub use cases::{Bench, Case, Got, parse as parse_cases};
pub use conversation::{
    Conversation, Media, MediaSource, Message, Part, Purpose, Request, RequestError, RequestedLimits, ResponseFormat,
    Role, ToolCall, ToolDefinition, ToolResult,
};
pub use decision::{
    Action, Attempt, Change, Choice, Compression, Content, Decision, Delta, Edit, Estimate, Finding, GuardAction,
    GuardDecision, LogLine, Memory, NewMessage, Outcome, Parameters, PartText, Place, PolicyRef, Previous, Reason,
    Record, SkipReason, SlotRecord, Span, State, Timing, Verdict,
};
pub use edit::EditError;
pub use engine::{BuildError, Engine, EngineBuilder, Recorded, Recorder};
pub use memory::{InProcess, Later, MemoryKey, MemoryStore};
pub use model::{Health, HealthState, Model, Usage};
pub use policy::component::{CASES_SECTION, ComponentError, Inspection, inspect};
pub use policy::contract::CONTRACT;
pub use policy::stage::{About, Image, SettingError, StageError};
pub use sandbox::SandboxSettings;
pub use sandbox::compile::{Command as CompileCommand, compile_stdin};
pub use sandbox::failure::{Failure, FailureKind};
pub use sandbox::limits::Limits;
pub use settings::{
    ArmSettings, BreakerSettings, FailurePlan, HoldBack, Mode, PolicyKind, RequestSettings, Settings, SettingsError,
    SlotSettings, Unit,
};
pub use snapshot::{Revision, RevisionArm, RevisionSlot};
pub use swap::SwapError;
pub use tokens::{Counter, Encoding, TokenCount};
pub use turn::{Reply, Review, Spoken, Turn, TurnError};
pub use watch::{Watch, WatchedFiles};

use artifact::digest;
