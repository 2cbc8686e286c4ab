//! A response body that is written by a future. The body polls the future, so that nothing runs ahead of the client, and
//! drops it when the client is gone.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame};
use tokio::sync::mpsc;

/// Where the future writes. One piece waits at most: then the writer does.
pub(crate) struct Outgoing(mpsc::Sender<Bytes>);

impl Outgoing {
    /// Hands a piece to the client once it takes one.
    pub(crate) async fn send(&self, piece: Bytes) {
        // The receiver and this future are dropped together, so that there is always one to take it.
        let _ = self.0.send(piece).await;
    }
}

/// The body.
pub(crate) struct Streamed {
    write: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    pieces: mpsc::Receiver<Bytes>,
}

/// A body that is what `write` sends.
pub(crate) fn streamed<F>(write: impl FnOnce(Outgoing) -> F) -> Streamed
where
    F: Future<Output = ()> + Send + 'static,
{
    let (sender, pieces) = mpsc::channel(1);
    Streamed {
        write: Some(Box::pin(write(Outgoing(sender)))),
        pieces,
    }
}

impl Body for Streamed {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(write) = &mut self.write
            && write.as_mut().poll(context).is_ready()
        {
            self.write = None;
        }
        self.pieces
            .poll_recv(context)
            .map(|piece| piece.map(|piece| Ok(Frame::data(piece))))
    }
}
