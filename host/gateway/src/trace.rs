//! Records of turns, written to a file beside the traffic. A turn is never held up: what the disk cannot take is shed, and
//! counted.

use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use pointsman::{Record, Recorder};

use crate::config::{Config, ConfigError};

/// Records that may wait for the disk.
const WAITING: usize = 4_096;

/// Takes the record of every turn. Cloning shares it.
#[derive(Clone)]
pub struct Traces {
    inner: Arc<Inner>,
}

struct Inner {
    queue: Mutex<Option<SyncSender<Box<Record>>>>,
    counts: Arc<Counts>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Counts {
    recorded: AtomicU64,
    shed: AtomicU64,
}

impl Traces {
    /// The traces that a configuration asks for; none, where it asks for none.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn of(config: &Config) -> Result<Option<Self>, ConfigError> {
        let file = config.traces.as_ref().map(|traces| config.base.join(&traces.file));
        file.map(Traces::open).transpose()
    }

    /// Opens a file of JSON lines, one a turn. What stands in it stays.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let path = path.as_ref();
        let wrong = |error: std::io::Error| ConfigError::wrong("traces.file", format!("{}: {error}", path.display()));
        let file = OpenOptions::new().create(true).append(true).open(path).map_err(wrong)?;
        let (queue, records) = sync_channel(WAITING);
        let counts = Arc::new(Counts::default());
        let shared = counts.clone();
        let writer = std::thread::Builder::new()
            .name("traces".to_owned())
            .spawn(move || write(BufWriter::new(file), &records, &shared))
            .map_err(wrong)?;
        Ok(Traces {
            inner: Arc::new(Inner {
                queue: Mutex::new(Some(queue)),
                counts,
                writer: Mutex::new(Some(writer)),
            }),
        })
    }

    /// Records that were written.
    pub fn recorded(&self) -> u64 {
        self.inner.counts.recorded.load(Ordering::Acquire)
    }

    /// Records that were not, since the disk was too slow or refused them.
    pub fn shed(&self) -> u64 {
        self.inner.counts.shed.load(Ordering::Acquire)
    }

    /// Waits until what was recorded is on the disk. Records that come later are shed. Blocks.
    pub fn close(&self) {
        drop(self.inner.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let writer = self.inner.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Err(_)) = writer.map(JoinHandle::join) {
            tracing::warn!("the writer of traces has stopped");
        }
    }
}

impl Recorder for Traces {
    fn record(&self, record: &Record) {
        let queue = self.inner.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = queue
            .as_ref()
            .is_some_and(|queue| queue.try_send(Box::new(record.clone())).is_ok());
        if !taken {
            self.inner.counts.shed.fetch_add(1, Ordering::AcqRel);
        }
    }
}

fn write(mut file: impl Write, records: &Receiver<Box<Record>>, counts: &Counts) {
    let mut line = Vec::new();
    while let Ok(first) = records.recv() {
        let mut next = Some(first);
        let mut written = 0;
        while let Some(record) = next {
            line.clear();
            let done = serde_json::to_writer(&mut line, &record).map_err(std::io::Error::from);
            line.push(b'\n');
            match done.and_then(|()| file.write_all(&line)) {
                Ok(()) => written += 1,
                Err(error) => {
                    tracing::warn!("a record could not be written: {error}");
                    counts.shed.fetch_add(1, Ordering::AcqRel);
                }
            }
            next = records.try_recv().ok();
        }
        // Nothing waits: what is written is made to be seen.
        match file.flush() {
            Ok(()) => counts.recorded.fetch_add(written, Ordering::AcqRel),
            Err(error) => {
                tracing::warn!("records could not be written: {error}");
                counts.shed.fetch_add(written, Ordering::AcqRel)
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use pointsman::{Engine, Model, Request, Settings, Usage};

    use super::*;

    #[tokio::test]
    async fn every_turn_is_recorded_or_counted_as_shed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("turns.jsonl");
        let traces = Traces::open(&file).unwrap();
        let mut settings = Settings::new([Model::named("m")]);
        settings.sandbox.instances = 1;
        let engine = Engine::builder(settings)
            .recorder(traces.clone())
            .build()
            .await
            .unwrap();
        let request = Request::from_json(r#"{"messages":[{"role":"user","content":"hi"}]}"#).unwrap();
        let turn = async || engine.begin(request.clone()).await.unwrap();
        turn().await.finish(Some(Usage::new(8, 2))).await;
        turn().await.fail("nobody was there");
        drop(turn().await);
        traces.close();
        drop(turn().await);
        assert_eq!((traces.recorded(), traces.shed()), (3, 1));
        let text = std::fs::read_to_string(&file).unwrap();
        let records: Vec<Record> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let states: Vec<_> = records.iter().map(|record| format!("{:?}", record.state)).collect();
        assert_eq!(states, ["Finished", "Failed", "Abandoned"]);
        assert_eq!(records[1].error.as_deref(), Some("nobody was there"));
    }

    #[test]
    fn a_file_that_cannot_be_opened_is_named() {
        let error = Traces::open("/nowhere/at/all.jsonl").err().unwrap().to_string();
        assert!(error.contains("traces.file") && error.contains("/nowhere"), "{error}");
    }
}
