//! What an operator writes: models, slots and limits, as one TOML file or built in code.

mod check;
mod choices;
mod error;
mod hold_back;
mod slot;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::choices::{FailurePlan, Mode, PolicyKind, Unit};
pub use self::error::SettingsError;
pub use self::hold_back::HoldBack;
pub use self::slot::{ArmSettings, BreakerSettings, SlotSettings};

use crate::model::Model;
use crate::sandbox::SandboxSettings;

/// Limits on requests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct RequestSettings {
    /// Most bytes of a request, all of its fields together.
    pub request_bytes: usize,
    /// Most messages of a request.
    pub messages: usize,
}

impl Default for RequestSettings {
    fn default() -> Self {
        RequestSettings {
            request_bytes: 8 << 20,
            messages: 20_000,
        }
    }
}

/// Everything that an engine is built from.
///
/// ```
/// use pointsman::Settings;
/// let settings = Settings::from_toml(r#"
///     [[models]]
///     name = "small"
///     input-price = 0.15
///     output-price = 0.60
///
///     [[slots]]
///     name = "router"
///     kind = "router"
///     policy = "router-rules"
/// "#)?;
/// assert_eq!(settings.models[0].window, None);
/// # Ok::<(), pointsman::SettingsError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// The models there are. The first is taken where no router chooses.
    pub models: Vec<Model>,
    /// The slots, in the order in which they are asked within their kind.
    pub slots: Vec<SlotSettings>,
    /// Limits on requests.
    pub limits: RequestSettings,
    /// How much of the machine policies may take together. Read once, when the engine is built.
    pub sandbox: SandboxSettings,
    /// Revisions that are kept for a rollback beside the active one: at least one.
    #[serde(default = "kept")]
    pub keep_revisions: usize,
    /// Where relative paths start.
    #[serde(skip)]
    pub(crate) base: PathBuf,
}

fn kept() -> usize {
    8
}

impl Settings {
    /// Settings with these models and no slots yet.
    pub fn new(models: impl IntoIterator<Item = Model>) -> Self {
        Settings {
            models: models.into_iter().collect(),
            keep_revisions: kept(),
            ..Settings::default()
        }
    }

    /// The same with one more slot.
    #[must_use]
    pub fn slot(mut self, slot: SlotSettings) -> Self {
        self.slots.push(slot);
        self
    }

    /// The same with relative paths that start at this directory.
    #[must_use]
    pub fn base(mut self, directory: impl Into<PathBuf>) -> Self {
        self.base = directory.into();
        self
    }

    /// Reads TOML.
    ///
    /// # Errors
    /// What is wrong, with line and column.
    pub fn from_toml(text: &str) -> Result<Self, SettingsError> {
        let settings: Settings = toml::from_str(text).map_err(|error| SettingsError::Toml(error.to_string()))?;
        settings.check()?;
        Ok(settings)
    }

    /// Reads a TOML file. Relative paths in it start at its own directory.
    ///
    /// # Errors
    /// As [`Settings::from_toml`], or that the file cannot be read.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, SettingsError> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|error| SettingsError::File {
            path: path.to_owned(),
            message: error.to_string(),
        })?;
        let mut settings = Settings::from_toml(&text).map_err(|error| SettingsError::File {
            path: path.to_owned(),
            message: error.to_string(),
        })?;
        settings.base = path.parent().map(Path::to_owned).unwrap_or_default();
        Ok(settings)
    }

    /// Files that the settings name: components and artifacts, whether or not they are there.
    pub fn files(&self) -> Vec<PathBuf> {
        let arms = || self.slots.iter().flat_map(|slot| &slot.arms);
        let policies = self.slots.iter().filter_map(|slot| slot.policy.as_ref());
        let policies = policies.chain(arms().map(|arm| &arm.policy));
        // A policy without this ending is a file where there is one, and else a name.
        let policies = policies
            .map(|policy| (policy.ends_with(".wasm"), self.base.join(policy)))
            .filter(|(named_so, file)| *named_so || file.is_file())
            .map(|(_, file)| file);
        let artifacts = self.slots.iter().flat_map(|slot| slot.artifacts.values());
        let artifacts = artifacts.chain(arms().flat_map(|arm| arm.artifacts.values()));
        policies.chain(artifacts.map(|file| self.base.join(file))).collect()
    }
}
