//! The embedded store: SQLite in one file, on a thread of its own, so that no turn waits for another's disk.

mod error;
mod job;
mod open;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{JoinHandle, Thread};

use rusqlite::Connection;
use tokio::sync::mpsc;

pub use error::StoreError;
use job::Job;

/// Jobs that may wait for the disk.
const WAITING: usize = 4_096;
/// Statements that stay prepared.
const STATEMENTS: usize = 64;

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
        let connection = open::open(path)?;
        Store::with(connection, true).map_err(|error| StoreError::Open {
            path: path.to_owned(),
            message: error.to_string(),
        })
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
            .spawn(move || job::work(&connection, waiting))?;
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
        let (job, result) = Job::awaited(work);
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
        let (job, result) = Job::awaited(work);
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
        let job = Job::soon(work);
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
