//! What an operator writes: models, slots and limits, as one TOML file or built in code.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::model::Model;
use crate::sandbox::SandboxSettings;
use crate::sandbox::limits::Limits;

/// What kind of decision a policy makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PolicyKind {
    /// Chooses the model.
    Router,
    /// Shortens the conversation.
    Compressor,
    /// Looks at requests and replies.
    Checker,
}

impl std::fmt::Display for PolicyKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            PolicyKind::Router => "router",
            PolicyKind::Compressor => "compressor",
            PolicyKind::Checker => "checker",
        })
    }
}

/// Whether a slot's decisions are carried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// They are.
    #[default]
    Enforce,
    /// It decides, and its record says what it would have done; nothing is changed.
    Observe,
    /// It is not asked.
    Off,
}

/// What happens to a turn whose policy failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailurePlan {
    /// It goes on without this slot.
    #[default]
    Skip,
    /// The digest that served before this one answers; without one, as `skip`.
    LastGood,
    /// It ends with an error.
    Fail,
}

/// What is assigned to an arm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// The conversation; a turn without one is a unit of its own.
    #[default]
    Conversation,
    /// The person who asks.
    User,
    /// The attribute `tenant`.
    Tenant,
    /// Every turn anew.
    Turn,
}

/// One side of a split.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ArmSettings {
    /// How it is called in records.
    pub name: String,
    /// Its share, relative to the other arms.
    #[serde(default = "one")]
    pub weight: f64,
    /// A standard policy's name, a file, or `sha256:` of a component that was staged before.
    pub policy: String,
    /// The policy's own settings.
    #[serde(default)]
    pub settings: serde_json::Value,
    /// Files of its artifacts by name.
    #[serde(default)]
    pub artifacts: BTreeMap<String, PathBuf>,
}

fn one() -> f64 {
    1.0
}

/// When a policy that keeps failing is no longer asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct BreakerSettings {
    /// Failures in a row that open it; 0 never does.
    pub failures: u32,
    /// Seconds until one call is let through to try again.
    pub seconds: u64,
}

impl Default for BreakerSettings {
    fn default() -> Self {
        BreakerSettings {
            failures: 20,
            seconds: 10,
        }
    }
}

/// A named place in the pipeline that runs one policy, or a split of several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SlotSettings {
    /// Its name.
    pub name: String,
    /// What kind of policy it runs.
    pub kind: PolicyKind,
    /// Whether its decisions are carried out.
    #[serde(default)]
    pub mode: Mode,
    /// The policy, where there is one arm: as [`ArmSettings::policy`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// That policy's settings.
    #[serde(default)]
    pub settings: serde_json::Value,
    /// That policy's artifacts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub artifacts: BTreeMap<String, PathBuf>,
    /// The arms, where there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arms: Vec<ArmSettings>,
    /// What is assigned to an arm.
    #[serde(default)]
    pub unit: Unit,
    /// Mixed into the assignment; the slot's name, where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// What becomes of a turn when the policy fails.
    #[serde(default)]
    pub on_failure: FailurePlan,
    /// Keeps instances between calls, for toolchains whose instances are costly to make. State may then pass from one
    /// request to another.
    #[serde(default)]
    pub reuse: bool,
    /// What one call may take.
    #[serde(default)]
    pub limits: Limits,
    /// When the policy is no longer asked.
    #[serde(default)]
    pub breaker: BreakerSettings,
}

impl SlotSettings {
    /// A slot that runs one policy with its default settings.
    pub fn new(name: impl Into<String>, kind: PolicyKind, policy: impl Into<String>) -> Self {
        SlotSettings {
            name: name.into(),
            kind,
            mode: Mode::Enforce,
            policy: Some(policy.into()),
            settings: serde_json::Value::Null,
            artifacts: BTreeMap::new(),
            arms: Vec::new(),
            unit: Unit::Conversation,
            salt: None,
            on_failure: FailurePlan::Skip,
            reuse: false,
            limits: Limits::default(),
            breaker: BreakerSettings::default(),
        }
    }

    /// The same with settings for the policy.
    #[must_use]
    pub fn settings(mut self, settings: serde_json::Value) -> Self {
        self.settings = settings;
        self
    }

    /// The same in another mode.
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// The same with another plan for failures.
    #[must_use]
    pub fn on_failure(mut self, plan: FailurePlan) -> Self {
        self.on_failure = plan;
        self
    }

    /// The same with other limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The arms, one or several.
    pub(crate) fn all_arms(&self) -> Result<Vec<ArmSettings>, SettingsError> {
        let bad = |message: &str| SettingsError::slot(&self.name, message);
        match (&self.policy, self.arms.as_slice()) {
            (Some(policy), []) => Ok(vec![ArmSettings {
                name: "only".to_owned(),
                weight: 1.0,
                policy: policy.clone(),
                settings: self.settings.clone(),
                artifacts: self.artifacts.clone(),
            }]),
            (None, arms @ [_, ..]) => Ok(arms.to_vec()),
            (Some(_), [_, ..]) => Err(bad("has both `policy` and `arms`: keep one")),
            (None, []) => Err(bad("has neither `policy` nor `arms`: name a policy")),
        }
    }
}

/// Limits on requests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct RequestSettings {
    /// Most bytes of a request's messages.
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

    /// Files that the settings name as policies.
    pub(crate) fn component_files(&self) -> Vec<PathBuf> {
        let arms = self
            .slots
            .iter()
            .flat_map(|slot| slot.policy.iter().chain(slot.arms.iter().map(|arm| &arm.policy)));
        arms.filter(|policy| policy.ends_with(".wasm"))
            .map(|policy| self.base.join(policy))
            .collect()
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
            let prices = [model.input_price, model.cached_input_price, model.output_price];
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

/// Why settings cannot be used. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The TOML cannot be read; the message has line and column.
    #[error("{0}")]
    Toml(String),
    /// A file cannot be read.
    #[error("{}: {message}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// There is no model.
    #[error("`models` is empty: name at least one model")]
    NoModels,
    /// A model is wrong.
    #[error("models[{index}]: {message}")]
    Model {
        /// Which.
        index: usize,
        /// What is wrong.
        message: String,
    },
    /// A slot is wrong.
    #[error("slot `{slot}` {message}")]
    Slot {
        /// Which.
        slot: String,
        /// What is wrong.
        message: String,
    },
    /// Two slots route.
    #[error("more than one slot is a router: keep one, and give it arms to compare several")]
    TwoRouters,
}

impl SettingsError {
    fn slot(slot: &str, message: impl Into<String>) -> Self {
        SettingsError::Slot {
            slot: slot.to_owned(),
            message: message.into(),
        }
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
    fn a_slot_without_a_policy_or_with_two_sources_is_refused() {
        let base = "[[models]]\nname = \"a\"\n[[slots]]\nname = \"r\"\nkind = \"router\"\n";
        assert!(Settings::from_toml(base).unwrap_err().to_string().contains("neither"));
        let both = format!("{base}policy = \"x\"\n[[slots.arms]]\nname = \"one\"\npolicy = \"y\"\n");
        assert!(Settings::from_toml(&both).unwrap_err().to_string().contains("both"));
    }
}
