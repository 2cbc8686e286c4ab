//! What every policy is, of whatever kind.
use schemars::JsonSchema;
use serde::{Deserialize, de::DeserializeOwned};

use crate::SettingsError;

/// What every policy is: settings, an account of itself, and a way to make it.
pub trait Policy: Sized + 'static {
    /// The settings. `#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]` gives operators the usual
    /// spelling and an error for a misspelt name; [`NoSettings`] is for a policy without any.
    type Settings: DeserializeOwned + JsonSchema;

    /// What the policy says of itself; see [`about!`](crate::about).
    const ABOUT: About;

    /// Makes the policy from its settings. Called once, when a revision is staged: do slow work here.
    ///
    /// # Errors
    /// Everything that is wrong with the settings beyond their types, each with its path.
    fn new(settings: Self::Settings) -> Result<Self, Vec<SettingsError>>;
}

/// A policy's account of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// Such as `router-rules`.
    pub name: &'static str,
    /// The policy's own version, such as `1.4.0`.
    pub version: &'static str,
    /// One sentence.
    pub summary: &'static str,
}

/// An [`About`] with name and version from the author's `Cargo.toml`, and this sentence.
#[macro_export]
macro_rules! about {
    ($summary:expr) => {
        $crate::About {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            summary: $summary,
        }
    };
}

/// The settings of a policy that has none: anything but `{}` is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoSettings {}

impl SettingsError {
    /// Something wrong at `path`, such as `rules[2].when.min-tokens`; an empty path means the settings as a whole.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            message: message.into(),
        }
    }
}
