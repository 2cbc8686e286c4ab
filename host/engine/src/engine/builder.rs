//! An engine made: its sandbox, its policies, its stores, and its first revision.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use arc_swap::{ArcSwap, ArcSwapOption};

use super::{Engine, Inner, Recorder};
use crate::artifact::Artifact;
use crate::memory::{InProcess, MemoryStore};
use crate::policy::contract;
use crate::sandbox::Sandbox;
use crate::sandbox::compile::Command;
use crate::settings::Settings;
use crate::swap::SwapError;
use crate::testing::Fixed;

/// Why an engine cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The machine cannot run policies.
    #[error("{0}")]
    Sandbox(String),
    /// The first revision cannot be staged.
    #[error(transparent)]
    Swap(#[from] SwapError),
}

/// Builds an [`Engine`].
pub struct EngineBuilder {
    settings: Settings,
    library: BTreeMap<String, Arc<[u8]>>,
    artifacts: BTreeMap<String, BTreeMap<String, Artifact>>,
    memory: Arc<dyn MemoryStore>,
    recorders: Vec<Arc<dyn Recorder>>,
    compiler: Option<Command>,
    pub(crate) fixed: Option<Fixed>,
}

impl Engine {
    /// Begins to build an engine from settings.
    pub fn builder(settings: Settings) -> EngineBuilder {
        EngineBuilder {
            settings,
            library: BTreeMap::new(),
            artifacts: BTreeMap::new(),
            memory: Arc::new(InProcess::default()),
            recorders: Vec::new(),
            compiler: None,
            fixed: None,
        }
    }
}

impl EngineBuilder {
    /// Adds a policy that settings may name, such as one of the standard policies.
    #[must_use]
    pub fn policy(mut self, name: impl Into<String>, component: impl Into<Arc<[u8]>>) -> Self {
        self.library.insert(name.into(), component.into());
        self
    }

    /// Adds an artifact of such a policy, for slots that name the policy and give no artifact of this name.
    #[must_use]
    pub fn artifact(mut self, policy: impl Into<String>, name: impl Into<String>, artifact: Artifact) -> Self {
        let of_policy = self.artifacts.entry(policy.into()).or_default();
        of_policy.insert(name.into(), artifact);
        self
    }

    /// Keeps memory somewhere else than in the process.
    #[must_use]
    pub fn memory(mut self, store: impl MemoryStore) -> Self {
        self.memory = Arc::new(store);
        self
    }

    /// Takes the record of every turn. There may be several.
    #[must_use]
    pub fn recorder(mut self, recorder: impl Recorder) -> Self {
        self.recorders.push(Arc::new(recorder));
        self
    }

    /// Compiles components in a process of its own, that can be limited and killed. Without this they are compiled in
    /// this process, under `sandbox.component_mib`: good for components that you trust.
    #[must_use]
    pub fn compiler(mut self, command: Command) -> Self {
        self.compiler = Some(command);
        self
    }

    /// Sets the sandbox up, and stages and activates the first revision.
    ///
    /// # Errors
    /// See [`BuildError`].
    pub async fn build(self) -> Result<Engine, BuildError> {
        self.settings.check().map_err(SwapError::from)?;
        let sandbox = Sandbox::new(&self.settings.sandbox, self.compiler).map_err(BuildError::Sandbox)?;
        let linker = contract::linker(sandbox.engine()).map_err(|error| BuildError::Sandbox(format!("{error:#}")))?;
        for warning in sandbox.warnings() {
            tracing::warn!("{warning}");
        }
        let engine = Engine {
            inner: Arc::new(Inner {
                sandbox: Arc::new(sandbox),
                linker,
                active: ArcSwapOption::empty(),
                revisions: tokio::sync::Mutex::default(),
                staging: tokio::sync::Mutex::default(),
                library: self.library,
                artifacts: self.artifacts,
                counter: Arc::default(),
                memory: self.memory,
                recorders: ArcSwap::from_pointee(self.recorders),
                fixed: self.fixed,
                vouched: Mutex::default(),
            }),
        };
        engine.apply(self.settings).await?;
        Ok(engine)
    }
}
