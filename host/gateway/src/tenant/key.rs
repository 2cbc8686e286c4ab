//! A key: who holds it, and what it may do. The secret itself is shown once and kept nowhere.

use pointsman_telemetry::StoreError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::config::Window;

/// How every secret begins, so that one is known for a key of this gateway wherever it turns up.
pub(super) const PREFIX: &str = "pm-";

/// What may be spent with a key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyBudget {
    /// USD in a window.
    pub(crate) usd: f64,
    pub(crate) window: Window,
    /// As in [`crate::config::BudgetSettings`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) output_tokens: Option<u32>,
}

/// What an operator gives to a key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Grant {
    /// What people call it; no two keys that hold have the same.
    pub(crate) name: String,
    /// Keys of one tenant share their conversations. Left out, the key is a tenant of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tenant: Option<String>,
    /// Tags of every request with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) tags: Vec<String>,
    /// Models and routes that may be asked for by name; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) models: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) requests_per_minute: Option<u32>,
    /// Tokens of prompts and replies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tokens_per_minute: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) budget: Option<KeyBudget>,
    /// When it ends, in milliseconds since the Unix epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at_ms: Option<u64>,
}

/// A key as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Key {
    /// Names it for good: 16 hexadecimal digits.
    pub(crate) id: String,
    /// The end of its secret, by which people know it again.
    pub(crate) ends_with: String,
    pub(crate) made_at_ms: u64,
    #[serde(flatten)]
    pub(crate) grant: Grant,
}

impl Key {
    /// A key and its secret.
    ///
    /// # Errors
    /// The system gives no randomness.
    pub(super) fn make(grant: Grant, at_ms: u64) -> Result<(Key, String), StoreError> {
        let mut random = [0; 32];
        getrandom::fill(&mut random)
            .map_err(|error| StoreError::Sql(format!("the system gives no randomness for a key: {error}")))?;
        let hex: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        // 24 bytes for the secret, 8 for the name.
        let (secret, id) = hex.split_at(48);
        let secret = format!("{PREFIX}{secret}");
        let key = Key {
            id: id.to_owned(),
            ends_with: secret[secret.len() - 4..].to_owned(),
            made_at_ms: at_ms,
            grant,
        };
        Ok((key, secret))
    }

    /// Within whom conversations are known.
    pub(crate) fn tenant(&self) -> &str {
        self.grant.tenant.as_deref().unwrap_or(&self.id)
    }

    /// Whether it may ask for this name.
    pub(crate) fn may_ask(&self, name: &str) -> bool {
        self.grant.models.is_empty() || self.grant.models.iter().any(|own| own == name)
    }
}

/// What is kept of a secret. It has 192 bits of the system's randomness, so that nobody can try them all: a slow hash, as for
/// the passwords of people, would add nothing.
pub(super) fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}
