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

/// Whose transcript ends at one place.
#[derive(Clone)]
struct End {
    person: Person,
    /// `None`: several conversations end here.
    conversation: Option<Arc<str>>,
}

pub(super) struct Heads {
    /// What outlives the process; without it, the cache is all there is.
    store: Option<Store>,
    cache: Arc<Cache<Head, End>>,
}

impl Heads {
    pub(super) fn new(store: Option<Store>) -> Self {
        Heads {
            store,
            cache: Arc::new(Cache::new(CACHED)),
        }
    }

    pub(super) async fn find(&self, head: &Head) -> Result<Option<String>, StoreError> {
        let words = |end: End| end.conversation.map(|conversation| conversation.to_string());
        if let Some(known) = self.cache.get(head) {
            return Ok(words(known));
        }
        let Some(store) = &self.store else { return Ok(None) };
        // What is moved or forgotten meanwhile stays so: what was found is cached only where nothing was put in its place.
        let guard = match self.cache.get_value_or_guard_async(head).await {
            Ok(known) => return Ok(words(known)),
            Err(guard) => guard,
        };
        let head = *head;
        let found = store
            .run(move |connection| {
                connection
                    .prepare_cached("SELECT tenant, user, conversation FROM heads WHERE head = ?1")?
                    .query_row([head.as_slice()], |row| {
                        let person = Person {
                            tenant: row.get(0)?,
                            user: row.get(1)?,
                        };
                        let conversation: Option<String> = row.get(2)?;
                        let conversation = conversation.map(Arc::from);
                        Ok(End { person, conversation })
                    })
                    .optional()
            })
            .await?;
        if let Some(found) = &found {
            let _ = guard.insert(found.clone());
        }
        Ok(found.and_then(words))
    }

    pub(super) fn moved(&self, person: &Person, conversation: &str, before: Option<Head>, now: Head) {
        if let Some(before) = before {
            self.cache.remove(&before);
        }
        let end = |conversation| End {
            person: person.clone(),
            conversation,
        };
        let alone = match self.cache.get(&now) {
            None => Some(Arc::from(conversation)),
            Some(known) => known.conversation.filter(|known| **known == *conversation),
        };
        self.cache.insert(now, end(alone));
        let Some(store) = &self.store else { return };
        let (conversation, cache, several) = (conversation.to_owned(), self.cache.clone(), end(None));
        let kept = store.soon(move |connection| {
            if let Some(before) = before {
                // Where several ended alike, the end stays known as theirs.
                connection
                    .prepare_cached("DELETE FROM heads WHERE head = ?1 AND conversation = ?2")?
                    .execute(params![before.as_slice(), conversation])?;
            }
            let Person { tenant, user } = &several.person;
            let other: Option<String> = connection
                .prepare_cached(
                    "INSERT INTO heads VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms,
                     conversation = CASE WHEN conversation IS excluded.conversation THEN conversation END
                     RETURNING conversation",
                )?
                .query_row(
                    params![now.as_slice(), tenant, user, conversation, now_ms() as i64],
                    |row| row.get(0),
                )?;
            if other.is_none() {
                cache.insert(now, several);
            }
            Ok(())
        });
        if !kept {
            // Without its row nobody could say later that two end alike.
            self.cache.insert(now, end(None));
        }
    }

    pub(super) async fn forget(&self, whose: Whose) -> Result<(), StoreError> {
        let Some(store) = &self.store else {
            let conversation = |end: &End| match &whose.conversation {
                None => true,
                Some(one) => end.conversation.as_deref() == Some(one),
            };
            self.cache
                .retain(|_, end| !(end.person.is(&whose) && conversation(end)));
            return Ok(());
        };
        let done = store.run(move |connection| {
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
