//! The settings: what an operator writes, with one doc comment a field, from which the JSON Schema is made.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::words::Words;

/// The whole table. With nothing set, the standard table applies.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Settings {
    /// The rules, tried in this order: the first whose conditions hold chooses.
    pub rules: Vec<Rule>,
    /// What to choose where no rule fires; where it names nothing, the operator's first candidate.
    pub default: Route,
    /// What to choose for a tenant (the request's attribute `tenant`), before any rule.
    pub tenants: BTreeMap<String, Route>,
    /// Whether the standard table follows your rules. Unset: only where you have none.
    pub standard: Option<bool>,
    /// Bytes of a message that patterns, language and code conditions look at: of a longer message its first three
    /// quarters of this and its last quarter.
    pub scan_bytes: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            default: Route::default(),
            tenants: BTreeMap::new(),
            standard: None,
            scan_bytes: 16_384,
        }
    }
}

/// One rule: where all of `when` holds and not all of `unless`, `use` is chosen.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rule {
    /// Its name; a decision gives it as the reason `rule:<name>`.
    pub name: String,
    /// All of these must hold. Empty: it always fires.
    #[serde(default)]
    pub when: When,
    /// Where all of these hold too, it does not fire. Empty: no exception.
    #[serde(default)]
    pub unless: When,
    /// What to choose.
    #[serde(rename = "use")]
    pub route: Route,
}

/// What to choose, and what to send along.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Route {
    /// A candidate by name.
    pub model: Option<String>,
    /// The candidates with this tag, in the operator's order. Where none has the tag, `cheap` and `strong` are inferred
    /// from the known prices.
    pub tag: Option<String>,
    /// Names or tags to try after it, in this order. Empty: those of the default.
    pub fallbacks: Vec<String>,
    /// Reasoning effort, in the provider's own word.
    pub effort: Option<String>,
    /// Most tokens of the reply.
    pub max_output_tokens: Option<u32>,
    /// Sampling temperature, 0 or more.
    pub temperature: Option<f32>,
    /// How sure the choice is, 0 to 1.
    pub confidence: Option<f32>,
}

/// Conditions. Those that are set must all hold; a list holds where one of its entries does.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct When {
    /// The conversation has at least this many tokens.
    pub min_tokens: Option<u32>,
    /// The conversation has at most this many tokens.
    pub max_tokens: Option<u32>,
    /// The last user message has at least this many tokens.
    pub min_last_tokens: Option<u32>,
    /// The last user message has at most this many tokens.
    pub max_last_tokens: Option<u32>,
    /// There are at least this many user messages.
    pub min_turns: Option<u32>,
    /// There are at most this many user messages.
    pub max_turns: Option<u32>,
    /// One of these patterns is found in the last user message. The syntax is that of Rust's `regex`; letters match in
    /// either case unless the pattern begins with `(?-i)`.
    pub matches: Words,
    /// All of these patterns are found in the last user message, in whatever order.
    pub matches_all: Words,
    /// One of these patterns is found in a message of any role.
    pub any_message_matches: Words,
    /// The last user message is in one of these languages (ISO 639-1, such as `en` or `zh`).
    pub languages: Words,
    /// The last user message has program code in it (`true`), or has not (`false`).
    pub code: Option<bool>,
    /// These attributes of the request have this value, or one of these values.
    pub attributes: BTreeMap<String, Words>,
    /// The attribute `tag`, read as a list with commas, has one of these.
    pub tags: Words,
    /// The request offers tools (`true`), or none (`false`).
    pub tools: Option<bool>,
    /// The request offers a tool of one of these names.
    pub tool_named: Words,
    /// The conversation ends within a tool exchange: the reply goes on from a tool's result.
    pub tool_exchange: Option<bool>,
    /// The form in which the reply is asked for.
    pub response_format: Option<Format>,
    /// A message has a part of one of these kinds.
    pub parts: Vec<PartKind>,
    /// A time budget is known and is at most this, in milliseconds.
    pub max_time_ms: Option<u32>,
    /// A cost budget is known and is at most this, in USD.
    pub max_cost_usd: Option<f64>,
}

/// A form of reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Free text.
    Text,
    /// JSON, with or without a schema.
    Json,
    /// JSON that conforms to a schema.
    JsonSchema,
}

/// A kind of part that is not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PartKind {
    /// A picture.
    Image,
    /// A recording.
    Audio,
    /// A document.
    File,
}
