//! How an upstream that fails is spared, as it is written down.

use schemars::JsonSchema;
use serde::Deserialize;

use super::ConfigError;

/// When an upstream that keeps failing is no longer asked.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct UpstreamBreakerSettings {
    /// Failures in a row that open it: no connection, silence, an answer that breaks off, a status from 500 on. 0 never does.
    pub failures: u32,
    /// Seconds until one call is let through to try again.
    pub seconds: u64,
}

impl Default for UpstreamBreakerSettings {
    fn default() -> Self {
        UpstreamBreakerSettings {
            failures: 5,
            seconds: 10,
        }
    }
}

/// How many calls to an upstream may be repetitions, so that an upstream in trouble is not asked many times over.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct RetryBudgetSettings {
    /// Retries for each call that is not one: 0.2 lets one in five be repeated.
    pub ratio: f64,
    /// Retries each second beside these, for upstreams with little traffic.
    pub per_second: f64,
}

impl Default for RetryBudgetSettings {
    fn default() -> Self {
        RetryBudgetSettings {
            ratio: 0.2,
            per_second: 1.0,
        }
    }
}

impl RetryBudgetSettings {
    pub(super) fn check(&self, place: &str) -> Result<(), ConfigError> {
        for (field, value) in [("ratio", self.ratio), ("per-second", self.per_second)] {
            if !(0.0..=1_000.0).contains(&value) {
                return Err(ConfigError::wrong(
                    format!("{place}.retry-budget.{field}"),
                    "give a number from 0 to 1000",
                ));
            }
        }
        Ok(())
    }
}
