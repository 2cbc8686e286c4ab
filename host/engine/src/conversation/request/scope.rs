//! What a request is for, and what its turn may take.

use serde::{Deserialize, Serialize};

/// What a turn may take; `None` is unknown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RequestedLimits {
    /// Most tokens of the reply.
    #[serde(alias = "max-output-tokens")]
    pub max_output_tokens: Option<u32>,
    /// Most tokens of the messages that are sent.
    #[serde(alias = "context-tokens")]
    pub context_tokens: Option<u32>,
    /// Milliseconds within which the reply is wanted.
    #[serde(alias = "time-ms")]
    pub time_ms: Option<u32>,
    /// Most that the call may cost, in USD.
    #[serde(alias = "cost-usd")]
    pub cost_usd: Option<f64>,
}

/// What a request is for. Guards look at every request; routers, compressors and reviews are for those that ask for a reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Purpose {
    /// A model's reply to a conversation.
    #[default]
    Reply,
    /// Vectors for texts, each given as a message.
    Embedding,
    /// The number of its tokens.
    Count,
}
