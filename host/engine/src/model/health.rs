//! How a model has been doing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// In one word how a model has been doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum HealthState {
    /// Answers as usual.
    Healthy,
    /// Slow, or failing in part.
    Degraded,
    /// Not answering.
    Down,
    /// Nothing is known.
    #[default]
    Unknown,
}

/// The figures behind a model's health.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Health {
    /// In one word.
    pub state: HealthState,
    /// Share of calls that failed, 0 to 1.
    #[serde(alias = "error-rate")]
    pub error_rate: Option<f32>,
    /// Milliseconds to the first token, median.
    #[serde(alias = "first-token-ms")]
    pub first_token_ms: Option<f32>,
    /// Tokens per second of the reply, median.
    #[serde(alias = "tokens-per-second")]
    pub tokens_per_second: Option<f32>,
}

impl Health {
    pub(super) fn is_unknown(&self) -> bool {
        *self == Health::default()
    }
}
