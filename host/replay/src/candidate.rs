//! A policy that is asked offline: nobody waits for it, and nothing that it says is carried out.

use std::collections::BTreeMap;
use std::path::PathBuf;

use pointsman::{BreakerSettings, Limits, Mode, Model, PolicyKind, Settings, SlotSettings};

/// A policy with its settings and artifacts.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// What it is asked for.
    pub kind: PolicyKind,
    /// A standard policy's name, or a file.
    pub policy: String,
    /// Its own settings.
    pub settings: serde_json::Value,
    /// Files of its artifacts by name.
    pub artifacts: BTreeMap<String, PathBuf>,
    /// Whether calls follow each other in one instance, which saves a third of a short one. Only for a policy that is known to keep
    /// nothing from one call to the next: it decides then as fresh instances do, byte for byte.
    pub reuse: bool,
}

/// Milliseconds that a call may take. Long, so that a slow or busy machine decides as a quick one does.
pub(crate) const DEADLINE_MS: u32 = 10_000;
/// The model of conversations that name none: its tokens are those of `o200k`.
pub(crate) const O200K_MODEL: &str = "gpt-4o";

impl Candidate {
    /// A policy with its default settings.
    pub fn new(kind: PolicyKind, policy: impl Into<String>) -> Self {
        Candidate {
            kind,
            policy: policy.into(),
            settings: serde_json::Value::Null,
            artifacts: BTreeMap::new(),
            reuse: false,
        }
    }

    fn slot(&self) -> SlotSettings {
        let mut slot = SlotSettings::new(self.kind.to_string(), self.kind, &*self.policy)
            .settings(self.settings.clone())
            .mode(Mode::Observe)
            .limits(Limits {
                deadline_ms: DEADLINE_MS,
                ..Limits::default()
            });
        slot.artifacts.clone_from(&self.artifacts);
        slot.reuse = self.reuse;
        // Every case is asked, however many before it failed.
        slot.breaker = BreakerSettings {
            failures: 0,
            ..BreakerSettings::default()
        };
        slot
    }
}

/// Settings of an engine that asks these policies, one slot for each, named after its kind.
pub fn settings(candidates: &[Candidate]) -> Settings {
    let mut settings = Settings::new([Model::named(O200K_MODEL)]);
    settings.slots = candidates.iter().map(Candidate::slot).collect();
    settings.limits.request_bytes = 64 << 20;
    settings.limits.messages = 1_000_000;
    // Cases wait for room as long as it takes; there is only ever a handful on their way.
    settings.sandbox.wait_ms = u64::from(DEADLINE_MS);
    settings.sandbox.instances = 64;
    settings.sandbox.inline_ms = DEADLINE_MS;
    settings
}
