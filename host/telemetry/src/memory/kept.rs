//! What is kept of each conversation: in a table, and the latest of them in memory.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use pointsman::{Memory, MemoryKey, Previous};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::Whose;
use super::person::{Person, Remembered};
use crate::now_ms;
use crate::store::{Store, StoreError};

/// Names a conversation within its tenant and user.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    person: Person,
    conversation: String,
}

/// One conversation.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    pub(super) previous: Option<Previous>,
    /// By slot, each with its bytes as JSON.
    pub(super) memories: BTreeMap<String, (Arc<Memory>, u64)>,
    at_ms: u64,
}

/// Bytes of memories that stay in memory, and about how many conversations that is.
const CACHED_BYTES: u64 = 64 << 20;
const CACHED: usize = 16_384;
/// Bytes of a conversation beside its memories.
const FRAME: u64 = 512;
/// How often old conversations are looked for, in milliseconds.
const EXPIRE_EVERY: u64 = 10 * 60 * 1_000;
/// Conversations that are kept where there is no file: memory is not to grow with every stranger.
const IN_PROCESS: u32 = 50_000;
/// How often these are counted, in milliseconds.
const TRIM_EVERY: u64 = 5_000;

#[derive(Clone)]
struct Bytes;

impl Weighter<Key, Arc<Kept>> for Bytes {
    fn weight(&self, _: &Key, kept: &Arc<Kept>) -> u64 {
        FRAME + kept.memories.values().map(|(_, bytes)| bytes).sum::<u64>()
    }
}

pub(super) struct Conversations {
    store: Store,
    cache: Cache<Key, Arc<Kept>, Bytes>,
    /// One change at a time, so that the store sees changes in the order of the cache.
    changing: tokio::sync::Mutex<()>,
    keep_ms: u64,
    expired_ms: AtomicU64,
}

impl Conversations {
    pub(super) fn new(store: Store, keep_days: u32) -> Self {
        Conversations {
            store,
            cache: Cache::with_weighter(CACHED, CACHED_BYTES, Bytes),
            changing: tokio::sync::Mutex::default(),
            keep_ms: u64::from(keep_days) * 24 * 3_600 * 1_000,
            expired_ms: AtomicU64::new(now_ms()),
        }
    }

    pub(super) fn begun(&self, key: Key) {
        self.cache.insert(key, Arc::default());
    }

    pub(super) async fn get(&self, key: &Key) -> Result<Arc<Kept>, StoreError> {
        let kept = match self.cache.get(key) {
            Some(kept) => kept,
            None => {
                let wanted = key.clone();
                let found = Arc::new(self.store.run(move |connection| read(connection, &wanted)).await?);
                self.cache.insert(key.clone(), found.clone());
                found
            }
        };
        // What is past its time is not given back, whether or not it has been cleared away.
        let old = kept.at_ms + self.keep_ms < now_ms();
        Ok(if old { Arc::default() } else { kept })
    }

    pub(super) async fn decided(&self, key: Key, previous: Previous) -> Result<(), StoreError> {
        self.change(key, move |kept| kept.previous = Some(previous), write_previous)
            .await
    }

