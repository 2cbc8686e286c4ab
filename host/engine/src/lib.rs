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
//! # One turn, and a swap
//! ```
//! # tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
//! use pointsman::{Engine, Reply, Request, Settings, Usage};
//!
//! let settings = Settings::from_toml(r#"
//!     [[models]]
//!     name = "small"
//!     input-price = 0.15      # USD per million tokens; left out, it is unknown, and so is what a turn costs
//!     output-price = 0.60
//!
//!     [[models]]
//!     name = "large"
//!     tags = ["strong"]
//!
//!     [[slots]]
//!     name = "router"
//!     kind = "router"
//!     policy = "router-rules"
//!
//!     [[slots]]
//!     name = "checker"
//!     kind = "checker"
//!     policy = "checker-basic"
//! "#)?;
//! // The standard policies are components like any other: the engine comes without them.
//! let standard = pointsman_standard::ALL.iter();
//! let builder = standard.fold(Engine::builder(settings), |engine, policy| engine.policy(policy.name, policy.component));
//! let engine = builder.build().await?;
//!
//! let body = r#"{"model":"auto","messages":[{"role":"user","content":"What is the capital of France?"}]}"#;
//! let mut turn = engine.begin(Request::from_json(body)?.conversation_id("c-17")).await?;
//! let (model, request) = (turn.model().to_owned(), turn.request_json()?);
//! // ... ask that model with that request ...
//! # assert!(request.contains(&model));
//! let verdict = turn.check(&Reply::text("The capital of France is Paris.").finished("stop")).await?;
//! assert_eq!(verdict.action.word(), "accept");
//! let record = turn.finish(Some(Usage::new(14, 7))).await;
//! for slot in &record.slots {
//!     println!("{}: {:?}", slot.slot, slot.outcome);
//! }
//!
//! // Other settings, checked, compiled and warm beside the traffic; then active for all turns that begin from now on.
//! let mut settings = engine.settings();
//! settings.slots.retain(|slot| slot.name != "checker");
//! let revision = engine.stage(settings).await?;
//! engine.activate(revision).await?;
//! assert_eq!(engine.rollback().await?, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```
//!
//! # What is where
//!
//! | for | see |
//! | --- | --- |
//! | building an engine | [`Settings`], with [`Model`]s and [`SlotSettings`]; [`EngineBuilder`] |
//! | taking a request through it | [`Request`], [`Turn`], [`Reply`]; [`Review`] for a stream; [`Usage`] for its bill |
//! | what was decided, and why | [`Record`], its [`SlotRecord`]s, their [`Outcome`] and [`Decision`]; [`Recorder`] takes them all |
//! | swapping policies | [`Engine::stage`], [`Engine::activate`], [`Engine::rollback`], [`Engine::revisions`], [`Engine::watch`] |
//! | what policies remember | [`MemoryStore`], [`InProcess`] |
//! | a component by itself | [`inspect`] without running it, [`Engine::describe`], [`Bench`] for cases; [`Artifact`] for its weights |
//! | unit tests of a service | [`testing`] |
//! | what can go wrong | [`RequestError`] and [`TurnError`] on a turn; [`SettingsError`], [`SwapError`] and [`StageError`] on a swap; a policy's own [`Failure`] is in the record |
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
pub use policy::stage::{About, Image, SettingError, StageError, settings_digest};
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
