//! From settings to a revision that serves: staged beside the traffic, activated by one pointer, rolled back by the same.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::Arc;

use pointsman_experiment as experiment;

use crate::artifact::Artifact;
use crate::cases;
use crate::engine::{Engine, Inner};
use crate::policy::call::Policy;
use crate::policy::component::inspect;
use crate::policy::stage::{self, About, Compiled, Image, Setup, StageError};
use crate::sandbox::limits::Limits;
use crate::settings::{ArmSettings, BreakerSettings, PolicyKind, Settings, SettingsError, SlotSettings};
use crate::snapshot::{Arm, Revision, Slot, Snapshot};

/// Why a revision cannot be staged or activated. The active one goes on serving.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SwapError {
    /// The settings are wrong in themselves.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A policy cannot be found or read.
    #[error("slot `{slot}`: {message}")]
    Source {
        /// The slot.
        slot: String,
        /// What is wrong.
        message: String,
    },
    /// A policy cannot be staged.
    #[error("slot `{slot}`, policy `{policy}`: {error}")]
    Stage {
        /// The slot.
        slot: String,
        /// The policy as the settings name it.
        policy: String,
        /// What is wrong.
        error: StageError,
    },
    /// There is no such revision any more, or there never was.
    #[error("there is no revision {revision}: kept are {}", kept.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))]
    NoRevision {
        /// The number that was asked for.
        revision: u64,
        /// The numbers there are.
        kept: Vec<u64>,
    },
    /// No earlier revision is kept.
    #[error("there is no earlier revision to roll back to")]
    NothingBefore,
    /// The thread that stages has ended.
    #[error("staging was interrupted: {0}")]
    Interrupted(String),
}

/// The revisions that are kept, oldest first, and the order in which they were active.
#[derive(Default)]
pub(crate) struct Revisions {
    pub(crate) kept: VecDeque<Arc<Snapshot>>,
    pub(crate) history: Vec<u64>,
    pub(crate) newest: u64,
}

impl Engine {
    /// Checks, compiles, configures and warms a revision beside the traffic, and gives its number. Policies that the
    /// kept revisions already run with the same settings are shared, not made again.
    ///
    /// # Errors
    /// What is wrong, and in which slot; nothing is changed.
    pub async fn stage(&self, settings: Settings) -> Result<u64, SwapError> {
        self.stage_with(settings, Vec::new()).await
    }

    /// As [`Engine::stage`], with components at hand that settings name by their digest, `sha256:…`. A revision keeps
    /// what it runs, so that later settings may name it so too.
    ///
    /// # Errors
    /// As [`Engine::stage`].
    pub async fn stage_with(&self, settings: Settings, components: Vec<Arc<[u8]>>) -> Result<u64, SwapError> {
        settings.check()?;
        // One at a time; meanwhile the kept ones may be activated and rolled back.
        let _turn = self.inner.staging.lock().await;
        let kept: Vec<_> = self.inner.revisions.lock().await.kept.iter().cloned().collect();
        let active = self.inner.active.load_full();
        let inner = self.inner.clone();
        let mut made =
            tokio::task::spawn_blocking(move || build(&inner, settings, &kept, active.as_deref(), &components))
                .await
                .map_err(|error| SwapError::Interrupted(error.to_string()))??;
        let mut revisions = self.inner.revisions.lock().await;
        revisions.newest += 1;
        let number = revisions.newest;
        made.number = number;
        let keep = made.settings.keep_revisions.max(1);
        revisions.kept.push_back(Arc::new(made));
        let serving = self.inner.active.load_full().map(|snapshot| snapshot.number);
        while revisions.kept.len() > keep + 1 {
            // Neither the active revision nor the new one ever goes.
            let Some(oldest) = revisions
                .kept
                .iter()
                .position(|s| Some(s.number) != serving && s.number != number)
            else {
                break;
            };
            revisions.kept.remove(oldest);
        }
        Ok(number)
    }

    /// Lets new turns begin on a staged revision: one pointer is exchanged. Turns in flight end on theirs.
    ///
    /// # Errors
    /// There is no such revision.
    pub async fn activate(&self, revision: u64) -> Result<(), SwapError> {
        let mut revisions = self.inner.revisions.lock().await;
        let found = revisions
            .kept
            .iter()
            .find(|snapshot| snapshot.number == revision)
            .cloned();
        let Some(snapshot) = found else {
            return Err(SwapError::NoRevision {
                revision,
                kept: revisions.kept.iter().map(|s| s.number).collect(),
            });
        };
        self.inner.active.store(Some(snapshot));
        revisions.history.push(revision);
        let excess = revisions.history.len().saturating_sub(1_000);
        revisions.history.drain(..excess);
        Ok(())
    }

