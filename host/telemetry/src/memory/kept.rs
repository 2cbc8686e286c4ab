//! What is kept of each conversation: the latest of them in memory, and all in a table where there is a store.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use pointsman::{Memory, MemoryKey, Previous};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use rusqlite::Connection;

use super::person::{Person, Remembered};
use super::{Whose, table};
use crate::now_ms;
use crate::store::{Store, StoreError};

/// Names a conversation within its tenant and user.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) person: Person,
    pub(super) conversation: String,
}

/// One conversation.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    pub(super) previous: Option<Previous>,
    /// By slot, each with its bytes as JSON.
    pub(super) memories: BTreeMap<String, (Arc<Memory>, u64)>,
    pub(super) at_ms: u64,
}

/// Bytes of memories that stay in memory beside a store, and about how many conversations that is.
const CACHED_BYTES: u64 = 64 << 20;
const CACHED: usize = 16_384;
/// The same where there is no store: all that is remembered. Memory is not to grow with every stranger.
const IN_PROCESS_BYTES: u64 = 128 << 20;
const IN_PROCESS: usize = 50_000;
/// Bytes of a conversation beside its memories.
const FRAME: u64 = 512;
/// How often old conversations are looked for, in milliseconds.
const EXPIRE_EVERY: u64 = 10 * 60 * 1_000;

#[derive(Clone)]
struct Bytes;

impl Weighter<Key, Arc<Kept>> for Bytes {
    fn weight(&self, _: &Key, kept: &Arc<Kept>) -> u64 {
        FRAME + kept.memories.values().map(|(_, bytes)| bytes).sum::<u64>()
    }
}

pub(super) struct Conversations {
    /// What outlives the process; without it, the cache is all there is.
    store: Option<Store>,
    cache: Cache<Key, Arc<Kept>, Bytes>,
    /// One change at a time, so that the store sees changes in the order of the cache.
    changing: tokio::sync::Mutex<()>,
    keep_ms: u64,
    expired_ms: AtomicU64,
}

impl Conversations {
    pub(super) fn new(store: Option<Store>, keep_days: u32) -> Self {
        let (count, bytes) = match store {
            Some(_) => (CACHED, CACHED_BYTES),
            None => (IN_PROCESS, IN_PROCESS_BYTES),
        };
        Conversations {
            store,
            cache: Cache::with_weighter(count, bytes, Bytes),
            changing: tokio::sync::Mutex::default(),
            keep_ms: u64::from(keep_days) * 24 * 3_600 * 1_000,
            expired_ms: AtomicU64::new(now_ms()),
        }
    }

    pub(super) fn begun(&self, key: Key) {
        if self.store.is_some() {
            self.cache.insert(key, Arc::default());
        }
    }

    pub(super) async fn get(&self, key: &Key) -> Result<Arc<Kept>, StoreError> {
        let kept = match (self.cache.get(key), &self.store) {
            (Some(kept), _) => kept,
            (None, None) => return Ok(Arc::default()),
            (None, Some(store)) => {
                let wanted = key.clone();
                let found = store.run(move |connection| table::read(connection, &wanted));
                // What is changed or forgotten meanwhile stays so: what was found is cached only where nothing was put in
                // its place.
                let found = async { found.await.map(Arc::new) };
                self.cache.get_or_insert_async(key, found).await?
            }
        };
        // What is past its time is not given back, whether or not it has been cleared away.
        let old = kept.at_ms < self.oldest_ms();
        Ok(if old { Arc::default() } else { kept })
    }

    pub(super) async fn decided(&self, key: Key, previous: Previous) -> Result<(), StoreError> {
        self.change(key, move |kept| kept.previous = Some(previous), table::write_previous)
            .await
    }

    pub(super) async fn remember(&self, key: Key, slot: String, memory: Memory) -> Result<(), StoreError> {
        let json = serde_json::to_string(&memory).map_err(|error| StoreError::Sql(error.to_string()))?;
        let (own, bytes) = (slot.clone(), json.len() as u64);
        let put = move |kept: &mut Kept| {
            kept.memories.insert(own, (Arc::new(memory), bytes));
        };
        self.change(key, put, move |connection, key, _| {
            table::write_memory(connection, key, &slot, &json)
        })
        .await
    }

    /// Changes a conversation in memory at once, and in the store soon after, in the same order.
    async fn change(
        &self,
        key: Key,
        change: impl FnOnce(&mut Kept) + Send,
        write: impl FnOnce(&Connection, &Key, &Kept) -> rusqlite::Result<()> + Send + 'static,
    ) -> Result<(), StoreError> {
        let _one = self.changing.lock().await;
        let mut kept = Kept::clone(&*self.get(&key).await?);
        kept.at_ms = now_ms();
        change(&mut kept);
        let kept = Arc::new(kept);
        self.expire_at_times();
        let Some(store) = &self.store else {
            self.cache.insert(key, kept);
            return Ok(());
        };
        self.cache.insert(key.clone(), kept.clone());
        let changed = key.clone();
        if !store.soon(move |connection| write(connection, &changed, &kept)) {
            // What is in memory and not in the store would be gone with the next restart, and nobody told.
            self.cache.remove(&key);
            return Err(StoreError::Sql("too much waits for the disk".to_owned()));
        }
        Ok(())
    }

