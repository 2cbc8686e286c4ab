//! An OpenAI-compatible service with the engine's policies in its path.
//!
//! A service changes its base URL, and every request is routed, compressed and checked by policies that can be swapped
//! under it. This crate adds no second way to decide: it carries out what a turn of the engine says.
//!
//! ```text
//! client ─ serve ─ service ─ exchange ─▶ engine: guard, router, compressor
//!                               │
//!                               ├─ ask ─▶ upstream (openai, anthropic, simulated), fallbacks in the router's order
//!                               └─ whole or streamed ─▶ engine: checkers ─▶ client
//! ```
//!
//! [`Config`] is what an operator writes, and [`Gateway`] serves it. The modules follow the way of a request: `serve` takes
//! connections, `flow` counts requests, `live` has what serves now, `service` knows the paths, `tenant` who asks and what
//! that one may spend, `conversation` what a request goes on from, `face` reads the two message forms, `catalogue` knows the
//! names of models, `exchange` takes one request to its reply by way of `upstream`, `translate` tells one form in the other,
//! and `stream` reads and writes events. `admin` is for operators, `kept` is what outlives a request, and `metrics` counts.

#![forbid(unsafe_code)]

mod admin;
mod catalogue;
mod config;
mod conversation;
mod exchange;
mod face;
mod flow;
mod gateway;
mod kept;
mod limit;
mod live;
mod metrics;
mod problem;
mod reply;
mod serve;
mod service;
mod stream;
mod tenant;
mod translate;
mod upstream;

pub use admin::{AdminClient, AdminError};
pub use config::{
    AdminSettings, AssumedPrices, BudgetSettings, Config, ConfigError, ConversationSettings, KeyPlan, MaskPlan,
    RetryBudgetSettings, RouteSettings, SecretSource, ServedModel, ServerSettings, StoreSettings, TenantSettings,
    TraceSettings, UpstreamBreakerSettings, UpstreamKind, UpstreamSettings, VerdictSettings, Window,
};
pub use gateway::{Gateway, StartError};
pub use kept::Kept;
pub use live::{Applied, ConfigWatch};
pub use pointsman_telemetry::Traces;
