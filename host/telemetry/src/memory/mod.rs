//! What policies remember of conversations, and how a conversation is known again: in memory, and in SQLite where it is to
//! outlive the process.

mod heads;
mod kept;
mod person;
mod table;

use std::sync::Arc;

use pointsman::{Later, Memory, MemoryKey, MemoryStore, Previous};

use crate::store::{Store, StoreError};
use kept::{Conversations, Key};

pub use heads::Head;
pub use person::{Person, Remembered};

/// How long a conversation is remembered after its last turn, where nothing else is said.
pub const KEEP_DAYS: u32 = 30;

/// The engine's memory, kept in a [`Store`] or within the process. Cloning shares it.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use pointsman::{Engine, Model, Settings};
/// use pointsman_telemetry::{ConversationMemory, KEEP_DAYS, Store};
/// # let folder = tempfile::tempdir()?;
/// # let file = folder.path().join("memory.db");
/// let memory = ConversationMemory::open(Store::open(&file)?, KEEP_DAYS).await?;
/// let engine = Engine::builder(Settings::new([Model::named("small")])).memory(memory).build().await?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
#[derive(Clone)]
pub struct ConversationMemory {
    conversations: Arc<Conversations>,
    heads: Arc<heads::Heads>,
}

impl ConversationMemory {
    /// Keeps memory in this store, each conversation for so many days after its last turn.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn open(store: Store, keep_days: u32) -> Result<Self, StoreError> {
        store
            .run(|connection| connection.execute_batch(include_str!("schema.sql")))
            .await?;
        let memory = ConversationMemory::with(Some(store), keep_days);
        memory.conversations.expire().await?;
        Ok(memory)
    }

    /// Keeps memory within the process: the latest 50,000 conversations at most, and of those as many as have 128 MiB of
    /// memories. Gone when it ends.
    pub fn in_process(keep_days: u32) -> Self {
        ConversationMemory::with(None, keep_days)
    }

    fn with(store: Option<Store>, keep_days: u32) -> Self {
        ConversationMemory {
            conversations: Arc::new(Conversations::new(store.clone(), keep_days)),
            heads: Arc::new(heads::Heads::new(store)),
        }
    }

    /// The conversation whose transcript ends here. `None` where there is none, or where several end alike.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn find(&self, head: &Head) -> Result<Option<String>, StoreError> {
        self.heads.find(head).await
    }

    /// Says where a conversation's transcript ends now, and where it ended before: only from its end can it go on. Where
    /// another conversation ends alike, neither is found by this end.
    pub fn moved(&self, person: &Person, conversation: &str, before: Option<Head>, now: Head) {
        self.heads.moved(person, conversation, before, now);
    }

    /// Says that a conversation has just begun, so that nobody looks for it in the store.
    pub fn begun(&self, person: &Person, conversation: &str) {
        self.conversations.begun(Key::of(person, conversation));
    }

    /// What is remembered, the latest conversation first.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn list(&self, whose: &Whose, limit: u32) -> Result<Vec<Remembered>, StoreError> {
        self.conversations.list(whose.clone(), limit).await
    }

    /// Forgets conversations, and says how many there were.
    ///
    /// # Errors
    /// The store cannot be used.
    pub async fn forget(&self, whose: &Whose) -> Result<u64, StoreError> {
        let gone = self.conversations.forget(whose.clone()).await?;
        self.heads.forget(whose.clone()).await?;
        Ok(gone)
    }
}

/// Whose memory is meant; what is left out is not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whose {
    /// The tenant; empty where requests had none.
    pub tenant: Option<String>,
    /// The person; empty where requests named none.
    pub user: Option<String>,
    /// The conversation.
    pub conversation: Option<String>,
}

impl MemoryStore for ConversationMemory {
    fn load<'a>(&'a self, key: &'a MemoryKey) -> Later<'a, Option<Memory>> {
        Box::pin(async move {
            let kept = self.conversations.get(&Key::from(key)).await.map_err(words)?;
            Ok(kept.memories.get(&key.slot).map(|(memory, _)| Memory::clone(memory)))
        })
    }

    fn save<'a>(&'a self, key: &'a MemoryKey, memory: Memory) -> Later<'a, ()> {
        let slot = key.slot.clone();
        Box::pin(async move {
            self.conversations
                .remember(Key::from(key), slot, memory)
                .await
                .map_err(words)
        })
    }

    fn load_previous<'a>(&'a self, key: &'a MemoryKey) -> Later<'a, Option<Previous>> {
        Box::pin(async move {
            Ok(self
                .conversations
                .get(&Key::from(key))
                .await
                .map_err(words)?
                .previous
                .clone())
        })
    }

    fn save_previous<'a>(&'a self, key: &'a MemoryKey, previous: Previous) -> Later<'a, ()> {
        Box::pin(async move {
            self.conversations
                .decided(Key::from(key), previous)
                .await
                .map_err(words)
        })
    }
}

fn words(error: StoreError) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests;
