//! Conversations in the store: one row each, and one for each slot that remembers something of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use pointsman::Memory;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::Whose;
use super::kept::{Kept, Key};
use super::person::{Person, Remembered};
use crate::now_ms;

/// One conversation; nothing where it is not known.
pub(super) fn read(connection: &Connection, key: &Key) -> rusqlite::Result<Kept> {
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

/// Writes the previous decision.
pub(super) fn write_previous(connection: &Connection, key: &Key, kept: &Kept) -> rusqlite::Result<()> {
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

/// Makes sure that a conversation has a row, as young as now.
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

/// Clears away what is older than a time.
pub(super) fn expire(connection: &Connection, before_ms: u64) -> rusqlite::Result<()> {
    let before = before_ms as i64;
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

/// Writes what a slot's policy asked to remember, as JSON.
pub(super) fn write_memory(connection: &Connection, key: &Key, slot: &str, json: &str) -> rusqlite::Result<()> {
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
}

/// What is remembered, the latest conversation first.
pub(super) fn list(connection: &Connection, whose: &Whose, limit: u32) -> rusqlite::Result<Vec<Remembered>> {
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
        let memories = memories.into_iter().map(|(slot, (memory, _))| (slot, memory)).collect();
        Ok(key.remembered(at_ms as u64, memories))
    })
    .collect()
}

/// Forgets conversations, and says how many there were.
pub(super) fn forget(connection: &Connection, whose: &Whose) -> rusqlite::Result<u64> {
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
}
