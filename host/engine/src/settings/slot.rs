//! One slot: its policy or its arms, and the limits and plans that hold for them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FailurePlan, HoldBack, Mode, PolicyKind, SettingsError, Unit};
use crate::sandbox::limits::Limits;

/// One side of a split.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// Files of its artifacts by name. A standard policy brings those that it needs; a file of the same name takes their
    /// place.
    #[serde(default)]
    pub artifacts: BTreeMap<String, PathBuf>,
}

fn one() -> f64 {
    1.0
}

fn closed() -> FailurePlan {
    FailurePlan::Fail
}

/// When a policy that keeps failing is no longer asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// What becomes of a turn when the policy fails, unless it was guarding the request.
    #[serde(default)]
    pub on_failure: FailurePlan,
    /// What becomes of a turn when the policy fails as a guard of the request. It fails closed: what no guard has seen is
    /// not sent, unless this says `skip`.
    #[serde(default = "closed")]
    pub on_guard_failure: FailurePlan,
    /// A checker that enforces: how much of a stream waits for it.
    #[serde(default, skip_serializing_if = "HoldBack::is_none")]
    pub hold_back: HoldBack,
    /// Keeps instances between calls, for toolchains whose instances are costly to make, and lets up to 256 reviews of
    /// replies live in one. State may then pass from one request to another, and a trap ends all reviews of its instance.
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
            on_guard_failure: closed(),
            hold_back: HoldBack::default(),
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

    /// The same with another plan for failures of a guard.
    #[must_use]
    pub fn on_guard_failure(mut self, plan: FailurePlan) -> Self {
        self.on_guard_failure = plan;
        self
    }

    /// The same with a window of a stream that waits for this checker.
    #[must_use]
    pub fn hold_back(mut self, window: HoldBack) -> Self {
        self.hold_back = window;
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
