//! The body of an answer, at its own pace.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame};
use tokio::time::{Instant, Sleep, sleep, sleep_until};

/// The body of an answer.
#[derive(Debug)]
pub(in crate::upstream) struct Pieces {
    frames: VecDeque<Bytes>,
    pause: Option<Duration>,
    wait: Option<Pin<Box<Sleep>>>,
    cut: bool,
}

impl Pieces {
    /// All at once.
    pub(super) fn whole(text: String) -> Self {
        Pieces {
            frames: VecDeque::from([Bytes::from(text)]),
            pause: None,
            wait: None,
            cut: false,
        }
    }

    /// Event by event, with a pause between two; broken off at the end, where it is cut.
    pub(super) fn events(frames: VecDeque<Bytes>, pause: Option<Duration>, cut: bool) -> Self {
        Pieces {
            frames,
            pause,
            wait: None,
            cut,
        }
    }

    /// Waits before the first of them.
    pub(super) fn wait(&mut self, long: Duration) {
        self.wait = Some(Box::pin(sleep(long)));
    }

    /// Half of the first, and then nothing.
    pub(super) fn cut_in_half(&mut self) {
        self.cut = true;
        if let Some(frame) = self.frames.front_mut() {
            frame.truncate(frame.len() / 2);
        }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = String;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, String>>> {
        if let Some(wait) = &mut self.wait {
            std::task::ready!(wait.as_mut().poll(context));
            self.wait = None;
        }
        let Some(frame) = self.frames.pop_front() else {
            let cut = std::mem::take(&mut self.cut);
            return Poll::Ready(cut.then(|| Err("the connection was closed, as `cut-rate` asks for".to_owned())));
        };
        if let Some(pause) = self.pause {
            self.wait = Some(Box::pin(sleep_until(Instant::now() + pause)));
        }
        Poll::Ready(Some(Ok(Frame::data(frame))))
    }
}
