//! Policies at hand, by their digests: a record names what decided, and does not hold it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use pointsman::{
    ArmSettings, BreakerSettings, BuildError, Engine, EngineBuilder, FailurePlan, Limits, PolicyRef, Record, Settings,
    SlotSettings,
};

use super::inputs::Inputs;
use crate::candidate;

/// Begins an engine for settings: with the standard policies, a compiler and a cache as the caller has them.
pub type Builder = Box<dyn Fn(Settings) -> Result<EngineBuilder, String> + Send + Sync>;

/// Why a library cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LibraryError {
    /// An engine cannot be made.
    #[error("{0}")]
    Engine(String),
    /// A policy cannot be staged.
    #[error(transparent)]
    Build(#[from] BuildError),
}

/// The arms of some settings, each staged once to learn its digests.
pub struct Library {
    builder: Builder,
    arms: Vec<Known>,
}

/// An arm, and what its records call it.
struct Known {
    reference: PolicyRef,
    arm: ArmSettings,
    limits: Limits,
    base: PathBuf,
}

impl Library {
    /// Stages every arm of these slots, whose relative paths start at the folder beside them. Arms that cannot be staged are
    /// told by name.
    ///
    /// # Errors
    /// See [`LibraryError`].
    pub async fn new(builder: Builder, slots: &[(PathBuf, Vec<SlotSettings>)]) -> Result<Self, LibraryError> {
        let mut arms = Vec::new();
        for (base, slots) in slots {
            let mut settings = candidate::settings(&[]).base(base);
            settings.slots.clone_from(slots);
            let engine = builder(settings).map_err(LibraryError::Engine)?.build().await?;
            let revision = engine.revisions().await.into_iter().find(|revision| revision.active);
            let staged = revision.into_iter().flat_map(|revision| revision.slots);
            for (slot, staged) in slots.iter().zip(staged) {
                for (arm, staged) in arms_of(slot).into_iter().zip(staged.arms) {
                    arms.push(Known {
                        reference: staged.policy,
                        arm,
                        limits: slot.limits.clone(),
                        base: base.clone(),
                    });
                }
            }
        }
        Ok(Library { builder, arms })
    }

    /// The slots of a record with the policies that decided in them; `None` where one of these is not at hand.
    pub(super) fn slots(&self, record: &Record) -> Option<Vec<SlotSettings>> {
        let mut slots: Vec<SlotSettings> = Vec::new();
        for recorded in &record.slots {
            // A checker that guards has a part in the record for the request, and another for the reply.
            if slots.iter().any(|slot| slot.name == recorded.slot) {
                continue;
            }
            let known = self
                .arms
                .iter()
                .find(|known| same(&known.reference, &recorded.policy))?;
            let mut slot = SlotSettings::new(&*recorded.slot, recorded.kind, absolute(known, &known.arm.policy))
                .settings(known.arm.settings.clone())
                .mode(recorded.mode)
                .on_failure(FailurePlan::Skip)
                .limits(Limits {
                    deadline_ms: candidate::DEADLINE_MS,
                    ..known.limits.clone()
                });
            let files = known.arm.artifacts.iter();
            slot.artifacts = files
                .map(|(name, file)| (name.clone(), known.base.join(file)))
                .collect::<BTreeMap<_, _>>();
            slot.breaker = BreakerSettings {
                failures: 0,
                ..BreakerSettings::default()
            };
            slots.push(slot);
        }
        Some(slots)
    }

    /// An engine with these slots, whose turns are given their inputs out of traces.
    pub(super) async fn engine(&self, slots: Vec<SlotSettings>, inputs: Inputs) -> Result<Engine, LibraryError> {
        let mut settings = candidate::settings(&[]);
        settings.slots = slots;
        let builder = (self.builder)(settings).map_err(LibraryError::Engine)?;
        Ok(builder.memory(inputs).build().await?)
    }
}

/// By everything that decides: the name and version are only what the policy says of itself.
fn same(a: &PolicyRef, b: &PolicyRef) -> bool {
    (&a.digest, &a.settings, &a.artifacts) == (&b.digest, &b.settings, &b.artifacts)
}

fn arms_of(slot: &SlotSettings) -> Vec<ArmSettings> {
    match &slot.policy {
        Some(policy) => vec![ArmSettings {
            name: String::new(),
            weight: 1.0,
            policy: policy.clone(),
            settings: slot.settings.clone(),
            artifacts: slot.artifacts.clone(),
        }],
        None => slot.arms.clone(),
    }
}

/// A file by its whole path, so that it is found from anywhere; a name stays one.
fn absolute(known: &Known, policy: &str) -> String {
    let path = known.base.join(policy);
    if policy.ends_with(".wasm") || path.exists() {
        path.display().to_string()
    } else {
        policy.to_owned()
    }
}
