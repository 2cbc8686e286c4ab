//! Keys and budgets.

use schemars::JsonSchema;
use serde::Serialize;

use crate::tenant::{Balance, Grant, Key, KeyBudget};

/// The keys that hold, by name.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct Keys {
    pub(in crate::admin) keys: Vec<KeyAnswer>,
}

/// A key. Of its secret only the end is known; what it is not limited in is left out.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct KeyAnswer {
    /// Names it for good: 16 hexadecimal digits.
    id: String,
    /// The end of its secret, by which people know it again.
    ends_with: String,
    /// When it was made, in milliseconds since the Unix epoch.
    made_at_ms: u64,
    name: String,
    /// Keys of one tenant share their conversations; a tenant of its own, where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<String>,
    /// Tags of every request with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    /// Names that may be asked for; all, where it is left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    models: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requests_per_minute: Option<u32>,
    /// Of prompts and replies.
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens_per_minute: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    budget: Option<KeyBudget>,
    /// When it ends, in milliseconds since the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at_ms: Option<u64>,
}

/// A key that was made.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct MadeKey {
    #[serde(flatten)]
    pub(in crate::admin) key: KeyAnswer,
    /// What its holder sends. Nobody can ask for it again.
    pub(in crate::admin) secret: String,
    /// Whether the store is a file.
    pub(in crate::admin) outlives_this_process: bool,
}

/// A key that was revoked.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct RevokedKey {
    pub(in crate::admin) revoked: KeyAnswer,
}

/// The budgets of the configuration, then those of keys.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct Budgets {
    pub(in crate::admin) budgets: Vec<Balance>,
}

impl From<Key> for KeyAnswer {
    fn from(key: Key) -> Self {
        let Grant {
            name,
            tenant,
            tags,
            models,
            requests_per_minute,
            tokens_per_minute,
            budget,
            expires_at_ms,
        } = key.grant;
        KeyAnswer {
            id: key.id,
            ends_with: key.ends_with,
            made_at_ms: key.made_at_ms,
            name,
            tenant,
            tags,
            models,
            requests_per_minute,
            tokens_per_minute,
            budget,
            expires_at_ms,
        }
    }
}
