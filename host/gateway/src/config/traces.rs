//! Traces as they are written down.

use std::path::PathBuf;

use pointsman_telemetry::{Mask, TraceFile, Traces};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Config, ConfigError};

/// What is left out of a trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MaskPlan {
    /// Nothing: every turn can be decided again by replay.
    None,
    /// Every text of the messages, and what policies quoted or remembered of them.
    #[default]
    Messages,
    /// The request as a whole, and what policies quoted or remembered of it.
    Request,
}

/// Where records of turns go, and what stands in them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TraceSettings {
    /// A file of JSON lines, one a turn; what stands in it stays.
    pub file: PathBuf,
    /// MiB at which a file makes room for the next.
    #[serde(default = "max_mib")]
    pub max_mib: u64,
    /// Files that are kept, the one that is written included.
    #[serde(default = "keep_files")]
    pub keep_files: usize,
    /// `none`, `messages` or `request`: what is left out. Replay needs `none`.
    #[serde(default)]
    pub mask: MaskPlan,
    /// Fields of the request that are left out too, such as `metadata`.
    #[serde(default)]
    pub mask_fields: Vec<String>,
    /// Whether replies are written, as far as checkers were fed them; replay of checkers needs them. Not where messages are
    /// masked.
    #[serde(default = "yes")]
    pub replies: bool,
}

fn max_mib() -> u64 {
    256
}

fn keep_files() -> usize {
    8
}

fn yes() -> bool {
    true
}

impl TraceSettings {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let message = "give a positive number";
        match (self.max_mib, self.keep_files) {
            (0, _) => Err(ConfigError::wrong("traces.max-mib", message)),
            (_, 0) => Err(ConfigError::wrong("traces.keep-files", message)),
            _ => Ok(()),
        }
    }

    fn mask(&self) -> Mask {
        match self.mask {
            MaskPlan::None if self.mask_fields.is_empty() => Mask::None,
            MaskPlan::None => Mask::Fields(self.mask_fields.clone()),
            MaskPlan::Messages => Mask::Messages(self.mask_fields.clone()),
            MaskPlan::Request => Mask::Request,
        }
    }
}

impl Config {
    /// Opens the traces that this configuration asks for; none, where it asks for none.
    pub(crate) fn open_traces(&self) -> Result<Option<Traces>, ConfigError> {
        let Some(settings) = &self.traces else { return Ok(None) };
        let path = self.base.join(&settings.file);
        let file = TraceFile {
            path: path.clone(),
            max_bytes: settings.max_mib << 20,
            keep_files: settings.keep_files,
            mask: settings.mask(),
            replies: settings.replies,
        };
        let wrong = |error| ConfigError::wrong("traces.file", format!("{}: {error}", path.display()));
        Traces::open(file).map(Some).map_err(wrong)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_file_that_cannot_be_opened_is_named() {
        let base = "[[upstreams]]\nname = \"u\"\nkind = \"simulated\"\n[[models]]\nname = \"m\"\nupstream = \"u\"\n";
        let text = format!("{base}[traces]\nfile = \"/nowhere/at/all.jsonl\"\n");
        let error = super::Config::from_toml(&text)
            .unwrap()
            .open_traces()
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains("traces.file") && error.contains("/nowhere"), "{error}");
    }
}
