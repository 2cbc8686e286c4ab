//! From a component's bytes to a policy that serves: checked, compiled, configured once, snapshotted.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use wasmtime::component::{Component, InstancePre, Linker};

use super::breaker::Breaker;
use super::call::{Live, Policy};
use super::component::{ComponentError, Inspection, inspect};
use super::contract::{self, Pre, v0_1};
use super::host::Call;
use crate::artifact::Artifact;
use crate::decision::PolicyRef;
use crate::sandbox::Sandbox;
use crate::sandbox::failure::Failure;
use crate::sandbox::image;
use crate::sandbox::instance::{self, Guest};
use crate::sandbox::limits::Limits;
use crate::settings::{BreakerSettings, PolicyKind};

/// Why a policy cannot be staged. What served before goes on serving.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StageError {
    /// The bytes are not a policy that this host can run.
    #[error(transparent)]
    Component(#[from] ComponentError),
    /// It cannot be compiled.
    #[error("the component cannot be compiled: {0}")]
    Compile(String),
    /// It refuses its settings.
    #[error("the policy refuses its settings: {}", settings_words(.0))]
    Settings(Vec<SettingError>),
    /// It fails while it is being set up.
    #[error("the policy failed in {step}: {failure}{}", frames_words(failure))]
    Failed {
        /// In what.
        step: &'static str,
        /// How.
        failure: Failure,
    },
    /// It does not keep its own word.
    #[error("the policy fails its own test vectors: {0}")]
    Cases(String),
}

/// What is wrong with one setting of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingError {
    /// Where, such as `rules[2].pattern`; empty for the whole.
    pub path: String,
    /// What was expected and what was found.
    pub message: String,
}

fn settings_words(errors: &[SettingError]) -> String {
    let word = |error: &SettingError| match error.path.as_str() {
        "" => error.message.clone(),
        path => format!("{path}: {}", error.message),
    };
    errors.iter().map(word).collect::<Vec<_>>().join("; ")
}

fn frames_words(failure: &Failure) -> String {
    failure.frames.iter().map(|frame| format!("\n  in {frame}")).collect()
}

/// How fresh instances of a policy come to their settings.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Image {
    /// They start from a snapshot of the configured component.
    Snapshot,
    /// Each is configured anew, since the component cannot be snapshotted, for this reason.
    ConfiguredEachTime(String),
}

/// Time for describing and configuring: patterns are compiled here, and foreign toolchains warm up.
const STAGING: Limits = Limits {
    deadline_ms: 5_000,
    memory_mib: 256,
    output_kib: 16 << 10,
};

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

fn settings_text(settings: &serde_json::Value) -> String {
    if settings.is_null() {
        "{}".to_owned()
    } else {
        settings.to_string()
    }
}

/// A component that was compiled with what it takes to configure and to snapshot it.
pub(crate) struct Compiled {
    pub(crate) inspection: Inspection,
    pub(crate) kind: PolicyKind,
    bytes: Arc<[u8]>,
    pre: InstancePre<Guest<Call>>,
    component: Component,
    /// Why it cannot be snapshotted, where it cannot.
    obstacle: Option<String>,
}

/// Checks and compiles a component. Blocks: not for a thread that serves traffic.
pub(crate) fn compile(
    sandbox: &Sandbox,
    linker: &Linker<Guest<Call>>,
    bytes: Arc<[u8]>,
    kind: PolicyKind,
) -> Result<Compiled, StageError> {
    sandbox
        .compiler()
        .check_size(bytes.len())
        .map_err(StageError::Compile)?;
    let inspection = inspect(&bytes)?;
    if !inspection.kinds.contains(&kind) {
        let found = inspection.kinds.iter().map(ToString::to_string).collect();
        return Err(ComponentError::WrongKind { expected: kind, found }.into());
    }
    // With accessors to its state where it can have them, so that one compilation serves configuring and snapshotting.
    let (component, obstacle) = match image::instrument(&bytes) {
        Ok(instrumented) => (
            sandbox.compiler().compile(sandbox.engine(), &instrumented.component),
            None,
        ),
        Err(obstacle) => (sandbox.compiler().compile(sandbox.engine(), &bytes), Some(obstacle)),
    };
    let component = component.map_err(StageError::Compile)?;
    let pre = link(linker, &component)?;
    Ok(Compiled {
        inspection,
        kind,
        bytes,
        pre,
        component,
        obstacle,
    })
}

