//! The file of the store: made where it is not there, and had by one process at a time.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use super::StoreError;

/// The version of this form of file.
const VERSION: i64 = 1;

/// Opens a file, or makes it, readable by its owner alone.
///
/// # Errors
/// It cannot be used, another process uses it, or it is of a newer release.
pub(super) fn open(path: &Path) -> Result<Connection, StoreError> {
    let wrong = |message: String| StoreError::Open {
        path: path.to_owned(),
        message,
    };
    if !path.exists() {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path).map_err(|error| wrong(error.to_string()))?;
    }
    let connection = Connection::open(path).map_err(|error| wrong(error.to_string()))?;
    prepare(&connection).map_err(|error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
            wrong("another process uses this file: give every gateway its own".to_owned())
        }
        _ => wrong(error.to_string()),
    })?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version > VERSION {
        return Err(wrong(format!(
            "it was made by a newer release (form {version}, this one knows {VERSION}): use that release, or another file"
        )));
    }
    connection.pragma_update(None, "user_version", VERSION)?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    // Who has the file has it until the end: it is no use to wait.
    connection.busy_timeout(Duration::from_millis(200))?;
    // One process at a time: keys, budgets and memory are cached, and two caches would not agree.
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    // A crash of the process loses nothing that was kept; a crash of the machine, at most the last moments.
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.execute_batch("BEGIN IMMEDIATE; COMMIT")
}