    /// Goes back to the revision that was active before, at once, and gives its number.
    ///
    /// # Errors
    /// No earlier revision is kept.
    pub async fn rollback(&self) -> Result<u64, SwapError> {
        let mut revisions = self.inner.revisions.lock().await;
        let current = revisions.history.last().copied();
        loop {
            revisions.history.pop();
            let Some(before) = revisions.history.last().copied() else {
                revisions.history.extend(current);
                return Err(SwapError::NothingBefore);
            };
            let found = revisions
                .kept
                .iter()
                .find(|snapshot| snapshot.number == before)
                .cloned();
            if let (Some(snapshot), true) = (found, Some(before) != current) {
                self.inner.active.store(Some(snapshot));
                return Ok(before);
            }
        }
    }

    /// Stages and activates.
    ///
    /// # Errors
    /// As [`Engine::stage`].
    pub async fn apply(&self, settings: Settings) -> Result<u64, SwapError> {
        let number = self.stage(settings).await?;
        self.activate(number).await?;
        Ok(number)
    }

    /// The revisions that are kept, oldest first.
    pub async fn revisions(&self) -> Vec<Revision> {
        let revisions = self.inner.revisions.lock().await;
        let active = self.revision();
        revisions
            .kept
            .iter()
            .map(|snapshot| snapshot.describe(active))
            .collect()
    }

    /// The number of the active revision.
    pub fn revision(&self) -> u64 {
        self.inner.active.load().as_ref().map_or(0, |snapshot| snapshot.number)
    }

    /// The settings of the active revision, to be changed and staged anew.
    pub fn settings(&self) -> Settings {
        self.inner
            .active
            .load()
            .as_ref()
            .map(|snapshot| Settings::clone(&snapshot.settings))
            .unwrap_or_default()
    }

    /// What a component says of itself with these settings, and how its instances would come to them. Its own cases are
    /// not run, and nothing is staged. Blocks while it compiles.
    ///
    /// # Errors
    /// It cannot be compiled, linked or configured.
    pub fn describe(
        &self,
        component: impl Into<Arc<[u8]>>,
        settings: &serde_json::Value,
    ) -> Result<(About, Image), StageError> {
        let compiled = self.compiled(component.into())?;
        let setup = Setup {
            kind: compiled.kind,
            settings: settings.clone(),
            artifacts: Arc::default(),
            limits: Limits::default(),
            reuse: false,
            breaker: BreakerSettings::default(),
        };
        let policy = stage::stage(&self.inner.sandbox, &self.inner.linker, &compiled, setup)?;
        Ok((policy.about.clone(), policy.image.clone()))
    }

    /// A component in the state to which these settings bring it, as a component of its own: what fresh instances start
    /// from, for a look at it or for another host. Blocks while it compiles.
    ///
    /// # Errors
    /// It cannot be compiled, linked or configured; within, the reason why it cannot be snapshotted.
    pub fn snapshot(
        &self,
        component: impl Into<Arc<[u8]>>,
        settings: &serde_json::Value,
    ) -> Result<Result<Vec<u8>, String>, StageError> {
        let compiled = self.compiled(component.into())?;
        stage::snapshot(&self.inner.sandbox, &compiled, &stage::settings_text(settings))
    }

    fn compiled(&self, component: Arc<[u8]>) -> Result<Compiled, StageError> {
        let kind = *inspect(&component)?.kinds.first().unwrap_or(&PolicyKind::Router);
        stage::compile(&self.inner.sandbox, &self.inner.linker, component, kind)
    }
}

fn build(
    inner: &Inner,
    settings: Settings,
    kept: &[Arc<Snapshot>],
    active: Option<&Snapshot>,
    given: &[Arc<[u8]>],
) -> Result<Snapshot, SwapError> {
    let mut slots = Vec::with_capacity(settings.slots.len());
    for slot in &settings.slots {
        let mut arms = Vec::new();
        let mut weights = Vec::new();
        for arm in slot.all_arms()? {
            let mut made = stage_arm(inner, &settings.base, slot, &arm, kept, given)?;
            made.last_good = last_good(active, slot, &made.policy);
            weights.push(experiment::Arm::new(arm.name, arm.weight));
            arms.push(made);
        }
        slots.push(Slot {
            name: Arc::from(slot.name.as_str()),
            settings: slot.clone(),
            arms,
            weights,
        });
    }
    Ok(Snapshot {
        // It gets its own when it is kept.
        number: 0,
        models: settings.models.as_slice().into(),
        settings: Arc::new(settings),
        slots,
    })
}

