//! Upstreams as they are written down.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{ConfigError, RetryBudgetSettings, SecretSource, UpstreamBreakerSettings};

/// What an upstream speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UpstreamKind {
    /// OpenAI's chat completions: OpenAI, and the many servers that are compatible with it.
    Openai,
    /// The same as Azure serves it: an address for each deployment, and a header of its own for the key. A model's
    /// `upstream-model` is its deployment.
    Azure,
    /// Anthropic's messages.
    Anthropic,
    /// Nobody: it answers from within this process, and needs no key.
    Simulated,
}

/// A provider, how to reach it, and how long to wait for it.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct UpstreamSettings {
    /// The name that models know it by.
    pub name: String,
    /// What it speaks.
    pub kind: UpstreamKind,
    /// What stands before `/chat/completions` or `/messages`, such as `https://api.openai.com/v1`; for Azure, what stands
    /// before `/openai`.
    #[serde(default)]
    pub base_url: Option<String>,
    /// Azure: the version of its API, such as `2024-10-21`.
    #[serde(default)]
    pub api_version: Option<String>,
    /// Whether it has the responses API as well: requests of that form are passed on to it as they are, and told in the
    /// chat form where this is `false`.
    #[serde(default)]
    pub responses: bool,
    /// The key to send, where it wants one.
    #[serde(default)]
    pub credential: Option<SecretSource>,
    /// Further headers to send.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Whether it can be asked for the usage of a stream (`stream_options`); a server that refuses that needs `false`,
    /// and then the cost of streams is not known.
    #[serde(default = "yes")]
    pub stream_usage: bool,
    /// Seconds to connect.
    #[serde(default = "connect")]
    pub connect_seconds: f64,
    /// Seconds to the first byte of an answer, which for one that is not streamed is all the time that the model takes; and
    /// again so many to the end of such an answer, where it comes in pieces.
    #[serde(default = "first_byte")]
    pub first_byte_seconds: f64,
    /// Seconds between two pieces of an answer.
    #[serde(default = "silence")]
    pub silence_seconds: f64,
    /// Times that the same model is asked once more after a failure that may pass, before the first byte.
    #[serde(default = "retries")]
    pub retries: u32,
    /// How many of its calls may be such repetitions.
    #[serde(default)]
    pub retry_budget: RetryBudgetSettings,
    /// When it is no longer asked.
    #[serde(default)]
    pub breaker: UpstreamBreakerSettings,
    /// Simulated: milliseconds to the first byte.
    #[serde(default)]
    pub latency_ms: Option<u64>,
    /// Simulated: tokens per second of a stream; all at once, where it is left out.
    #[serde(default)]
    pub tokens_per_second: Option<f64>,
    /// Simulated: share of requests that fail with status 503, 0 to 1.
    #[serde(default)]
    pub error_rate: Option<f64>,
    /// Simulated: share of answers that break off in the middle, 0 to 1.
    #[serde(default)]
    pub cut_rate: Option<f64>,
    /// Simulated: a file of JSON lines with `messages` and `reply`; a conversation that ends as one of them is answered so.
    #[serde(default)]
    pub answers: Option<PathBuf>,
}

fn yes() -> bool {
    true
}

fn connect() -> f64 {
    5.0
}

fn first_byte() -> f64 {
    300.0
}

fn silence() -> f64 {
    60.0
}

fn retries() -> u32 {
    1
}

impl UpstreamSettings {
    pub(super) fn check(&self, place: &str) -> Result<(), ConfigError> {
        let wrong = |field: &str, message: &str| Err(ConfigError::wrong(format!("{place}.{field}"), message));
        let simulated = self.kind == UpstreamKind::Simulated;
        let only_simulated = [
            ("latency-ms", self.latency_ms.is_some()),
            ("tokens-per-second", self.tokens_per_second.is_some()),
            ("error-rate", self.error_rate.is_some()),
            ("cut-rate", self.cut_rate.is_some()),
            ("answers", self.answers.is_some()),
        ];
        let only_real = [
            ("base-url", self.base_url.is_some()),
            ("credential", self.credential.is_some()),
            ("headers", !self.headers.is_empty()),
        ];
        if let Some((field, _)) = only_simulated.iter().find(|(_, given)| *given && !simulated) {
            return wrong(field, "is for upstreams of kind = \"simulated\": leave it out");
        }
        if let Some((field, _)) = only_real.iter().find(|(_, given)| *given && simulated) {
            return wrong(
                field,
                "a simulated upstream calls nobody: leave it out, or choose another kind",
            );
        }
        if !simulated && self.base_url.is_none() {
            return wrong(
                "base-url",
                "is missing: give one, such as \"https://api.openai.com/v1\"",
            );
        }
        if self.responses && !matches!(self.kind, UpstreamKind::Openai | UpstreamKind::Azure) {
            return wrong(
                "responses",
                "is for upstreams of kind \"openai\" or \"azure\": leave it out",
            );
        }
        match (&self.api_version, self.kind) {
            (None, UpstreamKind::Azure) => {
                return wrong(
                    "api-version",
                    "is missing: give the one that your deployments were tried with, such as \"2024-10-21\"",
                );
            }
            (Some(version), UpstreamKind::Azure) => {
                if !version.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') || version.is_empty() {
                    return wrong(
                        "api-version",
                        "give a version such as \"2024-10-21\" or \"2025-04-01-preview\"",
                    );
                }
            }
            (Some(_), _) => return wrong("api-version", "is for upstreams of kind = \"azure\": leave it out"),
            (None, _) => {}
        }
        for (field, seconds) in [
            ("connect-seconds", self.connect_seconds),
            ("first-byte-seconds", self.first_byte_seconds),
            ("silence-seconds", self.silence_seconds),
            ("tokens-per-second", self.tokens_per_second.unwrap_or(1.0)),
        ] {
            if !(seconds > 0.0 && seconds < 1e6) {
                return wrong(field, "give a positive number");
            }
        }
        for (field, share) in [("error-rate", self.error_rate), ("cut-rate", self.cut_rate)] {
            if !(0.0..=1.0).contains(&share.unwrap_or(0.0)) {
                return wrong(field, "give a share from 0 to 1");
            }
        }
        self.retry_budget.check(place)?;
        match &self.credential {
            Some(source) => source.check(&format!("{place}.credential")),
            None => Ok(()),
        }
    }
}
