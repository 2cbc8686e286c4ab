//! What a foreign toolchain prints: standard output and standard error, which take everything and keep the first of it.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};

/// Bytes that are kept of one call.
const KEPT: usize = 16 << 10;
/// Bytes that a guest may write at once.
const AT_ONCE: usize = 64 << 10;

/// Both streams of an instance. A guest that prints too much is not failed for it: lines beyond the room are counted.
#[derive(Clone, Default)]
pub(super) struct Printed(Arc<Mutex<Lines>>);

#[derive(Default)]
struct Lines {
    kept: Vec<u8>,
    /// Lines of which nothing was kept.
    lost: u32,
    /// Whether the last byte that was written is within a line.
    within: bool,
}

impl Printed {
    /// What was printed since this was last asked, and how many further lines were not kept.
    pub(super) fn take(&self) -> (String, u32) {
        let lines = std::mem::take(&mut *self.lines());
        (String::from_utf8_lossy(&lines.kept).into_owned(), lines.lost)
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lines {
    fn add(&mut self, bytes: &[u8]) {
        let room = KEPT.saturating_sub(self.kept.len()).min(bytes.len());
        let (kept, beyond) = bytes.split_at(room);
        self.kept.extend_from_slice(kept);
        self.within = kept.last().map_or(self.within, |last| *last != b'\n');
        for byte in beyond {
            if !self.within {
                self.lost = self.lost.saturating_add(1);
            }
            self.within = *byte != b'\n';
        }
    }
}

impl IsTerminal for Printed {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Printed {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

impl OutputStream for Printed {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.lines().add(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(AT_ONCE)
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for Printed {
    async fn ready(&mut self) {}
}

impl AsyncWrite for Printed {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.lines().add(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_beyond_the_room_are_counted_and_the_one_that_is_cut_is_not() {
        let printed = Printed::default();
        let line = format!("{}\n", "x".repeat(KEPT - 6));
        for text in [
            line.as_str(),
            "begins here",
            " and ends\n",
            "second\nthi",
            "rd\n",
            "fourth",
        ] {
            printed.lines().add(text.as_bytes());
        }
        let (kept, lost) = printed.take();
        assert_eq!((kept.len(), lost), (KEPT, 3));
        assert!(kept.ends_with("\nbegin"));
        printed.lines().add(b"there is room again");
        assert_eq!(printed.take(), ("there is room again".to_owned(), 0));
    }
}
