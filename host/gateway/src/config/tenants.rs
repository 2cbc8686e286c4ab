//! Keys, budgets, the store and conversations as they are written down.

use std::collections::BTreeSet;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ConfigError;

/// Where keys, budgets and memory are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct StoreSettings {
    /// An SQLite file, made where it is not there; one gateway has it at a time. Left out, everything is kept within the
    /// process and gone when it ends.
    pub file: Option<PathBuf>,
}

/// How conversations are known, and how long they are remembered.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ConversationSettings {
    /// Whether a conversation that has no name is known by its transcript, as long as a policy can ask what was before or a split
    /// keeps conversations together.
    pub by_transcript: bool,
    /// Days that a conversation is remembered after its last turn.
    pub keep_days: u32,
}

impl Default for ConversationSettings {
    fn default() -> Self {
        ConversationSettings {
            by_transcript: true,
            keep_days: pointsman_telemetry::KEEP_DAYS,
        }
    }
}

/// Whether clients need a key of this gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KeyPlan {
    /// Who brings a key is held to it; who brings none is served.
    Optional,
    /// Who brings none is refused.
    Required,
}

/// Who may ask, and what is taken for a price that nobody knows.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct TenantSettings {
    /// `optional` or `required`. Left out, keys are optional on a loopback address and required on any other.
    pub keys: Option<KeyPlan>,
    /// What budgets count for a model whose price is not known. Left out, a call under a budget to such a model is refused.
    pub assume_prices: Option<AssumedPrices>,
}

/// USD per million tokens.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AssumedPrices {
    /// Of the prompt.
    pub input: f64,
    /// Of the reply.
    pub output: f64,
}

/// The time for which a budget holds: it begins anew with each hour, day, week (on Monday) or month of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Window {
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// A week, from Monday on.
    Week,
    /// A month of the calendar.
    Month,
    /// All time.
    Total,
}

/// What may be spent in a window: by a key, under a tag, or by all together.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BudgetSettings {
    /// Its name, under which its spending is kept.
    pub name: String,
    /// The name of a key. Left out with `tag`: every request counts.
    #[serde(default)]
    pub key: Option<String>,
    /// A tag, of a key or of a request.
    #[serde(default)]
    pub tag: Option<String>,
    /// USD in a window.
    pub usd: f64,
    /// `hour`, `day`, `week`, `month` or `total`.
    pub window: Window,
    /// Tokens of the reply that are reserved where a request names no limit. Left out, as many as the model can give: then a
    /// budget is overspent by no more than the prompt was counted short, as it may be with large pictures; with it, a longer
    /// reply may do so too.
    #[serde(default)]
    pub output_tokens: Option<u32>,
}

impl TenantSettings {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        match self.assume_prices {
            Some(AssumedPrices { input, output }) if !(positive(input) && positive(output)) => Err(ConfigError::wrong(
                "tenants.assume-prices",
                "give positive prices in USD per million tokens: an unknown price is never taken for zero",
            )),
            _ => Ok(()),
        }
    }
}

impl ConversationSettings {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if self.keep_days == 0 {
            let message = "0 would forget every turn at once: give a positive number of days";
            return Err(ConfigError::wrong("conversations.keep-days", message));
        }
        Ok(())
    }
}

pub(super) fn check_budgets(budgets: &[BudgetSettings]) -> Result<(), ConfigError> {
    let mut names = BTreeSet::new();
    for (index, budget) in budgets.iter().enumerate() {
        let wrong = |field: &str, message: &str| Err(ConfigError::wrong(format!("budgets[{index}].{field}"), message));
        if budget.name.is_empty() || !names.insert(&budget.name) {
            return wrong("name", "it is empty or taken: give every budget its own");
        }
        if !positive(budget.usd) {
            return wrong("usd", "give a positive number of USD");
        }
        if budget.output_tokens == Some(0) {
            return wrong(
                "output-tokens",
                "0 would reserve nothing for the reply: give a positive number",
            );
        }
        if budget.key.is_some() && budget.tag.is_some() {
            return wrong("tag", "a budget is for a key or for a tag: make two of it");
        }
    }
    Ok(())
}

fn positive(number: f64) -> bool {
    number > 0.0 && number.is_finite()
}
