//! Configurations: the one that serves, those before it, and what was refused.

use schemars::JsonSchema;
use serde::Serialize;

use crate::live::{Applied, Entry, Refused};

/// The configuration that serves.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct ConfigAnswer {
    #[serde(flatten)]
    pub(in crate::admin) serves: ConfigEntry,
    /// What was refused since it began to serve.
    pub(in crate::admin) last_refused: Option<RefusedAnswer>,
}

/// The configurations that are kept, oldest first; the last one serves.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct ConfigHistory {
    pub(in crate::admin) configurations: Vec<ConfigEntry>,
    /// What was refused since the last one began to serve.
    pub(in crate::admin) last_refused: Option<RefusedAnswer>,
}

/// A configuration that was applied.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct ConfigEntry {
    /// Numbers them.
    number: u64,
    /// When it was applied, in milliseconds since the Unix epoch.
    at_ms: u64,
    /// By whom.
    by: String,
    /// The revision that its slots became.
    revision: u64,
    /// The TOML that it was read from.
    toml: String,
}

/// A configuration that was refused.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct RefusedAnswer {
    at_ms: u64,
    by: String,
    message: String,
    /// From 1, where it is known.
    line: Option<usize>,
}

/// What became of a configuration.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct AppliedAnswer {
    /// Numbers it in the history.
    number: u64,
    /// The revision that its slots became; the one that was active, where it says nothing new of them.
    revision: u64,
    /// What differs from before and waits for the gateway to be started anew.
    restart: Vec<String>,
    /// Slots that stay as operators set them, since the configuration says of them what it said before.
    kept: Vec<String>,
    /// Slots in which the configuration took the place of what operators had set.
    overridden: Vec<String>,
}

/// What would become of a configuration.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct CheckedAnswer {
    /// What differs and would wait for the gateway to be started anew.
    pub(in crate::admin) restart: Vec<String>,
}

impl From<&Entry> for ConfigEntry {
    fn from(entry: &Entry) -> Self {
        ConfigEntry {
            number: entry.number,
            at_ms: entry.at_ms,
            by: entry.by.clone(),
            revision: entry.revision,
            toml: entry.config.text.to_string(),
        }
    }
}

impl From<&Refused> for RefusedAnswer {
    fn from(refused: &Refused) -> Self {
        RefusedAnswer {
            at_ms: refused.at_ms,
            by: refused.by.clone(),
            message: refused.message.clone(),
            line: refused.line,
        }
    }
}

impl From<Applied> for AppliedAnswer {
    fn from(applied: Applied) -> Self {
        AppliedAnswer {
            number: applied.number,
            revision: applied.revision,
            restart: applied.restart.into_iter().map(str::to_owned).collect(),
            kept: applied.kept,
            overridden: applied.overridden,
        }
    }
}