    pub(super) async fn list(&self, whose: Whose, limit: u32) -> Result<Vec<Remembered>, StoreError> {
        if let Some(store) = &self.store {
            return store
                .run(move |connection| table::list(connection, &whose, limit))
                .await;
        }
        let own = self.cache.iter().filter(|(key, _)| key.is(&whose));
        let mut found: Vec<_> = own.filter(|(_, kept)| kept.at_ms >= self.oldest_ms()).collect();
        found.sort_by_key(|(_, kept)| std::cmp::Reverse(kept.at_ms));
        found.truncate(limit as usize);
        let all = found.into_iter().map(|(key, kept)| {
            let memories = kept.memories.iter();
            let memories = memories.map(|(slot, (memory, _))| (slot.clone(), Memory::clone(memory)));
            key.remembered(kept.at_ms, memories.collect())
        });
        Ok(all.collect())
    }

    pub(super) async fn forget(&self, whose: Whose) -> Result<u64, StoreError> {
        let _one = self.changing.lock().await;
        if let Some(store) = &self.store {
            let gone = store.run(move |connection| table::forget(connection, &whose)).await?;
            self.cache.clear();
            return Ok(gone);
        }
        let gone = AtomicU64::new(0);
        self.cache.retain(|key, _| {
            let own = key.is(&whose);
            gone.fetch_add(own.into(), Ordering::Relaxed);
            !own
        });
        Ok(gone.into_inner())
    }

    /// Clears away what is past its time.
    pub(super) async fn expire(&self) -> Result<(), StoreError> {
        let before = self.oldest_ms();
        match &self.store {
            Some(store) => store.run(move |connection| table::expire(connection, before)).await,
            None => Ok(()),
        }
    }

    /// What had its last turn before this time is past its own.
    fn oldest_ms(&self) -> u64 {
        now_ms().saturating_sub(self.keep_ms)
    }

    fn expire_at_times(&self) {
        let (now, last) = (now_ms(), self.expired_ms.load(Ordering::Relaxed));
        let turn = |last| {
            self.expired_ms
                .compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed)
        };
        if now.saturating_sub(last) > EXPIRE_EVERY && turn(last).is_ok() {
            let before = self.oldest_ms();
            match &self.store {
                Some(store) => drop(store.soon(move |connection| table::expire(connection, before))),
                None => self.cache.retain(|_, kept| kept.at_ms >= before),
            }
        }
    }
}

impl Key {
    pub(super) fn of(person: &Person, conversation: &str) -> Self {
        Key {
            person: person.clone(),
            conversation: conversation.to_owned(),
        }
    }

    fn is(&self, whose: &Whose) -> bool {
        self.person.is(whose) && whose.conversation.as_ref().is_none_or(|one| *one == self.conversation)
    }

    pub(super) fn remembered(self, at_ms: u64, memories: Vec<(String, Memory)>) -> Remembered {
        Remembered {
            tenant: self.person.tenant,
            user: self.person.user,
            conversation: self.conversation,
            at_ms,
            memories,
        }
    }
}

impl From<&MemoryKey> for Key {
    fn from(key: &MemoryKey) -> Self {
        let person = Person {
            tenant: key.tenant.clone().unwrap_or_default(),
            user: key.user.clone().unwrap_or_default(),
        };
        Key::of(&person, &key.conversation)
    }
}

#[cfg(test)]
mod tests {
    use std::pin::{Pin, pin};
    use std::sync::mpsc;
    use std::task::{Context, Waker};

    use super::*;

    fn key() -> Key {
        Key::of(&Person::default(), "c")
    }

    fn previous(model: &str) -> Previous {
        Previous {
            model: model.to_owned(),
            policy: String::new(),
            at_ms: 1,
        }
    }

    /// A conversation of which the store knows, and the cache does not.
    async fn stored() -> Conversations {
        let store = Store::in_process().unwrap();
        let schema = include_str!("schema.sql");
        store
            .run(move |connection| connection.execute_batch(schema))
            .await
            .unwrap();
        let conversations = Conversations::new(Some(store), 30);
        conversations.decided(key(), previous("small")).await.unwrap();
        conversations.cache.clear();
        conversations
    }

    /// Holds the store's thread until the sender is dropped: what is asked of it meanwhile waits.
    fn held(conversations: &Conversations) -> mpsc::Sender<()> {
        let (held, until) = mpsc::channel::<()>();
        let wait = move |_: &Connection| {
            let _ = until.recv();
            Ok(())
        };
        assert!(conversations.store.as_ref().unwrap().soon(wait));
        held
    }

    fn is_pending<F: Future>(future: Pin<&mut F>) -> bool {
        future.poll(&mut Context::from_waker(Waker::noop())).is_pending()
    }

    #[tokio::test]
    async fn what_is_forgotten_while_it_is_looked_up_stays_forgotten() {
        let conversations = stored().await;
        let held = held(&conversations);
        let sought = key();
        let mut found = pin!(conversations.get(&sought));
        // It is asked for, and what comes of that is not yet taken.
        assert!(is_pending(found.as_mut()));
        drop(held);
        assert_eq!(conversations.forget(Whose::default()).await.unwrap(), 1);
        assert!(found.await.unwrap().previous.is_some());
        assert!(conversations.get(&key()).await.unwrap().previous.is_none());
    }

    #[tokio::test]
    async fn what_is_changed_while_it_is_looked_up_stays_changed() {
        let conversations = stored().await;
        let held = held(&conversations);
        let sought = key();
        let mut found = pin!(conversations.get(&sought));
        assert!(is_pending(found.as_mut()));
        // As another turn of the same conversation does it.
        let changed = Kept {
            previous: Some(previous("large")),
            at_ms: now_ms(),
            ..Kept::default()
        };
        conversations.cache.insert(key(), Arc::new(changed));
        drop(held);
        found.await.unwrap();
        let kept = conversations.get(&key()).await.unwrap();
        assert_eq!(kept.previous.as_ref().unwrap().model, "large");
    }
}
