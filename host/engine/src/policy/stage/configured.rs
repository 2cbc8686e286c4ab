//! A compiled component that was given its settings, and the image of its memory after that.

use wasmtime::component::Instance;

use super::compiled::{Compiled, typed};
use super::{About, StageError};
use crate::policy::host::Call;
use crate::policy::live::Live;
use crate::sandbox::Sandbox;
use crate::sandbox::failure::Failure;
use crate::sandbox::image;
use crate::sandbox::instance;
use crate::sandbox::limits::Limits;

/// Time for describing and configuring: patterns are compiled here, and foreign toolchains warm up.
pub(super) const STAGING: Limits = Limits {
    deadline_ms: 5_000,
    memory_mib: 256,
    output_kib: 16 << 10,
};

/// The configured component as a component of its own; within, the reason where it cannot be snapshotted. Blocks.
pub(crate) fn snapshot(
    sandbox: &Sandbox,
    compiled: &Compiled,
    settings: &str,
) -> Result<Result<Vec<u8>, String>, StageError> {
    let (mut live, instance) = configure(sandbox, compiled, settings)?;
    if let Some(obstacle) = &compiled.obstacle {
        return Ok(Err(obstacle.clone()));
    }
    if compiled.inspection.needs_wasi() {
        // What the guest keeps of its system (streams it opened) would not survive.
        return Ok(Err(
            "it imports `wasi:*`, whose handles do not survive a snapshot".to_owned()
        ));
    }
    Ok(image::instrument(&compiled.bytes)
        .and_then(|instrumented| image::snapshot(&instrumented, &mut live.store, instance, &compiled.component)))
}

/// What a component says of itself. Asked of an instance that only answers this: a page that was written once is reset after
/// every later call in its place, so that the snapshot's instances write none but those of turns. Blocks.
pub(super) fn describe(sandbox: &Sandbox, compiled: &Compiled) -> Result<About, StageError> {
    let (mut live, _) = instantiate(sandbox, compiled, "describe")?;
    live.describe()
        .map_err(|error| failed("describe", instance::failure(&mut live.store, &error)))
}

/// An instance that was configured, on a store with generous limits.
fn configure(sandbox: &Sandbox, compiled: &Compiled, settings: &str) -> Result<(Live, Instance), StageError> {
    let (mut live, plain) = instantiate(sandbox, compiled, "configure")?;
    match live.configure(settings) {
        Ok(Ok(())) => Ok((live, plain)),
        Ok(Err(errors)) => Err(StageError::Settings(errors)),
        Err(error) => Err(failed("configure", instance::failure(&mut live.store, &error))),
    }
}

fn instantiate(sandbox: &Sandbox, compiled: &Compiled, step: &'static str) -> Result<(Live, Instance), StageError> {
    let digest = crate::artifact::digest_bytes(&compiled.bytes);
    let mut store = instance::store(
        sandbox.engine(),
        Call::configuring(digest),
        &STAGING,
        compiled.inspection.needs_wasi(),
    );
    let pre = typed(compiled.kind, compiled.pre.clone())?;
    // Instantiated without its type, since the snapshot needs the plain instance.
    let plain = compiled
        .pre
        .instantiate(&mut store)
        .map_err(|e| failed(step, instance::failure(&mut store, &e)))?;
    let bindings = pre
        .of_instance(&mut store, &plain)
        .map_err(|e| failed(step, instance::failure(&mut store, &e)))?;
    Ok((Live { store, bindings }, plain))
}

fn failed(step: &'static str, failure: Failure) -> StageError {
    StageError::Failed { step, failure }
}

/// A scratch instance with settings of its own, for test vectors. Blocks.
pub(crate) fn scratch(
    sandbox: &Sandbox,
    compiled: &Compiled,
    settings: &serde_json::Value,
) -> Result<Live, StageError> {
    configure(sandbox, compiled, &super::settings_text(settings)).map(|(live, _)| live)
}

impl Live {
    /// Starts the deadline of staging for one more call.
    pub(crate) fn arm_for_staging(&mut self) {
        instance::arm(&mut self.store, &STAGING);
    }
}
