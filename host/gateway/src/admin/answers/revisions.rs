//! Policies, and the revisions that run them.

use pointsman::{Image, Mode, PolicyKind, PolicyRef, Revision, RevisionArm, RevisionSlot};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::live::History;

/// The revisions that are kept.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct Revisions {
    /// The one that new turns begin on.
    pub(in crate::admin) active: u64,
    /// All of them, oldest first.
    pub(in crate::admin) revisions: Vec<RevisionAnswer>,
}

/// One immutable revision.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct RevisionAnswer {
    /// Its number: later ones are greater.
    revision: u64,
    /// Whether new turns begin on it.
    active: bool,
    /// When it was staged, in milliseconds since the Unix epoch.
    made_at_ms: Option<u64>,
    /// What it was staged for.
    change: Option<String>,
    /// By whom, in their own words.
    by: Option<String>,
    /// Its slots, in their order.
    slots: Vec<SlotAnswer>,
}

/// A slot of a revision.
#[derive(Serialize, JsonSchema)]
struct SlotAnswer {
    slot: String,
    kind: PolicyKind,
    mode: Mode,
    arms: Vec<ArmAnswer>,
}

/// An arm of a slot.
#[derive(Serialize, JsonSchema)]
struct ArmAnswer {
    arm: String,
    /// Its share, relative to the other arms.
    weight: f64,
    policy: PolicyRef,
    /// What the policy says that it does; in lists left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    /// JSON Schema of its settings; in lists left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    settings_schema: Option<Value>,
    /// Why its instances are configured in every call, where they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    configured_each_time_because: Option<String>,
}

/// Policies that may be staged.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct Policies {
    /// By these names.
    pub(in crate::admin) named: Vec<String>,
    /// By their digests.
    pub(in crate::admin) uploaded: Vec<Component>,
}

/// A component.
#[derive(Serialize, JsonSchema)]
pub(in crate::admin) struct Component {
    /// `sha256:…`, by which it is staged.
    pub(in crate::admin) digest: String,
    pub(in crate::admin) kinds: Vec<PolicyKind>,
    pub(in crate::admin) bytes: usize,
}

impl RevisionAnswer {
    /// In a list without what its policies say of themselves.
    pub(in crate::admin) fn of(revision: &Revision, history: &History, whole: bool) -> Self {
        let note = history.note(revision.number);
        RevisionAnswer {
            revision: revision.number,
            active: revision.active,
            made_at_ms: note.map(|note| note.at_ms),
            change: note.map(|note| note.what.clone()),
            by: note.and_then(|note| note.by.clone()),
            slots: revision.slots.iter().map(|slot| SlotAnswer::of(slot, whole)).collect(),
        }
    }
}

impl SlotAnswer {
    fn of(slot: &RevisionSlot, whole: bool) -> Self {
        SlotAnswer {
            slot: slot.name.clone(),
            kind: slot.kind,
            mode: slot.mode,
            arms: slot.arms.iter().map(|arm| ArmAnswer::of(arm, whole)).collect(),
        }
    }
}

impl ArmAnswer {
    fn of(arm: &RevisionArm, whole: bool) -> Self {
        let schema = || serde_json::from_str(&arm.about.settings_schema).unwrap_or(Value::Null);
        ArmAnswer {
            arm: arm.name.clone(),
            weight: arm.weight,
            policy: arm.policy.clone(),
            summary: whole.then(|| arm.about.summary.clone()),
            settings_schema: whole.then(schema),
            configured_each_time_because: match &arm.image {
                Image::ConfiguredEachTime(why) if whole => Some(why.clone()),
                _ => None,
            },
        }
    }
}
