//! Upstreams, and how they do.

use pointsman::Health;
use schemars::JsonSchema;
use serde::Serialize;

/// How an upstream is doing.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct UpstreamAnswer {
    pub(in crate::admin) upstream: String,
    /// What it speaks: `openai`, `anthropic`, …
    pub(in crate::admin) provider: String,
    pub(in crate::admin) breaker: BreakerAnswer,
    pub(in crate::admin) retries: RetriesAnswer,
    /// Calls of the last minute that came to an end.
    pub(in crate::admin) calls: u64,
    /// Of these, calls that failed.
    pub(in crate::admin) failed: u64,
    /// The models that it serves.
    pub(in crate::admin) models: Vec<ModelAnswer>,
}

/// An upstream's circuit breaker.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct BreakerAnswer {
    /// `closed`, `open`, or `half-open` while one call tries again.
    pub(in crate::admin) state: String,
    /// Failures in a row.
    pub(in crate::admin) failures: u32,
    /// How often it has opened.
    pub(in crate::admin) opened: u64,
    /// Seconds until one call may try again, where it is open.
    pub(in crate::admin) tries_again_in_seconds: Option<f64>,
}

/// Retries of an upstream's calls.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct RetriesAnswer {
    /// That could be made now.
    pub(in crate::admin) budget_left: f64,
    /// That were made.
    pub(in crate::admin) made: u64,
    /// That were not, since the budget was spent.
    pub(in crate::admin) denied: u64,
}

/// A model, and how it is doing. What is not known is null.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct ModelAnswer {
    pub(in crate::admin) model: String,
    /// Its name at the upstream.
    pub(in crate::admin) name_there: String,
    /// What routers see.
    pub(in crate::admin) health: Health,
    /// Tokens of prompt and reply together.
    pub(in crate::admin) window: Option<u32>,
    /// USD per million tokens of the prompt.
    pub(in crate::admin) input_price: Option<f64>,
    /// USD per million tokens of the prompt that the provider had cached.
    pub(in crate::admin) cached_input_price: Option<f64>,
    /// USD per million tokens of the reply.
    pub(in crate::admin) output_price: Option<f64>,
    /// The operator's own words for it.
    pub(in crate::admin) tags: Vec<String>,
}

/// The upstreams, in the order of the configuration.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct Upstreams {
    pub(in crate::admin) upstreams: Vec<UpstreamAnswer>,
}
