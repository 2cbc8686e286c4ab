//! Snapshots driven by wasmtime with the best pool settings, and nothing around them: no deadline, no limits, no record.
//! The turn's values lie ready in the contract's own types.

#[path = "../../../../../host/engine/benches/figures/bare/imports.rs"]
mod imports;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use wasmtime::component::{Component, HasSelf, Linker, Resource};
use wasmtime::{
    Cache, CacheConfig, Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store,
};

#[allow(clippy::all, unreachable_pub, missing_docs, reason = "generated")]
mod wit {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "router-policy",
        with: { "pointsman:policy/conversation.turn": super::TurnHandle,
                "pointsman:policy/artifacts.artifact": super::ArtifactHandle },
    });
}

#[allow(clippy::all, unreachable_pub, missing_docs, reason = "generated")]
mod compressor {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "compressor-policy",
        with: {
            "pointsman:policy/conversation": super::wit::pointsman::policy::conversation,
            "pointsman:policy/memory": super::wit::pointsman::policy::memory,
            "pointsman:policy/host": super::wit::pointsman::policy::host,
            "pointsman:policy/artifacts": super::wit::pointsman::policy::artifacts,
            "pointsman:policy/answers": super::wit::pointsman::policy::answers,
        },
    });
}

#[allow(clippy::all, unreachable_pub, missing_docs, reason = "generated")]
mod checker {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "checker-policy",
        with: {
            "pointsman:policy/conversation": super::wit::pointsman::policy::conversation,
            "pointsman:policy/memory": super::wit::pointsman::policy::memory,
            "pointsman:policy/host": super::wit::pointsman::policy::host,
            "pointsman:policy/artifacts": super::wit::pointsman::policy::artifacts,
            "pointsman:policy/answers": super::wit::pointsman::policy::answers,
            "pointsman:policy/edits": super::compressor::pointsman::policy::edits,
        },
    });
}

pub(crate) use checker::exports::pointsman::policy::checker::{Content, Delta};
pub(crate) use wit::pointsman::policy::conversation;

/// The turn of a call: there is one.
#[allow(unreachable_pub, reason = "the generated contract re-exports it")]
pub struct TurnHandle;
/// No policy here has artifacts.
#[allow(unreachable_pub, reason = "the generated contract re-exports it")]
pub struct ArtifactHandle;

/// A turn in the contract's types.
#[derive(Clone)]
pub(crate) struct Given {
    pub(crate) messages: Arc<Vec<conversation::Message>>,
    pub(crate) texts: Arc<Vec<String>>,
    pub(crate) candidates: Arc<Vec<conversation::Candidate>>,
}

impl Given {
    fn range(&self, start: u32, end: u32) -> std::ops::Range<usize> {
        let end = (end as usize).min(self.messages.len());
        (start as usize).min(end)..end
    }
}

impl compressor::pointsman::policy::edits::Host for Given {}

/// What makes and calls instances of one kind.
pub(crate) trait Kind: Sized {
    type Pre: Send + Sync;
    fn link(linker: &mut Linker<Given>) -> wasmtime::Result<()>;
    fn pre(linker: &Linker<Given>, component: &Component) -> wasmtime::Result<Self::Pre>;
    fn new(pre: &Self::Pre, store: &mut Store<Given>) -> wasmtime::Result<Self>;
}

macro_rules! kind {
    ($name:ty, $pre:ty) => {
        impl Kind for $name {
            type Pre = $pre;
            fn link(linker: &mut Linker<Given>) -> wasmtime::Result<()> {
                Self::add_to_linker::<_, HasSelf<Given>>(linker, |given| given)
            }
            fn pre(linker: &Linker<Given>, component: &Component) -> wasmtime::Result<Self::Pre> {
                Self::Pre::new(linker.instantiate_pre(component)?)
            }
            fn new(pre: &Self::Pre, store: &mut Store<Given>) -> wasmtime::Result<Self> {
                pre.instantiate(store)
            }
        }
    };
}
pub(crate) type Router = wit::RouterPolicy;
pub(crate) type Compressor = compressor::CompressorPolicy;
pub(crate) type Checker = checker::CheckerPolicy;
kind!(Router, wit::RouterPolicyPre<Given>);
kind!(Compressor, compressor::CompressorPolicyPre<Given>);
kind!(Checker, checker::CheckerPolicyPre<Given>);

/// Instances between calls.
type Live<K> = Mutex<Vec<(Store<Given>, K)>>;

/// A snapshot ready for calls.
pub(crate) struct Bare<K: Kind> {
    engine: Engine,
    pre: K::Pre,
    /// Instances that stay, where they are to.
    live: Option<Live<K>>,
}

pub(crate) fn engine(cache: Option<PathBuf>) -> anyhow::Result<Engine> {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(64)
        .total_core_instances(256)
        .total_memories(64)
        .total_tables(256)
        .max_memory_size(64 << 20)
        .linear_memory_keep_resident(256 << 10)
        .table_keep_resident(16 << 10)
        .pagemap_scan(Enabled::Auto);
    let mut config = Config::new();
    config
        .concurrency_support(false)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    if let Some(directory) = cache {
        let mut settings = CacheConfig::new();
        settings.with_directory(directory);
        config.cache(Some(Cache::new(settings).map_err(words)?));
    }
    Engine::new(&config).map_err(words)
}

fn words(error: wasmtime::Error) -> anyhow::Error {
    anyhow::anyhow!("{error:#}")
}

impl<K: Kind> Bare<K> {
    pub(crate) fn new(engine: &Engine, snapshot: &[u8], live: bool) -> anyhow::Result<Self> {
        let mut linker = Linker::new(engine);
        K::link(&mut linker).map_err(words)?;
        let component = Component::new(engine, snapshot).map_err(words)?;
        Ok(Bare {
            pre: K::pre(&linker, &component).map_err(words)?,
            engine: engine.clone(),
            live: live.then(Mutex::default),
        })
    }

    /// Calls an instance: a fresh one, or one of those that stay.
    pub(crate) fn with<R>(
        &self,
        given: &Given,
        call: impl FnOnce(&mut Store<Given>, &K) -> wasmtime::Result<R>,
    ) -> anyhow::Result<R> {
        let kept = self.live.as_ref().and_then(|live| lock(live).pop());
        let (mut store, instance) = match kept {
            Some((mut store, instance)) => {
                *store.data_mut() = given.clone();
                (store, instance)
            }
            None => {
                let mut store = Store::new(&self.engine, given.clone());
                let instance = K::new(&self.pre, &mut store).map_err(words)?;
                (store, instance)
            }
        };
        let answer = call(&mut store, &instance).map_err(words)?;
        if let Some(live) = &self.live {
            lock(live).push((store, instance));
        }
        Ok(answer)
    }
}

/// The turn, for one call.
pub(crate) fn turn() -> Resource<TurnHandle> {
    Resource::new_own(0)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
