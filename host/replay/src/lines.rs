//! Files as lines: gzipped or not, one at a time, with a bound on the length of a line.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use flate2::bufread::MultiGzDecoder;

/// No conversation needs more; a longer line is skipped without being held.
const LONGEST_LINE: u64 = 64 << 20;

/// A line, and where it came from.
#[derive(Clone, Debug)]
pub struct Line {
    /// The file.
    pub file: Arc<str>,
    /// Its number in the file, from 1.
    pub number: usize,
    /// The line without its end, or why it could not be taken.
    pub text: Result<String, String>,
    /// Bytes of all files up to here as they lie on disk, for a progress bar.
    pub position: u64,
}

impl Line {
    /// File and line, as compilers write them.
    pub fn place(&self) -> String {
        format!("{}:{}", self.file, self.number)
    }

    /// Whether nothing stands in it.
    pub fn is_blank(&self) -> bool {
        self.text.as_ref().is_ok_and(|text| text.trim().is_empty())
    }
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{}: {what}", path.display())]
pub struct SourceError {
    path: PathBuf,
    what: String,
}

impl SourceError {
    pub(crate) fn new(path: &Path, what: impl Into<String>) -> Self {
        SourceError {
            path: path.to_owned(),
            what: what.into(),
        }
    }
}

/// Files of JSON lines.
#[derive(Debug)]
pub struct Source {
    files: Vec<(PathBuf, File)>,
    bytes: u64,
}

impl Source {
    /// Opens all files before anything is read, so that a wrong name costs nothing.
    ///
    /// # Errors
    /// A file is missing, empty, or a folder.
    pub fn open(paths: &[PathBuf]) -> Result<Self, SourceError> {
        let mut source = Source {
            files: Vec::new(),
            bytes: 0,
        };
        for path in paths {
            let fault = |what: &str| SourceError::new(path, what);
            let file = File::open(path).map_err(|error| fault(&format!("cannot be opened: {error}")))?;
            let about = file
                .metadata()
                .map_err(|error| fault(&format!("cannot be read: {error}")))?;
            if about.is_dir() {
                return Err(fault("is a folder: name its files"));
            }
            if about.is_file() && about.len() == 0 {
                return Err(fault("is empty: there is nothing to run"));
            }
            source.bytes += about.len();
            source.files.push((path.clone(), file));
        }
        Ok(source)
    }

    /// Bytes of all files as they lie on disk.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Hands on line after line, until `take` says no. Blocks.
    ///
    /// # Errors
    /// A file cannot be read on. What is wrong with a single line comes in the line's place.
    pub fn read(self, mut take: impl FnMut(Line) -> bool) -> Result<(), SourceError> {
        let mut done = 0;
        for (path, file) in self.files {
            let size = file.metadata().map_or(0, |about| about.len());
            let name: Arc<str> = path.display().to_string().into();
            let position = Arc::new(AtomicU64::new(0));
            let counted = Counted {
                inner: file,
                read: position.clone(),
            };
            let fault = |error: std::io::Error| SourceError::new(&path, format!("cannot be read on: {error}"));
            let mut lines = lines(counted).map_err(fault)?;
            for number in 1.. {
                let Some(mut text) = next_line(&mut lines).map_err(fault)? else {
                    break;
                };
                // Some editors begin a file with a byte order mark, which is no part of its first line.
                if let (1, Ok(first)) = (number, &mut text)
                    && first.starts_with('\u{feff}')
                {
                    first.remove(0);
                }
                let line = Line {
                    file: name.clone(),
                    number,
                    text,
                    position: done + position.load(Relaxed).min(size),
                };
                if !take(line) {
                    return Ok(());
                }
            }
            done += size;
        }
        Ok(())
    }
}

/// Counts what was read of a file, compressed or not.
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

fn lines(file: Counted) -> std::io::Result<Box<dyn BufRead + Send>> {
    let mut file = BufReader::with_capacity(256 << 10, file);
    Ok(if file.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
        Box::new(BufReader::with_capacity(256 << 10, MultiGzDecoder::new(file)))
    } else {
        Box::new(file)
    })
}

/// The next line without its end; `None` after the last. A line that cannot be taken comes as an error in its place.
fn next_line(lines: &mut dyn BufRead) -> std::io::Result<Option<Result<String, String>>> {
    let mut line = Vec::new();
    let read = lines.take(LONGEST_LINE).read_until(b'\n', &mut line)?;
    if read == 0 {
        return Ok(None);
    }
    if read as u64 == LONGEST_LINE && line.last() != Some(&b'\n') {
        skip_line(lines)?;
        return Ok(Some(Err(format!("longer than {} MiB: left out", LONGEST_LINE >> 20))));
    }
    while matches!(line.last(), Some(b'\n' | b'\r')) {
        line.pop();
    }
    let text = String::from_utf8(line);
    Ok(Some(text.map_err(|error| {
        format!("not valid UTF-8 from byte {}", error.utf8_error().valid_up_to())
    })))
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn read(bytes: &[u8]) -> Vec<Line> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let mut lines = Vec::new();
        let source = Source::open(&[file.path().to_owned()]).unwrap();
        source
            .read(|line| {
                lines.push(line);
                true
            })
            .unwrap();
        lines
    }

    #[test]
    fn lines_come_with_their_numbers_gzipped_or_not() {
        let mut zipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        zipped.write_all(b"a\r\n\nb").unwrap();
        for bytes in [b"a\r\n\nb".to_vec(), zipped.finish().unwrap()] {
            let lines = read(&bytes);
            let texts: Vec<_> = lines.iter().map(|line| line.text.clone().unwrap()).collect();
            assert_eq!((texts, lines[2].number), (vec!["a".into(), "".into(), "b".into()], 3));
            assert_eq!(lines[2].position, bytes.len() as u64);
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_line() {
        let texts: Vec<_> = { read("\u{feff}a\n\u{feff}b\n".as_bytes()).into_iter() }
            .map(|line| line.text.unwrap())
            .collect();
        assert_eq!(texts, ["a", "\u{feff}b"], "further on it is what was written");
    }

    #[test]
    fn a_line_that_is_no_text_is_said_to_be_none_and_the_rest_goes_on() {
        let lines = read(b"a\n\xff\xfe\nb\n");
        assert!(lines[1].text.as_ref().unwrap_err().contains("UTF-8 from byte 0"));
        assert_eq!(lines[2].text.as_deref(), Ok("b"));
    }

    #[test]
    fn a_wrong_file_is_named_before_anything_is_read() {
        let missing = Source::open(&["missing.jsonl".into()]).unwrap_err().to_string();
        assert!(
            missing.contains("missing.jsonl") && missing.contains("cannot be opened"),
            "{missing}"
        );
        let folder = tempfile::tempdir().unwrap();
        let error = Source::open(&[folder.path().to_owned()]).unwrap_err().to_string();
        assert!(error.contains("folder"), "{error}");
    }
}