    pub(super) async fn remember(&self, key: Key, slot: String, memory: Memory) -> Result<(), StoreError> {
        let json = serde_json::to_string(&memory).map_err(|error| StoreError::Sql(error.to_string()))?;
        let (own, bytes) = (slot.clone(), json.len() as u64);
        let put = move |kept: &mut Kept| {
            kept.memories.insert(own, (Arc::new(memory), bytes));
        };
        self.change(key, put, move |connection, key, _| {
            touch(connection, key)?;
            connection
                .prepare_cached("INSERT OR REPLACE INTO memories VALUES (?1, ?2, ?3, ?4, ?5)")?
                .execute(params![
                    key.person.tenant,
                    key.person.user,
                    key.conversation,
                    slot,
                    json
                ])
                .map(drop)
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
        self.cache.insert(key.clone(), kept.clone());
        let changed = key.clone();
        let write = move |connection: &Connection| write(connection, &changed, &kept);
        if !self.store.soon(write) {
            // What is in memory and not in the store would be gone with the next restart, and nobody told.
            self.cache.remove(&key);
            return Err(StoreError::Sql("too much waits for the disk".to_owned()));
        }
        self.expire_at_times();
        Ok(())
    }

    pub(super) async fn list(&self, whose: Whose, limit: u32) -> Result<Vec<Remembered>, StoreError> {
        self.store
            .run(move |connection| {
                let mut found = connection.prepare(
                    "SELECT tenant, user, conversation, at_ms FROM conversations
                     WHERE (?1 IS NULL OR tenant = ?1) AND (?2 IS NULL OR user = ?2) AND (?3 IS NULL OR conversation = ?3)
                     ORDER BY at_ms DESC LIMIT ?4",
                )?;
                let rows = found.query_map(params![whose.tenant, whose.user, whose.conversation, limit], |row| {
                    let person = Person {
                        tenant: row.get(0)?,
                        user: row.get(1)?,
                    };
                    let conversation: String = row.get(2)?;
                    Ok((Key { person, conversation }, row.get::<_, i64>(3)?))
                })?;
                rows.map(|row| {
                    let (key, at_ms) = row?;
                    let memories = memories(connection, &key)?;
                    Ok(Remembered {
                        tenant: key.person.tenant,
                        user: key.person.user,
                        conversation: key.conversation,
                        at_ms: at_ms as u64,
                        memories: memories.into_iter().map(|(slot, (memory, _))| (slot, memory)).collect(),
                    })
                })
                .collect()
            })
            .await
    }

    pub(super) async fn forget(&self, whose: Whose) -> Result<u64, StoreError> {
        let _one = self.changing.lock().await;
        let gone = self.store.run(move |connection| {
            let mut gone = 0;
            for table in ["memories", "conversations"] {
                gone = connection.execute(
                    &format!(
                        "DELETE FROM {table} WHERE (?1 IS NULL OR tenant = ?1) AND (?2 IS NULL OR user = ?2)
                         AND (?3 IS NULL OR conversation = ?3)"
                    ),
                    params![whose.tenant, whose.user, whose.conversation],
                )?;
            }
            Ok(gone as u64)
        });
        let gone = gone.await?;
        self.cache.clear();
        Ok(gone)
    }

    /// Clears away what is past its time.
    pub(super) async fn expire(&self) -> Result<(), StoreError> {
        let before = now_ms().saturating_sub(self.keep_ms);
        let most = self.most();
        self.store.run(move |connection| expire(connection, before, most)).await
    }

    /// Most conversations that are kept; a file may hold as many as come.
    fn most(&self) -> Option<u32> {
        (!self.store.is_durable()).then_some(IN_PROCESS)
    }

    fn expire_at_times(&self) {
        let (now, last) = (now_ms(), self.expired_ms.load(Ordering::Relaxed));
        let turn = |last| {
            self.expired_ms
                .compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed)
        };
        let most = self.most();
        let every = if most.is_some() { TRIM_EVERY } else { EXPIRE_EVERY };
        if now.saturating_sub(last) > every && turn(last).is_ok() {
            let before = now.saturating_sub(self.keep_ms);
            self.store.soon(move |connection| expire(connection, before, most));
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

fn read(connection: &Connection, key: &Key) -> rusqlite::Result<Kept> {
    let found = connection
        .prepare_cached(
            "SELECT previous, at_ms FROM conversations WHERE tenant = ?1 AND user = ?2 AND conversation = ?3",
        )?
        .query_row(params![key.person.tenant, key.person.user, key.conversation], |row| {
            Ok((row.get::<_, Option<String>>(0)?, row.get::<_, i64>(1)?))
        })
        .optional()?;
    let Some((previous, at_ms)) = found else {
        return Ok(Kept::default());
    };
    Ok(Kept {
        previous: previous.and_then(|json: String| serde_json::from_str(&json).ok()),
        memories: memories(connection, key)?
            .into_iter()
            .map(|(slot, (memory, bytes))| (slot, (Arc::new(memory), bytes)))
            .collect(),
        at_ms: at_ms as u64,
    })
}

/// Memories by slot, each with its bytes. One that this release cannot read is left out: a policy begins anew.
fn memories(connection: &Connection, key: &Key) -> rusqlite::Result<BTreeMap<String, (Memory, u64)>> {
    let mut found = connection
        .prepare_cached("SELECT slot, memory FROM memories WHERE tenant = ?1 AND user = ?2 AND conversation = ?3")?;
    let rows = found.query_map(params![key.person.tenant, key.person.user, key.conversation], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    let read = |(slot, json): (String, String)| match serde_json::from_str(&json) {
        Ok(memory) => Some((slot, (memory, json.len() as u64))),
        Err(error) => {
            tracing::warn!(slot, "a memory in the store cannot be read: {error}");
            None
        }
    };
    rows.filter_map(|row| row.map(read).transpose()).collect()
}

fn write_previous(connection: &Connection, key: &Key, kept: &Kept) -> rusqlite::Result<()> {
    let previous = kept
        .previous
        .as_ref()
        .and_then(|previous| serde_json::to_string(previous).ok());
    connection
        .prepare_cached("INSERT OR REPLACE INTO conversations VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![
            key.person.tenant,
            key.person.user,
            key.conversation,
            previous,
            now_ms() as i64
        ])
        .map(drop)
}

fn touch(connection: &Connection, key: &Key) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO conversations VALUES (?1, ?2, ?3, NULL, ?4)
             ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms",
        )?
        .execute(params![
            key.person.tenant,
            key.person.user,
            key.conversation,
            now_ms() as i64
        ])
        .map(drop)
}

/// Clears away what is older than a time, and where there is a limit, all but the newest.
fn expire(connection: &Connection, before_ms: u64, most: Option<u32>) -> rusqlite::Result<()> {
    let mut before = before_ms as i64;
    if let Some(most) = most {
        let one_too_many = "SELECT at_ms FROM conversations ORDER BY at_ms DESC LIMIT 1 OFFSET ?1";
        let newest_gone: Option<i64> = connection
            .query_row(one_too_many, [most], |row| row.get(0))
            .optional()?;
        before = before.max(newest_gone.map_or(before, |at| at + 1));
    }
    connection.execute(
        "DELETE FROM memories WHERE (tenant, user, conversation) IN
         (SELECT tenant, user, conversation FROM conversations WHERE at_ms < ?1)",
        [before],
    )?;
    connection.execute("DELETE FROM conversations WHERE at_ms < ?1", [before])?;
    connection
        .execute("DELETE FROM heads WHERE at_ms < ?1", [before])
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_there_is_no_file_only_the_newest_conversations_stay() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "CREATE TABLE conversations (tenant, user, conversation, at_ms);
                 CREATE TABLE heads (at_ms);
                 CREATE TABLE memories (tenant, user, conversation);",
            )
            .unwrap();
        for at in 0..10 {
            connection
                .execute("INSERT INTO conversations VALUES ('', '', ?1, ?1)", [at])
                .unwrap();
            connection.execute("INSERT INTO heads VALUES (?1)", [at]).unwrap();
            connection
                .execute("INSERT INTO memories VALUES ('', '', ?1)", [at])
                .unwrap();
        }
        let left = |table: &str| -> (u32, u32) {
            let asked = format!("SELECT count(*), min(rowid) FROM {table}");
            connection
                .query_row(&asked, [], |row| Ok((row.get(0)?, row.get(1)?)))
                .unwrap()
        };
        expire(&connection, 0, None).unwrap();
        assert_eq!(left("conversations"), (10, 1));
        expire(&connection, 0, Some(4)).unwrap();
        for table in ["conversations", "heads", "memories"] {
            assert_eq!(left(table), (4, 7), "{table}");
        }
    }
}