/// The policy that served this slot with another digest before.
fn last_good(active: Option<&Snapshot>, slot: &SlotSettings, new: &Policy) -> Option<Arc<Policy>> {
    let before = active?
        .slots
        .iter()
        .find(|known| *known.name == *slot.name && known.settings.kind == slot.kind)?;
    let arm = before.arms.first()?;
    if arm.policy.reference != new.reference {
        Some(arm.policy.clone())
    } else {
        arm.last_good.clone()
    }
}

fn stage_arm(
    inner: &Inner,
    base: &Path,
    slot: &SlotSettings,
    arm: &ArmSettings,
    kept: &[Arc<Snapshot>],
    given: &[Arc<[u8]>],
) -> Result<Arm, SwapError> {
    let source = |message: String| SwapError::Source {
        slot: slot.name.clone(),
        message,
    };
    let component = component(inner, base, &arm.policy, kept, given).map_err(source)?;
    let mut artifacts = BTreeMap::new();
    for (name, path) in &arm.artifacts {
        let artifact = Artifact::from_file(&base.join(path)).map_err(|e| source(format!("artifact `{name}`: {e}")))?;
        artifacts.insert(name.clone(), artifact);
    }
    let setup = Setup {
        kind: slot.kind,
        settings: arm.settings.clone(),
        artifacts: Arc::new(artifacts),
        limits: slot.limits.clone(),
        reuse: slot.reuse,
        breaker: slot.breaker.clone(),
    };
    if let Some(policy) = shared(kept, &component, &setup) {
        return Ok(Arm {
            policy,
            last_good: None,
            component,
        });
    }
    let stage = |error: StageError| SwapError::Stage {
        slot: slot.name.clone(),
        policy: arm.policy.clone(),
        error,
    };
    let compiled = stage::compile(&inner.sandbox, &inner.linker, component.clone(), slot.kind).map_err(stage)?;
    if let Some(lines) = &compiled.inspection.cases
        && !inner.has_vouched(&compiled.inspection.digest)
    {
        cases::vouch(inner, &compiled, lines).map_err(stage)?;
        inner.vouch_for(&compiled.inspection.digest);
    }
    let policy = stage::stage(&inner.sandbox, &inner.linker, &compiled, setup).map_err(stage)?;
    policy.warm_up();
    Ok(Arm {
        policy: Arc::new(policy),
        last_good: None,
        component,
    })
}

/// A policy of a kept revision that is the same in everything.
fn shared(kept: &[Arc<Snapshot>], component: &Arc<[u8]>, setup: &Setup) -> Option<Arc<Policy>> {
    let digest = crate::digest(component);
    let mut arms = kept
        .iter()
        .rev()
        .flat_map(|snapshot| &snapshot.slots)
        .flat_map(|slot| &slot.arms);
    arms.find(|arm| arm.policy.is_same(&digest, setup))
        .map(|arm| arm.policy.clone())
}

/// A component by name, by digest or from a file.
fn component(
    inner: &Inner,
    base: &Path,
    policy: &str,
    kept: &[Arc<Snapshot>],
    given: &[Arc<[u8]>],
) -> Result<Arc<[u8]>, String> {
    if policy.starts_with("sha256:") {
        if let Some(component) = given.iter().find(|component| crate::digest(component) == policy) {
            return Ok(component.clone());
        }
        let mut arms = kept
            .iter()
            .flat_map(|snapshot| &snapshot.slots)
            .flat_map(|slot| &slot.arms);
        let known = arms.find(|arm| arm.policy.reference.digest == policy);
        return known
            .map(|arm| arm.component.clone())
            .ok_or_else(|| format!("no kept revision has the policy {policy}: name its file instead"));
    }
    if let Some(component) = inner.library.get(policy) {
        return Ok(component.clone());
    }
    let path = base.join(policy);
    if !policy.ends_with(".wasm") && !path.exists() {
        let names: Vec<_> = inner.library.keys().map(String::as_str).collect();
        return Err(format!(
            "there is no policy `{policy}`: known are {}; or give the path of a .wasm file",
            names.join(", ")
        ));
    }
    std::fs::read(&path)
        .map(Into::into)
        .map_err(|error| format!("the policy {} cannot be read: {error}", path.display()))
}
