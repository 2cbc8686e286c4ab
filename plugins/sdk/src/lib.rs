//! Write a Pointsman policy: a struct, a trait, and typed settings.
//!
//! A policy is one of three kinds, and each kind is one trait on top of [`Policy`]:
//!
//! | kind | trait | answers |
//! | --- | --- | --- |
//! | router | [`Router`] | which model takes this turn: a [`Choice`] |
//! | compressor | [`Compressor`] | what to leave out before it is sent: a [`Compression`], a list of edits |
//! | checker | [`Checker`] | may the request pass: a [`GuardDecision`]; may the reply: a [`Verdict`] |
//!
//! All of them read a [`Turn`]: the conversation, the candidates, the limits and the memory, held by the host and
//! copied only as far as they are asked for. What the host does beyond that (count tokens, log, tell the time, draw
//! random bytes, read weights) is in [`host`].
//!
//! # A whole policy
//! ```
//! use pointsman_policy::{About, Choice, Policy, Problem, Router, SettingsError, Turn, about};
//!
//! /// Sends short questions to a small model.
//! struct ByLength {
//!     settings: Settings,
//! }
//!
//! #[derive(serde::Deserialize, schemars::JsonSchema)]
//! #[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
//! struct Settings {
//!     /// Questions of at most this many bytes are short.
//!     short_bytes: usize,
//!     /// The model for short questions.
//!     small: String,
//! }
//!
//! impl Default for Settings {
//!     fn default() -> Self {
//!         Self { short_bytes: 200, small: "small".to_owned() }
//!     }
//! }
//!
//! impl Policy for ByLength {
//!     type Settings = Settings;
//!     const ABOUT: About = about!("Sends short questions to a small model.");
//!
//!     fn new(settings: Settings) -> Result<Self, Vec<SettingsError>> {
//!         if settings.small.is_empty() {
//!             return Err(vec![SettingsError::new("small", "expected the name of a model, found an empty string")]);
//!         }
//!         Ok(Self { settings })
//!     }
//! }
//!
//! impl Router for ByLength {
//!     fn route(&self, turn: &Turn) -> Result<Choice, Problem> {
//!         let Some(question) = turn.last_user_text() else {
//!             return Err(Problem::declined("there is no question"));
//!         };
//!         if question.len() > self.settings.short_bytes {
//!             return Err(Problem::declined("the question is long"));
//!         }
//!         Ok(Choice::new(&self.settings.small).because("short", format!("{} bytes", question.len())))
//!     }
//! }
//!
//! pointsman_policy::export_router!(ByLength);
//!
//! // The same code runs natively, so a unit test needs no Wasm:
//! use pointsman_policy::testing;
//! let policy: ByLength = testing::configure("{}").unwrap();
//! let turn = testing::turn().user("What is a monad?").candidates(["small", "large"]).build();
//! assert_eq!(policy.route(&turn).unwrap().model, "small");
//! ```
//!
//! The author's `Cargo.toml` says `crate-type = ["cdylib", "rlib"]`; `pointsman policy build` makes the component.
//!
//! # How a policy lives
//! The host calls [`Policy::new`] once, when the operator stages a revision, and keeps the configured component as a
//! snapshot. Every call then starts from that snapshot, in an instance of its own: what one call changes, no other
//! sees. So compile patterns and build tables in `new`, and keep nothing that should outlast a call. The clock and the
//! randomness belong to the turn, so that a decision can be replayed. A panic ends the call; its message, file and line
//! reach the operator's record.
//!
//! # The modules
//! - one file for each kind: the trait, and short ways to write its answers;
//! - [`host`]: what the host does for a policy; [`memory`]: what a compressor may remember;
//! - [`testing`]: turns for unit tests, from a builder or from JSON;
//! - [`bindings`]: what wit-bindgen makes of the contract, for those who want to go below this crate.
#![warn(missing_docs)]

mod answers;
pub mod bindings;
mod checker;
mod compressor;
#[doc(hidden)]
pub mod export;
pub mod host;
pub mod memory;
mod policy;
mod router;
mod settings;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;
mod together;
mod turn;

#[cfg(any(test, all(target_arch = "wasm32", target_os = "unknown", feature = "allocator")))]
mod allocator;
#[cfg(target_arch = "wasm32")]
mod panic;
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod randomness;

pub use schemars;
pub use serde;
pub use serde_json;

pub use crate::{
    bindings::{
        exports::pointsman::policy::{
            checker::{Action, Content, Delta, Finding, GuardAction, GuardDecision, Place, Repair, Span, Verdict},
            compressor::Compression,
            policy::{Ability, SettingsError},
            router::{Choice, Estimate, Parameters},
        },
        pointsman::policy::{
            answers::{Problem, Reason},
            conversation::{
                Candidate, Health, HealthState, Media, MediaSource, Message, Outline, Part, Previous, RequestedLimits,
                ResponseFormat, Role, TokenCount, ToolCall, ToolDefinition, ToolResult,
            },
            edits::{Change, Edit, NewMessage, PartText},
        },
    },
    checker::{Checker, NoReview, Review},
    compressor::Compressor,
    host::Artifact,
    memory::Memory,
    policy::{About, NoSettings, Policy},
    router::Router,
    together::together,
    turn::Turn,
};

/// Everything that a policy usually names.
pub mod prelude {
    pub use crate::{
        Ability, About, Action, Candidate, Change, Checker, Choice, Compression, Compressor, Content, Delta, Edit,
        Finding, GuardAction, GuardDecision, Memory, Message, NewMessage, NoReview, NoSettings, Outline, Part,
        PartText, Place, Policy, Problem, Reason, ResponseFormat, Review, Role, Router, SettingsError, Span,
        TokenCount, Turn, Verdict, about, host,
    };
}
