//! From bytes as the network cuts them to whole events. Nothing is read as text before an event is whole, so that a
//! character may be cut anywhere.

use bytes::{Bytes, BytesMut};

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    /// As it came, with the empty line that ends it.
    pub(crate) raw: Bytes,
    /// Its lines of data, joined by line feeds; empty for a comment.
    pub(crate) data: Bytes,
}

/// The stream is not one that can be read on.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Broken {
    /// An event has no end in sight.
    #[error("an event of the stream is longer than {limit} bytes, the limit of `server.event-limit-kib`")]
    TooLong {
        /// The limit.
        limit: usize,
    },
}

/// Collects bytes until an event is whole.
#[derive(Debug)]
pub(crate) struct Decoder {
    buffer: BytesMut,
    /// Bytes at the front that are known to hold no end of an event.
    searched: usize,
    limit: usize,
    begun: bool,
}

impl Decoder {
    /// Events may have up to `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Decoder {
            buffer: BytesMut::new(),
            searched: 0,
            limit,
            begun: false,
        }
    }

    /// Takes what has arrived.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
        if !self.begun && self.buffer.len() >= 3 {
            self.begun = true;
            if self.buffer.starts_with(b"\xef\xbb\xbf") {
                drop(self.buffer.split_to(3));
                self.searched = 0;
            }
        }
    }

    /// The next whole event; `None` until more has arrived.
    ///
    /// # Errors
    /// The event is longer than the limit.
    pub(crate) fn next(&mut self) -> Result<Option<Event>, Broken> {
        loop {
            let Some(end) = self.end() else {
                if self.buffer.len() > self.limit {
                    return Err(Broken::TooLong { limit: self.limit });
                }
                return Ok(None);
            };
            if end > self.limit {
                return Err(Broken::TooLong { limit: self.limit });
            }
            self.searched = 0;
            let raw = self.buffer.split_to(end).freeze();
            // Empty lines between events carry nothing.
            if raw.iter().any(|byte| !matches!(byte, b'\r' | b'\n')) {
                return Ok(Some(event(raw)));
            }
        }
    }

    /// What is left when the stream has ended: some servers leave the last empty line out.
    pub(crate) fn rest(&mut self) -> Option<Event> {
        let raw = self.buffer.split().freeze();
        raw.iter()
            .any(|byte| !matches!(byte, b'\r' | b'\n'))
            .then(|| event(raw))
    }

    /// One past the empty line that ends the first event. Lines end with LF, CR LF or CR.
    fn end(&mut self) -> Option<usize> {
        let bytes = &self.buffer[..];
        let mut at = self.searched;
        while let Some(found) = bytes[at..].iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            let first = at + found;
            let after = line_end(bytes, first)?;
            // The line after this end is empty where another end follows at once, or the event began with this one.
            if first == 0 {
                return Some(after);
            }
            match bytes.get(after) {
                Some(b'\n' | b'\r') => return line_end(bytes, after),
                Some(_) => at = after,
                None => {
                    self.searched = first;
                    return None;
                }
            }
        }
        self.searched = bytes.len();
        None
    }
}

/// One past the line end that begins here; `None` where a CR is the last byte, and an LF may still belong to it.
fn line_end(bytes: &[u8], at: usize) -> Option<usize> {
    match (bytes[at], bytes.get(at + 1)) {
        (b'\r', Some(b'\n')) => Some(at + 2),
        (b'\r', None) => None,
        _ => Some(at + 1),
    }
}

fn event(raw: Bytes) -> Event {
    let mut lines = raw
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .filter_map(|line| line.strip_prefix(b"data"))
        .filter_map(|line| {
            if line.is_empty() {
                Some(line)
            } else {
                line.strip_prefix(b":")
            }
        })
        .map(|line| line.strip_prefix(b" ").unwrap_or(line));
    let first = lines.next().unwrap_or_default();
    let data = match lines.next() {
        // The common case borrows.
        None => raw.slice_ref(first),
        Some(second) => {
            let mut all = first.to_vec();
            for line in std::iter::once(second).chain(lines) {
                all.push(b'\n');
                all.extend_from_slice(line);
            }
            all.into()
        }
    };
    Event { raw, data }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(pieces: &[&[u8]]) -> Vec<String> {
        let mut decoder = Decoder::new(1_000);
        let mut all = Vec::new();
        for piece in pieces {
            decoder.push(piece);
            while let Some(event) = decoder.next().unwrap() {
                all.push(event);
            }
        }
        all.extend(decoder.rest());
        all.iter()
            .map(|e| String::from_utf8(e.data.to_vec()).unwrap())
            .collect()
    }

    #[test]
    fn events_come_out_the_same_however_the_network_cuts_them() {
        let text = "\u{feff}data: {\"a\":\"grüße 👋\"}\n\n: ping\n\ndata:one\r\ndata: two\r\n\r\nevent: x\rdata\r\r\n\ndata: last";
        let whole = decode(&[text.as_bytes()]);
        assert_eq!(whole, ["{\"a\":\"grüße 👋\"}", "", "one\ntwo", "", "last"]);
        for size in 1..9 {
            let pieces: Vec<&[u8]> = text.as_bytes().chunks(size).collect();
            assert_eq!(decode(&pieces), whole, "pieces of {size}");
        }
    }

    #[test]
    fn raw_bytes_are_all_there() {
        let mut decoder = Decoder::new(1_000);
        let text = b"id: 7\ndata: a\n\ndata: b\n\n";
        decoder.push(text);
        let mut out = Vec::new();
        while let Some(event) = decoder.next().unwrap() {
            out.extend_from_slice(&event.raw);
        }
        assert_eq!(out, text);
    }

    #[test]
    fn a_line_without_an_end_is_refused_at_the_limit() {
        let mut decoder = Decoder::new(100);
        decoder.push(&[b'x'; 100]);
        assert_eq!(decoder.next(), Ok(None));
        decoder.push(b"x");
        assert_eq!(decoder.next(), Err(Broken::TooLong { limit: 100 }));
    }
}
