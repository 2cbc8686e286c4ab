//! Traces: one line a turn, in a file that rotates. A turn is never held up: what the disk cannot take is shed, and counted.

mod erase;
mod files;
mod line;
mod mask;
mod write;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use pointsman::{Delta, Record, Recorded, Recorder, Request};

pub use erase::{Listed, Which};
pub use mask::Mask;

/// Where traces go, and what stands in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceFile {
    /// The file that is written; older ones stand beside it with rising numbers, as `turns-000001.jsonl`.
    pub path: PathBuf,
    /// Bytes at which a file makes room for the next.
    pub max_bytes: u64,
    /// Files that are kept, the one that is written included; at least 1.
    pub keep_files: usize,
    /// What is left out of a line.
    pub mask: Mask,
    /// Whether replies are written too, as far as checkers were fed them.
    pub replies: bool,
}

impl TraceFile {
    /// A file that holds whole requests, in 8 files of 256 MiB.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        TraceFile {
            path: path.into(),
            max_bytes: 256 << 20,
            keep_files: 8,
            mask: Mask::default(),
            replies: true,
        }
    }
}

/// Takes the record of every turn. Cloning shares it.
#[derive(Clone)]
pub struct Traces {
    inner: Arc<Inner>,
}

struct Inner {
    settings: TraceFile,
    queue: Mutex<Option<SyncSender<write::Told>>>,
    counts: Arc<Counts>,
    writer: Mutex<Option<JoinHandle<()>>>,
    /// Held by who moves, rewrites or removes files that are no longer written.
    files: Arc<Mutex<()>>,
}

/// A turn on its way to the disk.
pub(super) struct Seen {
    pub(super) record: Record,
    pub(super) request: Option<Request>,
    pub(super) reply: Vec<Delta>,
    bytes: usize,
}

#[derive(Default)]
pub(super) struct Counts {
    turns: AtomicU64,
    recorded: AtomicU64,
    shed: AtomicU64,
    /// Bytes of requests that wait.
    waiting: AtomicUsize,
}

/// Records that may wait for the disk, and the bytes of their requests together.
const WAITING: usize = 4_096;
const WAITING_BYTES: usize = 64 << 20;

impl Traces {
    /// Opens a file of JSON lines, one a turn. What stands in it stays.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn open(settings: TraceFile) -> std::io::Result<Self> {
        let (queue, told) = sync_channel(WAITING);
        let counts = Arc::new(Counts::default());
        let files = Arc::new(Mutex::new(()));
        let writer = write::Writer::open(settings.clone(), counts.clone(), files.clone())?;
        let thread = std::thread::Builder::new()
            .name("traces".to_owned())
            .spawn(move || writer.run(&told))?;
        Ok(Traces {
            inner: Arc::new(Inner {
                settings,
                queue: Mutex::new(Some(queue)),
                counts,
                writer: Mutex::new(Some(thread)),
                files,
            }),
        })
    }

    /// Turns that have ended: those that were recorded, those that were shed, and a few that wait for the disk.
    pub fn turns(&self) -> u64 {
        self.inner.counts.turns.load(Ordering::Acquire)
    }

    /// Turns that were written.
    pub fn recorded(&self) -> u64 {
        self.inner.counts.recorded.load(Ordering::Acquire)
    }

    /// Turns that were not, since the disk was too slow or refused them.
    pub fn shed(&self) -> u64 {
        self.inner.counts.shed.load(Ordering::Acquire)
    }

    /// Waits until what was recorded is on the disk. Turns that end later are shed. Blocks.
    pub fn close(&self) {
        drop(self.inner.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let writer = self.inner.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Err(_)) = writer.map(JoinHandle::join) {
            tracing::warn!("the writer of traces has stopped");
        }
    }

    /// Lists turns, the latest last. Reads the files: blocks.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn list(&self, which: &Which, limit: usize) -> std::io::Result<Vec<Listed>> {
        let _still = self.inner.files.lock().unwrap_or_else(PoisonError::into_inner);
        erase::list(&self.inner.settings.path, which, limit)
    }

    /// Takes turns out of the files, and says how many there were. Blocks, and holds no turn up.
    ///
    /// # Errors
    /// A file cannot be rewritten: those before it are done, and it stands as it was.
    pub fn erase(&self, which: &Which) -> std::io::Result<u64> {
        let (tell, turned) = sync_channel(1);
        let queue = self.inner.queue.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // What is being written becomes an older file, so that all files stand still.
        if let Some(queue) = queue
            && queue.send(write::Told::Turn(tell)).is_ok()
            && let Ok(turned) = turned.recv()
        {
            turned?;
        }
        let _still = self.inner.files.lock().unwrap_or_else(PoisonError::into_inner);
        erase::erase(&self.inner.settings.path, which)
    }

    fn hand_over(&self, seen: Seen) {
        let counts = &self.inner.counts;
        counts.turns.fetch_add(1, Ordering::AcqRel);
        let bytes = seen.bytes;
        let waiting = counts.waiting.fetch_add(bytes, Ordering::AcqRel);
        let room = waiting == 0 || waiting + bytes <= WAITING_BYTES;
        let queue = self.inner.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = room
            && queue
                .as_ref()
                .is_some_and(|queue| queue.try_send(write::Told::Ended(Box::new(seen))).is_ok());
        if !taken {
            counts.waiting.fetch_sub(bytes, Ordering::AcqRel);
            counts.shed.fetch_add(1, Ordering::AcqRel);
        }
    }
}

impl Recorder for Traces {
    fn record(&self, record: &Record) {
        self.hand_over(Seen {
            record: record.clone(),
            request: None,
            reply: Vec::new(),
            bytes: 0,
        });
    }

    fn record_turn(&self, turn: Recorded<'_>) {
        self.hand_over(Seen {
            record: turn.record.clone(),
            bytes: turn.request.messages().iter().map(|message| message.raw().len()).sum(),
            request: Some(turn.request.clone()),
            reply: turn.reply.to_vec(),
        });
    }

    fn keeps_replies(&self) -> bool {
        self.inner.settings.replies && self.inner.settings.mask.shows_texts()
    }
}

#[cfg(test)]
mod tests;
