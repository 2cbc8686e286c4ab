//! The embedded store: SQLite in one file, on a thread of its own, so that no turn waits for another's disk.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{JoinHandle, Thread};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

/// Why something could not be kept or found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file cannot be used.
    #[error("{}: {message}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what to do.
        message: String,
    },
    /// SQLite refused.
    #[error("the store: {0}")]
    Sql(String),
    /// The store has been closed.
    #[error("the store is closed")]
    Closed,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::Sql(error.to_string())
    }
}

/// Work on the store, which gives what is to be said once it is on the disk.
struct Job {
    work: Box<dyn FnOnce(&Connection) -> Said + Send>,
    /// Whether somebody waits for it.
    is_awaited: bool,
}
/// Told whether the transaction was kept.
type Said = Box<dyn FnOnce(Result<(), String>) + Send>;

/// Jobs that may wait for the disk.
const WAITING: usize = 4_096;
/// Jobs that are kept by one transaction.
const TOGETHER: usize = 256;
/// How long a job that nobody waits for lies, so that others are kept with it: one transaction, and one waking of the
/// thread, for many turns.
const LIES: Duration = Duration::from_millis(5);
/// Statements that stay prepared.
const STATEMENTS: usize = 64;
/// The version of this form of file.
const VERSION: i64 = 1;

/// A handle on the store. Cloning shares it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    worker: Thread,
    durable: bool,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("durable", &self.inner.durable).finish()
    }
}

impl Store {
    /// Opens a file, or makes it, readable by its owner alone. One process has it at a time.
    ///
    /// # Errors
    /// The file cannot be used, or another process uses it.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
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
        Store::with(connection, true).map_err(|error| wrong(error.to_string()))
    }

    /// A store within this process, gone when it ends.
    ///
    /// # Errors
    /// The system gives no memory or no thread for it.
    pub fn in_process() -> Result<Self, StoreError> {
        Store::with(Connection::open_in_memory()?, false).map_err(|error| StoreError::Sql(error.to_string()))
    }

    fn with(connection: Connection, durable: bool) -> std::io::Result<Self> {
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        let (jobs, waiting) = mpsc::channel(WAITING);
        let thread = std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || work(&connection, waiting))?;
        Ok(Store {
            inner: Arc::new(Inner {
                jobs: Mutex::new(Some(jobs)),
                worker: thread.thread().clone(),
                thread: Mutex::new(Some(thread)),
                durable,
            }),
        })
    }

    /// Whether what is kept outlives this process.
    pub fn is_durable(&self) -> bool {
        self.inner.durable
    }

    /// Does something on the store, and gives its result once it is kept. What fails leaves no trace.
    ///
    /// # Errors
    /// SQLite refused, or the store is closed.
    pub async fn run<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (job, result) = job(work);
        let jobs = self.sender().ok_or(StoreError::Closed)?;
        jobs.send(job).await.map_err(|_| StoreError::Closed)?;
        self.inner.worker.unpark();
        result.await.map_err(|_| StoreError::Closed)?
    }

    /// The same for threads that may wait. Must not be called from within an async task.
    ///
    /// # Errors
    /// As [`Store::run`].
    pub fn run_blocking<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (job, result) = job(work);
        let jobs = self.sender().ok_or(StoreError::Closed)?;
        jobs.blocking_send(job).map_err(|_| StoreError::Closed)?;
        self.inner.worker.unpark();
        result.blocking_recv().map_err(|_| StoreError::Closed)?
    }

    /// Has something done soon, without waiting for it. `false` where too much waits already, and nothing will be done.
    pub fn soon<W>(&self, work: W) -> bool
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
        let job = Job {
            work: Box::new(work),
            is_awaited: false,
        };
        self.sender().is_some_and(|jobs| jobs.try_send(job).is_ok())
    }

    /// Waits until everything that was asked for is on the disk, and closes. Blocks.
    pub fn close(&self) {
        drop(self.inner.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
        self.inner.worker.unpark();
        let thread = self.inner.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Err(_)) = thread.map(JoinHandle::join) {
            tracing::warn!("the thread of the store has stopped");
        }
    }

    fn sender(&self) -> Option<mpsc::Sender<Job>> {
        self.inner.jobs.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
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

/// A job, and where its result will be.
fn job<T, W>(work: W) -> (Job, oneshot::Receiver<Result<T, StoreError>>)
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
fn work(connection: &Connection, mut jobs: mpsc::Receiver<Job>) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn insert(n: i64) -> impl FnOnce(&Connection) -> rusqlite::Result<usize> {
        move |c| c.execute("INSERT INTO t VALUES (?1)", [n])
    }

    async fn all(store: &Store) -> i64 {
        store
            .run(|c| c.query_row("SELECT sum(n) FROM t", [], |row| row.get(0)))
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn what_fails_leaves_no_trace_and_what_stands_beside_it_is_kept() {
        let store = Store::in_process().unwrap();
        store
            .run(|c| c.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY)"))
            .await
            .unwrap();
        let failing = store.run(|c| {
            c.execute("INSERT INTO t VALUES (40)", [])?;
            c.execute("INSERT INTO nowhere VALUES (1)", [])
        });
        let (failed, fine) = tokio::join!(failing, store.run(insert(2)));
        assert!(failed.unwrap_err().to_string().contains("nowhere"));
        assert_eq!((fine.unwrap(), all(&store).await), (1, 2));
    }

    #[tokio::test]
    async fn a_file_outlives_the_store_and_has_one_owner_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kept.db");
        let store = Store::open(&file).unwrap();
        store.run(|c| c.execute_batch("CREATE TABLE t (n)")).await.unwrap();
        assert!(store.soon(|c| insert(3)(c).map(drop)));
        let second = Store::open(&file).unwrap_err().to_string();
        assert!(second.contains("another process uses this file"), "{second}");
        tokio::task::spawn_blocking(move || store.close()).await.unwrap();
        assert_eq!(all(&Store::open(&file).unwrap()).await, 3);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[tokio::test]
    async fn a_file_of_a_newer_release_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new.db");
        Connection::open(&file)
            .unwrap()
            .pragma_update(None, "user_version", 9)
            .unwrap();
        assert!(Store::open(&file).unwrap_err().to_string().contains("newer release"));
    }
}
