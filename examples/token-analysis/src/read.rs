//! Reads conversations line by line, plain or gzipped; a bad line is reported, and the rest goes on.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::Context;
use flate2::bufread::MultiGzDecoder;
use indicatif::{ProgressBar, ProgressStyle};
use pointsman::Request;

/// The conversations of a file, with a progress bar on the terminal.
pub(crate) struct Lines {
    source: Box<dyn BufRead>,
    name: String,
    number: usize,
    progress: ProgressBar,
}

impl Lines {
    /// Opens a file; whether it is gzipped is seen from its first bytes.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let file = File::open(path).with_context(|| format!("{name} cannot be opened"))?;
        let progress = ProgressBar::new(file.metadata().map_or(0, |about| about.len()));
        // The template is a constant, and a plain bar is no loss.
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {bytes} of {total_bytes}, {msg} lines") {
            progress.set_style(style);
        }
        let mut plain = BufReader::new(progress.wrap_read(file));
        let start = plain.fill_buf().with_context(|| format!("{name} cannot be read"))?;
        let source: Box<dyn BufRead> = match start {
            [0x1f, 0x8b, ..] => Box::new(BufReader::new(MultiGzDecoder::new(plain))),
            _ => Box::new(plain),
        };
        Ok(Lines {
            source,
            name,
            number: 0,
            progress,
        })
    }

    /// The next line that is not empty, by its number from 1: a conversation, or what is wrong with the line.
    pub(crate) fn next(&mut self) -> anyhow::Result<Option<(usize, Result<Request, String>)>> {
        let mut line = Vec::new();
        loop {
            line.clear();
            let after = self.number;
            let read = self.source.read_until(b'\n', &mut line);
            if read.with_context(|| format!("{} cannot be read further after line {after}", self.name))? == 0 {
                return Ok(None);
            }
            self.number += 1;
            if !line.trim_ascii().is_empty() {
                self.progress.set_message(self.number.to_string());
                return Ok(Some((self.number, request(&line))));
            }
        }
    }

    /// Writes to the terminal without tearing the bar.
    pub(crate) fn aside(&self, write: impl FnOnce()) {
        self.progress.suspend(write);
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.progress.finish_and_clear();
    }
}

fn request(line: &[u8]) -> Result<Request, String> {
    let line = std::str::from_utf8(line).map_err(|error| format!("byte {} is not UTF-8", error.valid_up_to()))?;
    Request::from_json(line.trim_start_matches('\u{feff}')).map_err(|error| error.to_string())
}

/// Bad lines: the first ones in words, the others as a number.
#[derive(Debug, Default)]
pub(crate) struct Complaints(usize);

impl Complaints {
    const SHOWN: usize = 10;

    pub(crate) fn add(&mut self, line: usize, error: &str) {
        self.0 += 1;
        if self.0 <= Self::SHOWN {
            eprintln!("line {line}: {error}");
        }
    }

    pub(crate) fn close(&self) {
        if self.0 > Self::SHOWN {
            eprintln!("and {} more lines like these", self.0 - Self::SHOWN);
        }
        if self.0 > 0 {
            eprintln!("{} bad lines were left out", self.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    fn read(bytes: &[u8]) -> Vec<(usize, Result<usize, String>)> {
        let file = file(bytes);
        let mut lines = Lines::open(file.path()).unwrap();
        std::iter::from_fn(|| lines.next().unwrap())
            .map(|(n, line)| (n, line.map(|r| r.messages().len())))
            .collect()
    }

    const GOOD: &str = r#"{"id": 1, "messages": [{"role": "user", "content": "hi", "session": 3}]}"#;

    #[test]
    fn bad_lines_are_named_by_their_number_and_the_rest_goes_on() {
        let text = [GOOD.as_bytes(), b"\n\n{\n\xff\n{\"id\": 2}\n", GOOD.as_bytes()].concat();
        let lines = read(&text);
        assert_eq!(
            lines.iter().map(|(number, _)| *number).collect::<Vec<_>>(),
            [1, 3, 4, 5, 6]
        );
        assert_eq!((&lines[0].1, &lines[4].1), (&Ok(1), &Ok(1)));
        for (line, word) in [(1, "JSON"), (2, "UTF-8"), (3, "messages")] {
            let error = lines[line].1.as_ref().unwrap_err();
            assert!(error.contains(word), "{error}");
        }
    }

    #[test]
    fn a_gzipped_file_is_told_by_its_bytes() {
        let mut gz = GzEncoder::new(Vec::new(), Compression::default());
        writeln!(gz, "{GOOD}").unwrap();
        assert_eq!(read(&gz.finish().unwrap()), [(1, Ok(1))]);
    }

    #[test]
    fn a_gzipped_file_that_ends_early_says_after_which_line() {
        let mut gz = GzEncoder::new(Vec::new(), Compression::default());
        writeln!(gz, "{GOOD}").unwrap();
        let whole = gz.finish().unwrap();
        let file = file(&whole[..whole.len() - 9]);
        let mut lines = Lines::open(file.path()).unwrap();
        let error = std::iter::repeat_with(|| lines.next()).find_map(Result::err).unwrap();
        assert!(error.to_string().contains("after line"), "{error}");
    }
}
