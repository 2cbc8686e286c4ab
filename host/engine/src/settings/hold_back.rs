//! How much of a stream waits for its checker.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PolicyKind, SettingsError, SlotSettings};

/// How much of a stream waits until a checker has seen what follows, so that what it blocks was never sent. Where both are
/// given, both hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct HoldBack {
    /// The last tokens of each choice, 65,536 at most.
    pub tokens: u32,
    /// The last bytes of each choice's text, reasoning and tool arguments, 1 MiB at most.
    pub bytes: u32,
}

impl HoldBack {
    /// Whether nothing is held back.
    pub fn is_none(&self) -> bool {
        *self == HoldBack::default()
    }

    /// What holds as much back as either.
    #[must_use]
    pub fn most(self, other: HoldBack) -> HoldBack {
        HoldBack {
            tokens: self.tokens.max(other.tokens),
            bytes: self.bytes.max(other.bytes),
        }
    }

    pub(super) fn check(&self, slot: &SlotSettings) -> Result<(), SettingsError> {
        let bad = |message: &str| Err(SettingsError::slot(&slot.name, message));
        if !self.is_none() && slot.kind != PolicyKind::Checker {
            return bad("holds a stream back, which only a checker can: leave `hold-back` out");
        }
        if self.tokens > 1 << 16 || self.bytes > 1 << 20 {
            return bad("holds more back than a gateway may keep: give at most 65536 tokens and 1048576 bytes");
        }
        Ok(())
    }
}