fn link(linker: &Linker<Guest<Call>>, component: &Component) -> Result<InstancePre<Guest<Call>>, StageError> {
    linker
        .instantiate_pre(component)
        .map_err(|error| ComponentError::Unsupported(contract::explain(component, &error)).into())
}

fn typed(kind: PolicyKind, pre: InstancePre<Guest<Call>>) -> Result<Pre, StageError> {
    let made = match kind {
        PolicyKind::Router => v0_1::router::RouterPolicyPre::new(pre).map(Pre::Router),
        PolicyKind::Compressor => v0_1::compressor::CompressorPolicyPre::new(pre).map(Pre::Compressor),
        PolicyKind::Checker => v0_1::checker::CheckerPolicyPre::new(pre).map(Pre::Checker),
    };
    made.map_err(|error| {
        ComponentError::Unsupported(format!(
            "the component does not fit `{}`: {error:#}",
            contract::CONTRACT
        ))
        .into()
    })
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
    let (mut live, instance) = configure(sandbox, compiled, &settings)?;
    let snapshot = match (&compiled.obstacle, wasi) {
        (Some(obstacle), _) => Err(obstacle.clone()),
        // What the guest keeps of its system (streams it opened) would not survive.
        (None, true) => Err("it imports `wasi:*`, whose handles do not survive a snapshot".to_owned()),
        (None, false) => image::instrument(&compiled.bytes)
            .and_then(|instrumented| image::snapshot(&instrumented, &mut live.store, instance, &compiled.component)),
    };
    drop(live);
    let (bytes, image) = match &snapshot {
        Ok(bytes) => (bytes.as_slice(), Image::Snapshot),
        Err(reason) => (&*compiled.bytes, Image::ConfiguredEachTime(reason.clone())),
    };
    let component = sandbox
        .compiler()
        .compile(sandbox.engine(), bytes)
        .map_err(StageError::Compile)?;
    let pre = typed(compiled.kind, link(linker, &component)?)?;
    let mut policy = Policy {
        reference: PolicyRef {
            digest: compiled.inspection.digest.clone(),
            settings: crate::digest(settings.as_bytes()),
            artifacts: setup
                .artifacts
                .iter()
                .map(|(name, a)| (name.clone(), a.digest().to_owned()))
                .collect(),
            ..PolicyRef::default()
        },
        kind: compiled.kind,
        about: About::default(),
        configure: matches!(image, Image::ConfiguredEachTime(_)).then_some(settings),
        image,
        pre,
        wasi,
        limits: setup.limits,
        reuse: setup.reuse,
        artifacts: setup.artifacts,
        breaker: Breaker::new(setup.breaker.clone()),
        review_breaker: Breaker::new(setup.breaker),
        warm: Mutex::default(),
        sandbox: sandbox.clone(),
    };
    policy.about = policy.describe(&STAGING).map_err(|failure| StageError::Failed {
        step: "describe",
        failure,
    })?;
    policy.reference.name.clone_from(&policy.about.name);
    policy.reference.version.clone_from(&policy.about.version);
    Ok(policy)
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

/// An instance that was configured, on a store with generous limits.
fn configure(
    sandbox: &Sandbox,
    compiled: &Compiled,
    settings: &str,
) -> Result<(Live, wasmtime::component::Instance), StageError> {
    let failed = |failure| StageError::Failed {
        step: "configure",
        failure,
    };
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
        .map_err(|e| failed(instance::failure(&mut store, &e)))?;
    let bindings = pre
        .of_instance(&mut store, &plain)
        .map_err(|e| failed(instance::failure(&mut store, &e)))?;
    let mut live = Live { store, bindings };
    match live.configure(settings) {
        Ok(Ok(())) => Ok((live, plain)),
        Ok(Err(errors)) => Err(StageError::Settings(errors)),
        Err(error) => Err(failed(instance::failure(&mut live.store, &error))),
    }
}

impl Live {
    /// Starts the deadline of staging for one more call.
    pub(crate) fn arm_for_staging(&mut self) {
        instance::arm(&mut self.store, &STAGING);
    }
}

/// A scratch instance with settings of its own, for test vectors. Blocks.
pub(crate) fn scratch(
    sandbox: &Sandbox,
    compiled: &Compiled,
    settings: &serde_json::Value,
) -> Result<Live, StageError> {
    configure(sandbox, compiled, &settings_text(settings)).map(|(live, _)| live)
}
