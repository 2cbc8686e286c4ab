//! What those read who watch over the process.

use schemars::JsonSchema;
use serde::Serialize;

/// Whether balancers are told to go elsewhere.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct DrainAnswer {
    pub(in crate::admin) draining: bool,
    /// Requests whose response has not ended.
    pub(in crate::admin) in_flight: usize,
}

/// That the process answers.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct HealthAnswer {
    /// `ok`.
    pub(in crate::admin) status: String,
}

/// Whether requests should be sent here.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct ReadyAnswer {
    /// `ready` or `draining`.
    pub(in crate::admin) status: String,
    /// The revision that new turns begin on.
    pub(in crate::admin) revision: u64,
}

/// What became of the records of turns; null, where none are written.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct TracesAnswer {
    pub(in crate::admin) turns: Option<u64>,
    pub(in crate::admin) recorded: Option<u64>,
    pub(in crate::admin) shed: Option<u64>,
}
