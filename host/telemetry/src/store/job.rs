//! Jobs for the store, and the thread that does them: those that wait together are kept by one transaction.

use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::StoreError;

/// Work on the store, which gives what is to be said once it is on the disk.
pub(super) struct Job {
    work: Box<dyn FnOnce(&Connection) -> Said + Send>,
    /// Whether somebody waits for it.
    is_awaited: bool,
}

/// Told whether the transaction was kept.
type Said = Box<dyn FnOnce(Result<(), String>) + Send>;

/// Jobs that are kept by one transaction.
const TOGETHER: usize = 256;
/// How long a job that nobody waits for lies, so that others are kept with it: one transaction, and one waking of the
/// thread, for many turns.
const LIES: Duration = Duration::from_millis(5);

impl Job {
    /// One whose result somebody waits for, and where it will be.
    pub(super) fn awaited<T, W>(work: W) -> (Self, oneshot::Receiver<Result<T, StoreError>>)
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (tell, result) = oneshot::channel();
        let work = move |connection: &Connection| -> Said {
            let done = isolated(connection, work);
            Box::new(move |kept| {
                let done = kept.map_err(StoreError::Sql).and(done);
                // Who does not wait any more has not asked to be told.
                let _ = tell.send(done);
            })
        };
        let job = Job {
            work: Box::new(work),
            is_awaited: true,
        };
        (job, result)
    }

    /// One that nobody waits for; what goes wrong with it is logged.
    pub(super) fn soon<W>(work: W) -> Self
    where
        W: FnOnce(&Connection) -> rusqlite::Result<()> + Send + 'static,
    {
        let work = move |connection: &Connection| -> Said {
            let done = isolated(connection, work);
            Box::new(move |kept| {
                if let Err(error) = done.and_then(|()| kept.map_err(StoreError::Sql)) {
                    tracing::warn!("{error}");
                }
            })
        };
        Job {
            work: Box::new(work),
            is_awaited: false,
        }
    }
}

/// Work that leaves no trace where it fails, whatever else the transaction holds.
fn isolated<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> Result<T, StoreError> {
    say(connection, "SAVEPOINT job")?;
    match work(connection) {
        Ok(done) => say(connection, "RELEASE job").map(|()| done).map_err(Into::into),
        Err(error) => {
            connection.execute_batch("ROLLBACK TO job; RELEASE job")?;
            Err(error.into())
        }
    }
}

/// A statement without parameters or rows.
fn say(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}

/// Does jobs as they come; those that wait together are kept together.
pub(super) fn work(connection: &Connection, mut jobs: mpsc::Receiver<Job>) {
    while let Some(first) = jobs.blocking_recv() {
        if !first.is_awaited {
            // A job that somebody waits for, and the end, wake this thread.
            std::thread::park_timeout(LIES);
        }
        let begun = say(connection, "BEGIN").map_err(|error| error.to_string());
        let mut said = vec![(first.work)(connection)];
        while said.len() < TOGETHER
            && let Ok(next) = jobs.try_recv()
        {
            said.push((next.work)(connection));
        }
        let kept = begun.and_then(|()| {
            say(connection, "COMMIT").map_err(|error| {
                let _ = connection.execute_batch("ROLLBACK");
                error.to_string()
            })
        });
        for tell in said {
            tell(kept.clone());
        }
    }
}
