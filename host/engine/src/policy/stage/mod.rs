//! From a component's bytes to a policy that serves: checked and compiled, configured once, snapshotted.

mod compiled;
mod configured;
mod error;

use std::collections::BTreeMap;
use std::sync::Arc;

use wasmtime::component::Linker;

pub(crate) use self::compiled::{Compiled, compile};
pub(crate) use self::configured::{scratch, snapshot};
pub use self::error::{SettingError, StageError};

use self::compiled::{link, typed};
use super::breaker::Breaker;
use super::call::Policy;
use super::checker::home::Homes;
use super::contract;
use super::host::Call;
use super::warm::Warm;
use crate::artifact::Artifact;
use crate::decision::PolicyRef;
use crate::sandbox::Sandbox;
use crate::sandbox::instance::Guest;
use crate::sandbox::limits::Limits;
use crate::settings::{BreakerSettings, PolicyKind};

/// How fresh instances of a policy come to their settings.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Image {
    /// They start from a snapshot of the configured component.
    Snapshot,
    /// Each is configured anew, since the component cannot be snapshotted, for this reason.
    ConfiguredEachTime(String),
}

/// What staging needs beside the component.
#[derive(Clone)]
pub(crate) struct Setup {
    pub(crate) kind: PolicyKind,
    pub(crate) settings: serde_json::Value,
    pub(crate) artifacts: Arc<BTreeMap<String, Artifact>>,
    pub(crate) limits: Limits,
    pub(crate) reuse: bool,
    pub(crate) breaker: BreakerSettings,
}

impl Setup {
    /// The settings as the policy gets them.
    pub(crate) fn settings_text(&self) -> String {
        settings_text(&self.settings)
    }
}

pub(crate) fn settings_text(settings: &serde_json::Value) -> String {
    if settings.is_null() {
        "{}".to_owned()
    } else {
        settings.to_string()
    }
}

/// What records call a policy's settings: `sha256:` of them as canonical JSON. No settings and `{}` are the same.
pub fn settings_digest(settings: &serde_json::Value) -> String {
    crate::digest(settings_text(settings).as_bytes())
}

/// What a policy says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct About {
    /// Such as `router-rules`.
    pub name: String,
    /// The policy's own version.
    pub version: String,
    /// One sentence.
    pub summary: String,
    /// JSON Schema of its settings; empty where it takes none.
    pub settings_schema: String,
    /// A checker that looks at requests.
    pub guards: bool,
    /// A checker that looks at replies.
    pub reviews: bool,
}

/// Configures a compiled component and makes the policy that serves. Blocks.
pub(crate) fn stage(
    sandbox: &Arc<Sandbox>,
    linker: &Linker<Guest<Call>>,
    compiled: &Compiled,
    setup: Setup,
) -> Result<Policy, StageError> {
    let wasi = compiled.inspection.needs_wasi();
    let settings = setup.settings_text();
    let about = configured::describe(sandbox, compiled)?;
    let snapshot = snapshot(sandbox, compiled, &settings)?;
    let (bytes, image) = match &snapshot {
        Ok(bytes) => (bytes.as_slice(), Image::Snapshot),
        Err(reason) => (&*compiled.bytes, Image::ConfiguredEachTime(reason.clone())),
    };
    let component = sandbox
        .compiler()
        .compile(sandbox.engine(), bytes)
        .map_err(StageError::Compile)?;
    let pre = typed(compiled.kind, link(linker, &component)?)?;
    Ok(Policy {
        reference: Arc::new(PolicyRef {
            name: about.name.clone(),
            version: about.version.clone(),
            digest: compiled.inspection.digest.clone(),
            settings: crate::digest(settings.as_bytes()),
            artifacts: setup
                .artifacts
                .iter()
                .map(|(name, a)| (name.clone(), a.digest().to_owned()))
                .collect(),
        }),
        kind: compiled.kind,
        about,
        constants: crate::artifact::digest_bytes(&compiled.bytes),
        configure: matches!(image, Image::ConfiguredEachTime(_)).then_some(settings),
        image,
        looks_back: contract::looks_back(&component),
        pre,
        wasi,
        limits: setup.limits,
        reuse: setup.reuse,
        artifacts: setup.artifacts,
        breaker: Breaker::new(setup.breaker.clone()),
        review_breaker: Breaker::new(setup.breaker),
        warm: Warm::default(),
        homes: Homes::default(),
        sandbox: sandbox.clone(),
    })
}
