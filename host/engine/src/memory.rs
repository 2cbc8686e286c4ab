//! Where memory lives between turns: a small trait, and an implementation within the process.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex;

use crate::decision::{Memory, Previous};

/// Whose memory it is. Two people never share one: without a conversation there is no memory.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MemoryKey {
    /// The slot that asked to remember.
    pub slot: String,
    /// The tenant: the request's attribute `tenant`.
    pub tenant: Option<String>,
    /// The conversation.
    pub conversation: String,
    /// The person.
    pub user: Option<String>,
}

/// A result that is on its way, boxed so that the trait can be a `dyn`.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T, String>> + Send + 'a>>;

/// Keeps what policies remember of conversations. An error is logged and the turn goes on without memory.
///
/// ```
/// use pointsman::{InProcess, Later, MemoryKey, MemoryStore, Previous};
///
/// /// Remembers what was decided, and nothing of what was said.
/// struct DecisionsOnly(InProcess);
///
/// impl MemoryStore for DecisionsOnly {
///     fn load<'a>(&'a self, _: &'a MemoryKey) -> Later<'a, Option<pointsman::Memory>> {
///         Box::pin(async { Ok(None) })
///     }
///     fn save<'a>(&'a self, _: &'a MemoryKey, _: pointsman::Memory) -> Later<'a, ()> {
///         Box::pin(async { Ok(()) })
///     }
///     fn load_previous<'a>(&'a self, key: &'a MemoryKey) -> Later<'a, Option<Previous>> {
///         self.0.load_previous(key)
///     }
///     fn save_previous<'a>(&'a self, key: &'a MemoryKey, previous: Previous) -> Later<'a, ()> {
///         self.0.save_previous(key, previous)
///     }
/// }
/// ```
pub trait MemoryStore: Send + Sync + 'static {
    /// What was kept under a key.
    fn load<'a>(&'a self, key: &'a MemoryKey) -> Later<'a, Option<Memory>>;
    /// Keeps it, in the place of what was there.
    fn save<'a>(&'a self, key: &'a MemoryKey, memory: Memory) -> Later<'a, ()>;
    /// What was decided on the last turn of a conversation. The key's slot is empty.
    fn load_previous<'a>(&'a self, key: &'a MemoryKey) -> Later<'a, Option<Previous>>;
    /// Keeps that.
    fn save_previous<'a>(&'a self, key: &'a MemoryKey, previous: Previous) -> Later<'a, ()>;
}

/// Memory within the process: gone when it ends, and bounded by [`InProcess::CONVERSATIONS`].
#[derive(Default)]
pub struct InProcess {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    memories: HashMap<MemoryKey, Memory>,
    previous: HashMap<MemoryKey, Previous>,
}

impl InProcess {
    /// Beyond so many entries, something old makes room.
    pub const CONVERSATIONS: usize = 100_000;

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        // A panic while the lock was held leaves a map that is whole all the same.
        self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn insert<V>(map: &mut HashMap<MemoryKey, V>, key: &MemoryKey, value: V) {
    let full = map.len() >= InProcess::CONVERSATIONS && !map.contains_key(key);
    if let (true, Some(any)) = (full, map.keys().next().cloned()) {
        map.remove(&any);
    }
    map.insert(key.clone(), value);
}

impl MemoryStore for InProcess {
    fn load<'a>(&'a self, key: &'a MemoryKey) -> Later<'a, Option<Memory>> {
        Box::pin(async move { Ok(self.kept().memories.get(key).cloned()) })
    }

    fn save<'a>(&'a self, key: &'a MemoryKey, memory: Memory) -> Later<'a, ()> {
        Box::pin(async move {
            insert(&mut self.kept().memories, key, memory);
            Ok(())
        })
    }

    fn load_previous<'a>(&'a self, key: &'a MemoryKey) -> Later<'a, Option<Previous>> {
        Box::pin(async move { Ok(self.kept().previous.get(key).cloned()) })
    }

    fn save_previous<'a>(&'a self, key: &'a MemoryKey, previous: Previous) -> Later<'a, ()> {
        Box::pin(async move {
            insert(&mut self.kept().previous, key, previous);
            Ok(())
        })
    }
}
