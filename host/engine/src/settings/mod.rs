//! What an operator writes: models, slots and limits, as one TOML file or built in code.

mod choices;
mod error;
mod slot;

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::choices::{FailurePlan, Mode, PolicyKind, Unit};
pub use self::error::SettingsError;
pub use self::slot::{ArmSettings, BreakerSettings, HoldBack, SlotSettings};

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
    /// Revisions that are kept for a rollback.
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

    /// What can be known to be wrong before any policy is loaded.
    pub(crate) fn check(&self) -> Result<(), SettingsError> {
        if self.models.is_empty() {
            return Err(SettingsError::NoModels);
        }
        let mut names = std::collections::BTreeSet::new();
        for (index, model) in self.models.iter().enumerate() {
            if model.name.is_empty() || !names.insert(model.name.as_str()) {
                return Err(SettingsError::Model {
                    index,
                    message: format!("the name `{}` is empty or taken", model.name),
                });
            }
            let prices = [
                model.input_price,
                model.cached_input_price,
                model.cache_write_price,
                model.output_price,
            ];
            if let Some(price) = prices
                .into_iter()
                .flatten()
                .find(|price| !(*price >= 0.0 && price.is_finite()))
            {
                let message = format!("a price of {price} is no price: give USD per million tokens, or leave it out");
                return Err(SettingsError::Model { index, message });
            }
        }
        let mut slots = std::collections::BTreeSet::new();
        for slot in &self.slots {
            if slot.name.is_empty() || !slots.insert(slot.name.as_str()) {
                return Err(SettingsError::slot(&slot.name, "has a name that is empty or taken"));
            }
            if slot.limits.deadline_ms == 0 || slot.limits.memory_mib == 0 || slot.limits.output_kib == 0 {
                return Err(SettingsError::slot(
                    &slot.name,
                    "has a limit of 0: every limit needs a positive number",
                ));
            }
            if slot.limits.memory_mib > self.sandbox.instance_mib {
                let most = self.sandbox.instance_mib;
                let message = format!("asks for more memory than `sandbox.instance-mib` = {most} allows");
                return Err(SettingsError::slot(&slot.name, message));
            }
            slot.hold_back.check(slot)?;
            let arms = slot.all_arms()?;
            let weights: Vec<_> = arms
                .iter()
                .map(|arm| pointsman_experiment::Arm::new(&*arm.name, arm.weight))
                .collect();
            pointsman_experiment::assign("", "", &weights)
                .map_err(|error| SettingsError::slot(&slot.name, error.to_string()))?;
        }
        if self.slots.iter().filter(|slot| slot.kind == PolicyKind::Router).count() > 1 {
            return Err(SettingsError::TwoRouters);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_setting_is_named_with_its_line() {
        let error = Settings::from_toml("[[models]]\nname = \"a\"\nprize = 1\n")
            .unwrap_err()
            .to_string();
        assert!(error.contains("line 3") && error.contains("prize"), "{error}");
    }

    #[test]
    fn an_ill_typed_setting_says_what_was_expected() {
        let error = Settings::from_toml("[[models]]\nname = \"a\"\nwindow = \"large\"\n")
            .unwrap_err()
            .to_string();
        assert!(error.contains("u32") && error.contains("line 3"), "{error}");
    }

    #[test]
    fn no_model_is_an_error_and_a_missing_price_is_not() {
        assert!(matches!(Settings::from_toml(""), Err(SettingsError::NoModels)));
        let settings = Settings::from_toml("[[models]]\nname = \"a\"\n").unwrap();
        assert_eq!(settings.models[0].input_price, None);
        let negative = Settings::from_toml("[[models]]\nname = \"a\"\ninput-price = -1.0\n");
        assert!(negative.unwrap_err().to_string().contains("-1"));
    }

    #[test]
    fn only_a_checker_holds_a_stream_back_and_within_bounds() {
        let base = "[[models]]\nname = \"a\"\n[[slots]]\nname = \"s\"\npolicy = \"p\"\n";
        let refusal = |more: &str| Settings::from_toml(&format!("{base}{more}")).unwrap_err().to_string();
        let router = refusal("kind = \"router\"\nhold-back = { tokens = 4 }\n");
        assert!(router.contains("only a checker"), "{router}");
        let long = refusal("kind = \"checker\"\nhold-back = { tokens = 65537 }\n");
        assert!(long.contains("at most 65536 tokens"), "{long}");
    }

    #[test]
    fn a_slot_without_a_policy_or_with_two_sources_is_refused() {
        let base = "[[models]]\nname = \"a\"\n[[slots]]\nname = \"r\"\nkind = \"router\"\n";
        assert!(Settings::from_toml(base).unwrap_err().to_string().contains("neither"));
        let both = format!("{base}policy = \"x\"\n[[slots.arms]]\nname = \"one\"\npolicy = \"y\"\n");
        assert!(Settings::from_toml(&both).unwrap_err().to_string().contains("both"));
    }
}
