//! The engine: built once, shared by all turns, moved from revision to revision.

mod builder;
mod recorder;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::{ArcSwap, ArcSwapOption};
use wasmtime::component::Linker;

pub use self::builder::{BuildError, EngineBuilder};
pub use self::recorder::{Recorded, Recorder};

use crate::artifact::Artifact;
use crate::memory::MemoryStore;
use crate::policy::host::Call;
use crate::sandbox::Sandbox;
use crate::sandbox::instance::Guest;
use crate::snapshot::Snapshot;
use crate::swap::Revisions;
use crate::testing::Fixed;
use crate::tokens::Counter;

/// Runs policies on turns. Cloning shares it.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use pointsman::{Engine, Model, Request, Settings};
/// let settings = Settings::new([Model::named("small"), Model::named("large")]);
/// let engine = Engine::builder(settings.clone()).build().await?;
///
/// // Without a slot that routes, the request's own model answers, or else the first.
/// let request = |model| Request::from_json(&format!(r#"{{"model":"{model}","messages":[{{"role":"user","content":"hi"}}]}}"#));
/// assert_eq!(engine.begin(request("large")?).await?.model(), "large");
/// assert_eq!(engine.begin(request("auto")?).await?.model(), "small");
///
/// // What cannot be staged says why, and changes nothing.
/// let refused = engine.apply(Settings::default()).await.unwrap_err();
/// assert_eq!((refused.to_string().as_str(), engine.revision()), ("`models` is empty: name at least one model", 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
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

impl Engine {
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
