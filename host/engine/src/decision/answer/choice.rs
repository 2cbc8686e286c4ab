//! What a router answers: a model, and what to send along.

use serde::{Deserialize, Serialize};

use super::Reason;

/// Parameters that a router sends along.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Parameters {
    /// Reasoning effort, in the provider's own word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effort: Option<String>,
    /// Most tokens of the reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u32>,
    /// Sampling temperature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f32>,
}

/// What a router expects of one candidate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The candidate.
    pub model: String,
    /// Expected quality, 0 to 1.
    pub quality: Option<f32>,
    /// Expected cost of the call, in USD.
    pub cost_usd: Option<f64>,
}

/// A router's decision.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// The candidate that was chosen.
    pub model: String,
    /// Candidates to try when it fails, in this order.
    #[serde(default)]
    pub fallbacks: Vec<String>,
    /// What to send along.
    #[serde(default)]
    pub parameters: Parameters,
    /// How sure the router is, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
    /// Tokens that the reply is expected to have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_output_tokens: Option<u32>,
    /// What it expects of the candidates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub estimates: Vec<Estimate>,
    /// Why.
    #[serde(default)]
    pub reasons: Vec<Reason>,
}
