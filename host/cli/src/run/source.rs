//! Files as lines: gzipped or not, one at a time, with a bound on the length of a line.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use anyhow::Context as _;
use flate2::bufread::MultiGzDecoder;

use super::case::Item;

/// No conversation needs more; a longer line is skipped without being held.
const LONGEST_LINE: u64 = 64 << 20;

/// The files of one run.
pub(super) struct Source {
    files: Vec<(PathBuf, File)>,
    /// Bytes of all files as they lie on disk.
    pub(super) bytes: u64,
}

/// Opens all files before anything is run, so that a wrong name costs nothing.
pub(super) fn open(paths: &[PathBuf]) -> anyhow::Result<Source> {
    let mut source = Source {
        files: Vec::new(),
        bytes: 0,
    };
    for path in paths {
        let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
        let about = file
            .metadata()
            .with_context(|| format!("cannot read {}", path.display()))?;
        anyhow::ensure!(!about.is_dir(), "{} is a directory: name its files", path.display());
        anyhow::ensure!(
            about.len() > 0 || !about.is_file(),
            "{} is empty: there is nothing to run",
            path.display()
        );
        source.bytes += about.len();
        source.files.push((path.clone(), file));
    }
    Ok(source)
}

impl Source {
    /// Hands on line after line, until `take` says no.
    pub(super) fn read(self, mut take: impl FnMut(Item) -> bool) -> anyhow::Result<()> {
        let mut done = 0;
        for (path, file) in self.files {
            let size = file.metadata().map_or(0, |about| about.len());
            let name: Arc<str> = path.display().to_string().into();
            let position = Arc::new(AtomicU64::new(0));
            let counted = Counted {
                inner: file,
                read: position.clone(),
            };
            let mut lines = lines(counted, &path)?;
            for number in 1.. {
                let (line, more) = next_line(&mut lines).with_context(|| format!("{name}: line {number}"))?;
                if !more {
                    break;
                }
                let item = Item {
                    file: name.clone(),
                    number,
                    line,
                    position: done + position.load(Relaxed).min(size),
                };
                if !take(item) {
                    return Ok(());
                }
            }
            done += size;
        }
        Ok(())
    }
}

/// Counts what was read of a file, compressed or not, for the progress bar.
struct Counted {
    inner: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read.fetch_add(read as u64, Relaxed);
        Ok(read)
    }
}

fn lines(file: Counted, path: &Path) -> anyhow::Result<Box<dyn BufRead + Send>> {
    let mut file = BufReader::with_capacity(256 << 10, file);
    let start = file
        .fill_buf()
        .with_context(|| format!("cannot read {}", path.display()))?;
    Ok(if start.starts_with(&[0x1f, 0x8b]) {
        Box::new(BufReader::with_capacity(256 << 10, MultiGzDecoder::new(file)))
    } else {
        Box::new(file)
    })
}

/// The next line without its end, and whether there was one. A line that is too long comes as an error in its place.
fn next_line(lines: &mut dyn BufRead) -> std::io::Result<(Result<Vec<u8>, String>, bool)> {
    let mut line = Vec::new();
    let read = lines.take(LONGEST_LINE).read_until(b'\n', &mut line)?;
    if read == 0 {
        return Ok((Ok(line), false));
    }
    if read as u64 == LONGEST_LINE && line.last() != Some(&b'\n') {
        skip_line(lines)?;
        return Ok((Err(format!("the line is longer than {} MiB", LONGEST_LINE >> 20)), true));
    }
    while matches!(line.last(), Some(b'\n' | b'\r')) {
        line.pop();
    }
    Ok((Ok(line), true))
}

fn skip_line(lines: &mut dyn BufRead) -> std::io::Result<()> {
    loop {
        let buffer = lines.fill_buf()?;
        let (used, end) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        lines.consume(used);
        if end {
            return Ok(());
        }
    }
}
