//! What a turn was given from the turns before it: out of its trace, not from a store.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use pointsman::{InProcess, Later, Memory, MemoryKey, MemoryStore, Previous};

use crate::trace::Trace;

/// Gives every turn what its trace says that it was given. A turn is known by the name of its conversation, which is made
/// up for it and for it alone.
#[derive(Clone, Default)]
pub(super) struct Inputs {
    turns: Arc<Mutex<HashMap<String, Given>>>,
    /// Where a candidate keeps what it asks to remember: its own conversations, not those of the policy that it stands for.
    own: Option<Arc<InProcess>>,
}

struct Given {
    previous: Option<Previous>,
    memories: HashMap<String, Memory>,
    /// The real conversation, for a candidate's own memory.
    conversation: Option<String>,
}

impl Inputs {
    /// Inputs of turns in which a candidate remembers for itself.
    pub(super) fn of_a_candidate() -> Self {
        Inputs {
            own: Some(Arc::default()),
            ..Inputs::default()
        }
    }

    /// Makes what a turn was given known under a name, until what is returned is dropped.
    pub(super) fn lend(&self, name: &str, trace: &Trace<'_>) -> Lent {
        let slots = trace.record.slots.iter();
        let memories = slots.filter_map(|slot| Some((slot.slot.clone(), slot.memory.clone()?)));
        let given = Given {
            previous: trace.record.previous.clone(),
            memories: memories.collect(),
            conversation: trace.record.conversation.clone(),
        };
        self.turns().insert(name.to_owned(), given);
        Lent {
            inputs: self.clone(),
            name: name.to_owned(),
        }
    }

    fn turns(&self) -> std::sync::MutexGuard<'_, HashMap<String, Given>> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn own_key(&self, key: &MemoryKey) -> Option<(Arc<InProcess>, MemoryKey)> {
        let conversation = self.turns().get(&key.conversation)?.conversation.clone()?;
        let mut own = key.clone();
        own.conversation = conversation;
        Some((self.own.clone()?, own))
    }
}

/// Takes a turn's inputs away again.
pub(super) struct Lent {
    inputs: Inputs,
    name: String,
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.inputs.turns().remove(&self.name);
    }
}

impl MemoryStore for Inputs {
    fn load<'a>(&'a self, key: &'a MemoryKey) -> Later<'a, Option<Memory>> {
        Box::pin(async move {
            if let Some((own, key)) = self.own_key(key) {
                return own.load(&key).await;
            }
            Ok(self
                .turns()
                .get(&key.conversation)
                .and_then(|given| given.memories.get(&key.slot).cloned()))
        })
    }

    fn save<'a>(&'a self, key: &'a MemoryKey, memory: Memory) -> Later<'a, ()> {
        Box::pin(async move {
            match self.own_key(key) {
                Some((own, key)) => own.save(&key, memory).await,
                None => Ok(()),
            }
        })
    }

    fn load_previous<'a>(&'a self, key: &'a MemoryKey) -> Later<'a, Option<Previous>> {
        Box::pin(async move {
            Ok(self
                .turns()
                .get(&key.conversation)
                .and_then(|given| given.previous.clone()))
        })
    }

    fn save_previous<'a>(&'a self, _: &'a MemoryKey, _: Previous) -> Later<'a, ()> {
        Box::pin(async move { Ok(()) })
    }
}
