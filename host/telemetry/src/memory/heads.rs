//! Where the transcripts of conversations end: how one is known again that has no name.

use std::sync::Arc;

use quick_cache::sync::Cache;
use rusqlite::{OptionalExtension as _, params};

use super::Whose;
use super::person::Person;
use crate::now_ms;
use crate::store::{Store, StoreError};

/// A digest of a whole transcript, within its tenant and user.
pub type Head = [u8; 32];

/// Ends that stay in memory.
const CACHED: usize = 65_536;

pub(super) struct Heads {
    store: Store,
    /// `None`: several conversations end here.
    cache: Arc<Cache<Head, Option<Arc<str>>>>,
}

impl Heads {
    pub(super) fn new(store: Store) -> Self {
        Heads {
            store,
            cache: Arc::new(Cache::new(CACHED)),
        }
    }

    pub(super) async fn find(&self, head: &Head) -> Result<Option<String>, StoreError> {
        if let Some(known) = self.cache.get(head) {
            return Ok(known.map(|conversation| conversation.to_string()));
        }
        let head = *head;
        let found: Option<Option<String>> = self
            .store
            .run(move |connection| {
                connection
                    .prepare_cached("SELECT conversation FROM heads WHERE head = ?1")?
                    .query_row([head.as_slice()], |row| row.get(0))
                    .optional()
            })
            .await?;
        if let Some(found) = &found {
            self.cache.insert(head, found.as_deref().map(Arc::from));
        }
        Ok(found.flatten())
    }

    pub(super) fn moved(&self, person: &Person, conversation: &str, before: Option<Head>, now: Head) {
        if let Some(before) = before {
            self.cache.remove(&before);
        }
        let alone = match self.cache.get(&now) {
            None => Some(Arc::from(conversation)),
            Some(known) => known.filter(|known| **known == *conversation),
        };
        self.cache.insert(now, alone);
        let (person, conversation, cache) = (person.clone(), conversation.to_owned(), self.cache.clone());
        let kept =
            self.store.soon(move |connection| {
                if let Some(before) = before {
                    // Where several ended alike, the end stays known as theirs.
                    connection
                        .prepare_cached("DELETE FROM heads WHERE head = ?1 AND conversation = ?2")?
                        .execute(params![before.as_slice(), conversation])?;
                }
                let other: Option<String> = connection
                .prepare_cached(
                    "INSERT INTO heads VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms,
                     conversation = CASE WHEN conversation IS excluded.conversation THEN conversation END
                     RETURNING conversation",
                )?
                .query_row(
                    params![now.as_slice(), person.tenant, person.user, conversation, now_ms() as i64],
                    |row| row.get(0),
                )?;
                if other.is_none() {
                    cache.insert(now, None);
                }
                Ok(())
            });
        if !kept {
            // Without its row nobody could say later that two end alike.
            self.cache.insert(now, None);
        }
    }

    pub(super) async fn forget(&self, whose: Whose) -> Result<(), StoreError> {
        let done = self.store.run(move |connection| {
            connection.execute(
                "DELETE FROM heads WHERE (?1 IS NULL OR tenant = ?1) AND (?2 IS NULL OR user = ?2)
                 AND (?3 IS NULL OR conversation = ?3)",
                params![whose.tenant, whose.user, whose.conversation],
            )
        });
        done.await?;
        self.cache.clear();
        Ok(())
    }
}
