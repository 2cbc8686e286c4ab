//! A revision: every slot with its arms, numbered and immutable. A turn pins one and keeps it to its end.

use std::sync::Arc;

use pointsman_experiment as experiment;

use crate::decision::PolicyRef;
use crate::model::Model;
use crate::policy::call::Policy;
use crate::policy::stage::{About, Image};
use crate::settings::{Mode, PolicyKind, Settings, SlotSettings, Unit};

/// One immutable revision.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) number: u64,
    pub(crate) settings: Arc<Settings>,
    /// Those of the settings, shared with every turn.
    pub(crate) models: Arc<[Model]>,
    pub(crate) slots: Vec<Slot>,
}

/// One slot of a revision.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) name: Arc<str>,
    pub(crate) settings: SlotSettings,
    pub(crate) arms: Vec<Arm>,
    pub(crate) weights: Vec<experiment::Arm>,
}

/// One arm of a slot.
#[derive(Clone, Debug)]
pub(crate) struct Arm {
    pub(crate) policy: Arc<Policy>,
    /// The policy before this one, for the plan `last-good`.
    pub(crate) last_good: Option<Arc<Policy>>,
    /// The component as it was delivered, so that it can be staged again by its digest.
    pub(crate) component: Arc<[u8]>,
}

/// The units that a turn belongs to.
pub(crate) struct Units<'a> {
    pub(crate) turn: &'a str,
    pub(crate) conversation: Option<&'a str>,
    pub(crate) user: Option<&'a str>,
    pub(crate) tenant: Option<&'a str>,
}

impl Slot {
    /// The arm of a turn, and the probability with which it got it.
    pub(crate) fn assign(&self, units: &Units<'_>) -> (usize, f64) {
        if self.arms.len() == 1 {
            return (0, 1.0);
        }
        let unit = match self.settings.unit {
            Unit::Conversation => units.conversation,
            Unit::User => units.user,
            Unit::Tenant => units.tenant,
            Unit::Turn => None,
        };
        let salt = self.settings.salt.as_deref().unwrap_or(&self.name);
        match experiment::assign(salt, unit.unwrap_or(units.turn), &self.weights) {
            Ok(assigned) => (assigned.index, assigned.propensity),
            // The weights were checked with the settings.
            Err(_) => (0, 1.0),
        }
    }
}

/// A revision in words that can be shown.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Revision {
    /// Its number: later ones are greater.
    pub number: u64,
    /// Whether new turns begin on it.
    pub active: bool,
    /// Its slots.
    pub slots: Vec<RevisionSlot>,
}

/// A slot of a revision.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RevisionSlot {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: PolicyKind,
    /// Its mode.
    pub mode: Mode,
    /// Name, weight, policy and image of each arm.
    pub arms: Vec<RevisionArm>,
}

/// An arm of a slot.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RevisionArm {
    /// Its name.
    pub name: String,
    /// Its share, relative to the others.
    pub weight: f64,
    /// What it runs.
    pub policy: PolicyRef,
    /// What that says of itself.
    pub about: About,
    /// How its instances come to their settings.
    pub image: Image,
}

impl Snapshot {
    /// Whether it matters to this revision which conversation a turn belongs to: a policy can ask what was, or a split
    /// keeps conversations together.
    pub(crate) fn looks_back(&self) -> bool {
        let asked = |slot: &&Slot| slot.settings.mode != Mode::Off;
        let splits = |slot: &Slot| slot.arms.len() > 1 && slot.settings.unit == Unit::Conversation;
        let remembers = |arm: &Arm| arm.policy.looks_back || arm.last_good.as_ref().is_some_and(|it| it.looks_back);
        let mut slots = self.slots.iter().filter(asked);
        slots.any(|slot| splits(slot) || slot.arms.iter().any(remembers))
    }

    /// Policies that turns on this revision ask and that may keep instances between calls.
    pub(crate) fn keeping(&self) -> impl Iterator<Item = &Arc<Policy>> {
        let asked = self.slots.iter().filter(|slot| slot.settings.mode != Mode::Off);
        let policies = asked.flat_map(|slot| &slot.arms).map(|arm| &arm.policy);
        policies.filter(|policy| policy.keeps())
    }

    pub(crate) fn describe(&self, active: u64) -> Revision {
        let slots = self.slots.iter().map(|slot| RevisionSlot {
            name: slot.name.to_string(),
            kind: slot.settings.kind,
            mode: slot.settings.mode,
            arms: slot
                .arms
                .iter()
                .zip(&slot.weights)
                .map(|(arm, weight)| RevisionArm {
                    name: weight.name.clone(),
                    weight: weight.weight,
                    policy: PolicyRef::clone(&arm.policy.reference),
                    about: arm.policy.about.clone(),
                    image: arm.policy.image.clone(),
                })
                .collect(),
        });
        Revision {
            number: self.number,
            active: self.number == active,
            slots: slots.collect(),
        }
    }
}
