//! A revision made of settings: its components found, and every arm staged.

use std::path::Path;
use std::sync::Arc;

use pointsman_experiment as experiment;

use super::SwapError;
use crate::artifact::Artifact;
use crate::cases;
use crate::engine::Inner;
use crate::policy::call::Policy;
use crate::policy::stage::{self, Setup, StageError};
use crate::settings::{ArmSettings, Settings, SlotSettings};
use crate::snapshot::{Arm, Slot, Snapshot};

/// Finds, compiles and stages what settings name. What kept revisions run already is shared. Blocks.
pub(super) fn build(
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

/// The policy that served this slot before: another component, or the same with other settings or artifacts.
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
    let mut artifacts = inner.artifacts.get(&arm.policy).cloned().unwrap_or_default();
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
        && let vouched = vouched(&compiled.inspection.digest, &setup)
        && !inner.has_vouched(&vouched)
    {
        cases::vouch(inner, &compiled, &setup.artifacts, lines).map_err(stage)?;
        inner.vouch_for(vouched);
    }
    let policy = stage::stage(&inner.sandbox, &inner.linker, &compiled, setup).map_err(stage)?;
    policy.warm_up().map_err(|failure| {
        let step = "making an instance within the slot's limits";
        stage(StageError::Failed { step, failure })
    })?;
    Ok(Arm {
        policy: Arc::new(policy),
        last_good: None,
        component,
    })
}

/// What a component's own cases were run with: it and its artifacts.
fn vouched(digest: &str, setup: &Setup) -> Vec<String> {
    let artifacts = { setup.artifacts.iter() }.map(|(name, artifact)| format!("{name}={}", artifact.digest()));
    std::iter::once(digest.to_owned()).chain(artifacts).collect()
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
