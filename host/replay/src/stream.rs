//! Lines worked on side by side, and handed back in their order: read on a thread of their own, a bounded number on their way.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc};
use tokio::task::{JoinError, JoinHandle};

use crate::lines::{Line, Source, SourceError};

/// Lines that are handed on together.
const BATCH: usize = 64;
/// Bytes from which a batch is handed on before it is full.
const BATCH_BYTES: usize = 256 << 10;

/// Results of batches, in the order of the lines.
pub(crate) struct Batches<T> {
    results: mpsc::Receiver<JoinHandle<T>>,
    reader: JoinHandle<Result<(), SourceError>>,
    starter: JoinHandle<()>,
}

/// As many batches as there are cores.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

/// Begins to work on the lines of a source, `at_once` batches at a time.
pub(crate) fn batches<T, F>(
    source: Source,
    at_once: usize,
    work: impl Fn(Vec<Line>) -> F + Send + 'static,
) -> Batches<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let (lines, mut incoming) = mpsc::channel(at_once);
    let (started, results) = mpsc::channel(at_once);
    let room = Arc::new(Semaphore::new(at_once));
    let starter = tokio::spawn(async move {
        while let Some(lines) = incoming.recv().await {
            let Ok(room) = room.clone().acquire_owned().await else {
                return;
            };
            let work = work(lines);
            let batch = tokio::spawn(async move {
                let done = work.await;
                drop(room);
                done
            });
            if started.send(batch).await.is_err() {
                return;
            }
        }
    });
    Batches {
        results,
        reader: tokio::task::spawn_blocking(move || read(source, &lines)),
        starter,
    }
}

impl<T> Batches<T> {
    /// The next batch's result; `None` after the last.
    pub(crate) async fn next(&mut self) -> Option<Result<T, JoinError>> {
        Some(self.results.recv().await?.await)
    }

    /// Whether all lines could be read.
    pub(crate) async fn finish(self) -> Result<Result<(), SourceError>, JoinError> {
        // Who stops before the end lets the reader stop too.
        drop(self.results);
        self.starter.await?;
        self.reader.await
    }
}

fn read(source: Source, batches: &mpsc::Sender<Vec<Line>>) -> Result<(), SourceError> {
    let (mut batch, mut bytes) = (Vec::new(), 0);
    source.read(|line| {
        bytes += line.text.as_ref().map_or(0, String::len);
        batch.push(line);
        if batch.len() < BATCH && bytes < BATCH_BYTES {
            return true;
        }
        bytes = 0;
        batches.blocking_send(std::mem::take(&mut batch)).is_ok()
    })?;
    // Nobody listens any more where this fails, and nobody misses it.
    let _ = batches.blocking_send(batch);
    Ok(())
}
