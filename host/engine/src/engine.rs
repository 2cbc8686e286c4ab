//! The engine: built once, shared by all turns, moved from revision to revision.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::{ArcSwap, ArcSwapOption};
use wasmtime::component::Linker;

use crate::artifact::Artifact;
use crate::conversation::Request;
use crate::decision::{Delta, Record};
use crate::memory::{InProcess, MemoryStore};
use crate::policy::contract;
use crate::policy::host::Call;
use crate::sandbox::Sandbox;
use crate::sandbox::compile::Command;
use crate::sandbox::instance::Guest;
use crate::settings::Settings;
use crate::snapshot::Snapshot;
use crate::swap::{Revisions, SwapError};
use crate::testing::Fixed;
use crate::tokens::Counter;

/// Takes the record of every turn, finished or not. Called on the path of the turn: hand it on, do not wait.
pub trait Recorder: Send + Sync + 'static {
    /// One turn has ended.
    fn record(&self, record: &Record);

    /// One turn has ended: its record, with what its decisions rested on.
    fn record_turn(&self, turn: Recorded<'_>) {
        self.record(turn.record);
    }

    /// Whether [`Recorded::reply`] is wanted. It is kept in memory until the turn ends.
    fn keeps_replies(&self) -> bool {
        false
    }
}

/// A turn that has ended: enough to decide it again.
#[derive(Clone, Copy, Debug)]
pub struct Recorded<'a> {
    /// What was decided.
    pub record: &'a Record,
    /// The request as it came.
    pub request: &'a Request,
    /// The last reply as checkers were fed it; empty where none looked at it, or nobody asked for it.
    pub reply: &'a [Delta],
}

impl<F: Fn(&Record) + Send + Sync + 'static> Recorder for F {
    fn record(&self, record: &Record) {
        self(record);
    }
}

/// Runs policies on turns. Cloning shares it.
#[derive(Clone)]
pub struct Engine {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) sandbox: Arc<Sandbox>,
    pub(crate) linker: Linker<Guest<Call>>,
    pub(crate) active: ArcSwapOption<Snapshot>,
    pub(crate) revisions: tokio::sync::Mutex<Revisions>,
    /// Held while a revision is staged.
    pub(crate) staging: tokio::sync::Mutex<()>,
    pub(crate) library: BTreeMap<String, Arc<[u8]>>,
    /// By the name of a policy of the library, then by their own.
    pub(crate) artifacts: BTreeMap<String, BTreeMap<String, Artifact>>,
    pub(crate) counter: Arc<Counter>,
    pub(crate) memory: Arc<dyn MemoryStore>,
    pub(crate) recorders: ArcSwap<Vec<Arc<dyn Recorder>>>,
    pub(crate) fixed: Option<Fixed>,
    vouched: Mutex<BTreeSet<Vec<String>>>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("revision", &self.revision())
            .finish_non_exhaustive()
    }
}

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

    /// What the machine did not allow, in words: a smaller pool than was asked for, for one.
    pub fn warnings(&self) -> &[String] {
        self.inner.sandbox.warnings()
    }

    /// Names of the policies that settings may name without a file.
    pub fn policies(&self) -> impl Iterator<Item = &str> {
        self.inner.library.keys().map(String::as_str)
    }

    /// Hands the record of every turn that ends from now on to this one too.
    pub fn record_to(&self, recorder: impl Recorder) {
        let new: Arc<dyn Recorder> = Arc::new(recorder);
        self.inner
            .recorders
            .rcu(|known| known.iter().chain([&new]).cloned().collect::<Vec<_>>());
    }

    /// Whether replies are kept until their turns end.
    pub(crate) fn keeps_replies(&self) -> bool {
        let recorders = self.inner.recorders.load();
        recorders.iter().any(|recorder| recorder.keeps_replies())
    }

    /// The token counter that all turns share.
    pub fn counter(&self) -> &Counter {
        &self.inner.counter
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

impl Inner {
    /// Whether a component has already passed its own test vectors in this process.
    pub(crate) fn has_vouched(&self, with: &[String]) -> bool {
        self.vouched
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(with)
    }

    pub(crate) fn vouch_for(&self, with: Vec<String>) {
        self.vouched.lock().unwrap_or_else(PoisonError::into_inner).insert(with);
    }
}
