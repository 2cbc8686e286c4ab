//! The thread that writes: lines as they come, files as they fill.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Arc, Mutex};

use super::{Counts, Seen, TraceFile, files, line};

/// What the writer is told.
pub(super) enum Told {
    /// A turn has ended.
    Ended(Box<Seen>),
    /// Begin a new file, and say when that is done.
    Turn(SyncSender<io::Result<()>>),
}

pub(super) struct Writer {
    settings: TraceFile,
    counts: Arc<Counts>,
    /// Held by who moves, rewrites or removes older files.
    files: Arc<Mutex<()>>,
    file: BufWriter<File>,
    bytes: u64,
    /// Lines that are written and not yet on the disk.
    unseen: u64,
}

impl Writer {
    pub(super) fn open(settings: TraceFile, counts: Arc<Counts>, files: Arc<Mutex<()>>) -> io::Result<Self> {
        let (file, bytes) = open(&settings.path)?;
        Ok(Writer {
            settings,
            counts,
            files,
            file,
            bytes,
            unseen: 0,
        })
    }

    pub(super) fn run(mut self, told: &Receiver<Told>) {
        let mut text = Vec::new();
        while let Ok(first) = told.recv() {
            self.one(first, &mut text);
            while let Ok(next) = told.try_recv() {
                self.one(next, &mut text);
            }
            // Nothing waits: what is written is made to be seen.
            self.flush();
        }
    }

    fn one(&mut self, told: Told, text: &mut Vec<u8>) {
        match told {
            Told::Ended(seen) => self.line(&seen, text),
            Told::Turn(tell) => {
                self.flush();
                let turned = if self.bytes == 0 { Ok(()) } else { self.turn() };
                // Who does not wait any more need not be told.
                let _ = tell.send(turned);
            }
        }
    }

    fn line(&mut self, seen: &Seen, text: &mut Vec<u8>) {
        self.counts.waiting.fetch_sub(seen.bytes, Ordering::AcqRel);
        text.clear();
        let written = line::write(seen, &self.settings.mask, text)
            .map_err(io::Error::from)
            .and_then(|()| self.file.write_all(text));
        match written {
            Ok(()) => {
                self.unseen += 1;
                self.bytes += text.len() as u64;
            }
            Err(error) => {
                tracing::warn!("a trace could not be written: {error}");
                self.counts.shed.fetch_add(1, Ordering::AcqRel);
            }
        }
        if self.bytes >= self.settings.max_bytes {
            self.flush();
            if let Err(error) = self.turn() {
                tracing::warn!("the file of traces cannot make room for the next, and grows on: {error}");
            }
        }
    }

    fn flush(&mut self) {
        let written = std::mem::take(&mut self.unseen);
        match self.file.flush() {
            Ok(()) => self.counts.recorded.fetch_add(written, Ordering::AcqRel),
            Err(error) => {
                tracing::warn!("traces could not be written: {error}");
                self.counts.shed.fetch_add(written, Ordering::AcqRel)
            }
        };
    }

    /// Begins a new file. What was written becomes the newest of the older ones, and the oldest may go.
    fn turn(&mut self) -> io::Result<()> {
        let path = &self.settings.path;
        let last = files::older(path)?.last().map_or(0, |(number, _)| *number);
        std::fs::rename(path, files::numbered(path, last + 1))?;
        (self.file, self.bytes) = open(path)?;
        // Somebody may be rewriting older files: then the oldest goes with the next turn.
        if let Ok(_still) = self.files.try_lock() {
            let older = files::older(path)?;
            let many = (older.len() + 1).saturating_sub(self.settings.keep_files.max(1));
            for (_, oldest) in older.into_iter().take(many) {
                std::fs::remove_file(oldest)?;
            }
        }
        Ok(())
    }
}

/// Opens a file to be written on, readable by its owner alone where it is new, and says how long it is. A line that a crash
/// cut off is ended, so that the next one stands by itself.
fn open(path: &Path) -> io::Result<(BufWriter<File>, u64)> {
    let mut options = OpenOptions::new();
    options.create(true).append(true).read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let mut bytes = file.seek(SeekFrom::End(0))?;
    if bytes > 0 {
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            file.write_all(b"\n")?;
            bytes += 1;
        }
    }
    Ok((BufWriter::new(file), bytes))
}
