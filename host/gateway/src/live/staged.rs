//! What of a configuration goes to the engine, and what operators have made of it since.

use std::path::PathBuf;
use std::time::SystemTime;

use pointsman::{Settings, SlotSettings};

use crate::config::Config;

/// The engine's part of a configuration as it was staged.
#[derive(Clone, Debug, Default)]
pub(super) struct Staged {
    /// What the engine has in other words than these was set by operators.
    slots: Vec<SlotSettings>,
    files: Files,
}

/// Files that slots name, each with its length and the time when it was written; without, where it is not there.
type Files = Vec<(PathBuf, Option<(u64, SystemTime)>)>;

/// What is to become of the slots under another configuration.
pub(super) struct Plan {
    /// To be staged; `None`, where the configuration says nothing new to the engine, and the active revision goes on.
    pub(super) settings: Option<Settings>,
    /// Slots that stay as operators set them, since the configuration says of them what it said before.
    pub(super) kept: Vec<String>,
    /// Slots in which the configuration takes the place of what operators set.
    pub(super) overridden: Vec<String>,
    slots_stay: bool,
    files: Files,
}

impl Staged {
    /// What was staged of this configuration, which the engine has as it stands here.
    pub(super) fn of(config: &Config, engine: &Settings) -> Self {
        Staged {
            slots: engine.slots.clone(),
            files: files(config),
        }
    }

    /// What another configuration changes. Slots that it leaves as they are stay as operators set them: an emergency
    /// switch is not undone by a change of something else.
    pub(super) fn plan(&self, before: &Config, config: &Config, active: &Settings) -> Plan {
        let files = files(config);
        let mut settings = config.settings();
        let slots_stay = before.base == config.base && before.slots == config.slots;
        let nothing_new = slots_stay && files == self.files && before.settings() == settings;
        let own = differing(&self.slots, &active.slots);
        if slots_stay {
            settings.slots.clone_from(&active.slots);
        }
        let (kept, overridden) = if slots_stay {
            (own, Vec::new())
        } else {
            (Vec::new(), own)
        };
        Plan {
            settings: (!nothing_new).then_some(settings),
            kept,
            overridden,
            slots_stay,
            files,
        }
    }

    /// The same after a plan was carried out.
    pub(super) fn after(&self, plan: &Plan, config: &Config) -> Self {
        let slots = if plan.slots_stay { &self.slots } else { &config.slots };
        Staged {
            slots: slots.clone(),
            files: plan.files.clone(),
        }
    }
}

fn files(config: &Config) -> Files {
    let seen = |path: PathBuf| {
        let known = std::fs::metadata(&path).ok();
        let known = known.and_then(|known| Some((known.len(), known.modified().ok()?)));
        (path, known)
    };
    config.settings().files().into_iter().map(seen).collect()
}

/// Names of slots that are not the same in both, or only in one.
fn differing(old: &[SlotSettings], new: &[SlotSettings]) -> Vec<String> {
    let changed = old.iter().filter(|slot| !new.contains(slot));
    let added = new
        .iter()
        .filter(|slot| old.iter().all(|known| known.name != slot.name));
    changed.chain(added).map(|slot| slot.name.clone()).collect()
}
