//! The keys there are: by the digest of their secrets, in memory and in the store.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use pointsman_telemetry::{Store, StoreError};
use rusqlite::params;

use super::key::{Grant, Key, digest};
use super::rate::Bucket;

/// A key that holds, with what is left of its minute.
pub(crate) struct Live {
    pub(crate) key: Key,
    requests: Option<Mutex<Bucket>>,
    tokens: Option<Mutex<Bucket>>,
}

/// All keys that hold.
pub(super) struct Ring {
    keys: ArcSwap<HashMap<[u8; 32], Arc<Live>>>,
    store: Store,
    /// One change at a time.
    changing: tokio::sync::Mutex<()>,
}

/// Why a key cannot be made or revoked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("there is a key `{0}` already: choose another name, or revoke it first")]
    Taken(String),
    #[error("there is no key `{0}`: `pointsman key list` shows those there are")]
    Unknown(String),
    #[error("{0}")]
    Wrong(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Ring {
    pub(super) async fn open(store: Store) -> Result<Self, StoreError> {
        let rows = store.run(|connection| {
            connection.execute_batch(
                "CREATE TABLE IF NOT EXISTS keys (
                     id TEXT NOT NULL PRIMARY KEY, digest BLOB NOT NULL UNIQUE, key TEXT NOT NULL
                 ) WITHOUT ROWID",
            )?;
            let mut all = connection.prepare("SELECT digest, key FROM keys")?;
            let rows = all.query_map([], |row| Ok((row.get::<_, [u8; 32]>(0)?, row.get::<_, String>(1)?)))?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        });
        let mut keys = HashMap::new();
        for (digest, json) in rows.await? {
            let key: Key = serde_json::from_str(&json)
                .map_err(|error| StoreError::Sql(format!("a key in the store cannot be read: {error}")))?;
            keys.insert(digest, Arc::new(Live::new(key)));
        }
        Ok(Ring {
            keys: ArcSwap::from_pointee(keys),
            store,
            changing: tokio::sync::Mutex::default(),
        })
    }

    /// The key of a secret.
    pub(super) fn find(&self, secret: &str) -> Option<Arc<Live>> {
        self.keys.load().get(&digest(secret)).cloned()
    }

    /// All of them, by name.
    pub(super) fn all(&self) -> Vec<Arc<Live>> {
        let mut all: Vec<Arc<Live>> = self.keys.load().values().cloned().collect();
        all.sort_by(|a, b| a.key.grant.name.cmp(&b.key.grant.name));
        all
    }

    /// Makes a key, and gives its secret: nobody can ask for it again.
    pub(super) async fn add(&self, grant: Grant, now_ms: u64) -> Result<(Key, String), KeyError> {
        let _one = self.changing.lock().await;
        if self.all().iter().any(|live| live.key.grant.name == grant.name) {
            return Err(KeyError::Taken(grant.name));
        }
        let (key, secret) = Key::make(grant, now_ms)?;
        let digest = digest(&secret);
        let json = serde_json::to_string(&key).map_err(|error| KeyError::Wrong(error.to_string()))?;
        let id = key.id.clone();
        self.store
            .run(move |connection| {
                connection.execute("INSERT INTO keys VALUES (?1, ?2, ?3)", params![id, digest, json])
            })
            .await?;
        let mut keys = HashMap::clone(&self.keys.load());
        keys.insert(digest, Arc::new(Live::new(key.clone())));
        self.keys.store(Arc::new(keys));
        Ok((key, secret))
    }

    /// Revokes a key by its name or its id: from here on it is refused.
    pub(super) async fn revoke(&self, name: &str) -> Result<Key, KeyError> {
        let _one = self.changing.lock().await;
        let mut keys = HashMap::clone(&self.keys.load());
        let found = keys
            .iter()
            .find(|(_, live)| live.key.grant.name == name || live.key.id == name)
            .map(|(digest, live)| (*digest, live.clone()));
        let Some((digest, live)) = found else {
            return Err(KeyError::Unknown(name.to_owned()));
        };
        keys.remove(&digest);
        // First here: a store that fails must not leave a key in use that was to be revoked.
        self.keys.store(Arc::new(keys));
        let id = live.key.id.clone();
        self.store
            .run(move |connection| connection.execute("DELETE FROM keys WHERE id = ?1", [id]))
            .await?;
        Ok(live.key.clone())
    }
}

impl Live {
    fn new(key: Key) -> Self {
        let bucket = |limit: Option<u32>| limit.map(|limit| Mutex::new(Bucket::new(limit)));
        Live {
            requests: bucket(key.grant.requests_per_minute),
            tokens: bucket(key.grant.tokens_per_minute),
            key,
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// The minute has no room: the time until it has.
    pub(super) fn request(&self) -> Result<(), Option<Duration>> {
        take(self.requests.as_ref(), 1.0)
    }

    /// Counts tokens before they are sent.
    ///
    /// # Errors
    /// As [`Live::request`]; `None` where a minute never has room for so many.
    pub(super) fn tokens(&self, tokens: u32) -> Result<(), Option<Duration>> {
        take(self.tokens.as_ref(), f64::from(tokens))
    }

    /// Counts what was used beyond what was foreseen.
    pub(super) fn further_tokens(&self, more: f64) {
        if let Some(bucket) = &self.tokens {
            bucket.lock().unwrap_or_else(PoisonError::into_inner).correct(more);
        }
    }
}

fn take(bucket: Option<&Mutex<Bucket>>, amount: f64) -> Result<(), Option<Duration>> {
    match bucket {
        None => Ok(()),
        Some(bucket) => bucket
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take(amount, Instant::now()),
    }
}
