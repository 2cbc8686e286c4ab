//! A response body that is written by a future. The body polls the future, so that nothing runs ahead of the client, and
//! drops it when the client is gone.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame};

/// Where one piece waits until it is taken. Nobody is ever woken for it: the one that takes it is the one that polls the writer.
#[derive(Clone, Default)]
struct Place(Arc<Mutex<Option<Bytes>>>);

impl Place {
    /// Whether the piece was put there, which is left where it is while another waits.
    fn put(&self, piece: &mut Bytes) -> bool {
        let mut place = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let free = place.is_none();
        if free {
            *place = Some(std::mem::take(piece));
        }
        free
    }

    fn take(&self) -> Option<Bytes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Where the future writes. One piece waits at most: then the writer does.
pub(crate) struct Outgoing(Place);

impl Outgoing {
    /// Hands a piece to the client once it takes one.
    pub(crate) async fn send(&self, mut piece: Bytes) {
        poll_fn(|_| match self.0.put(&mut piece) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        })
        .await;
    }
}

/// The body.
pub(crate) struct Streamed {
    write: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    place: Place,
}

/// A body that is what `write` sends.
pub(crate) fn streamed<F>(write: impl FnOnce(Outgoing) -> F) -> Streamed
where
    F: Future<Output = ()> + Send + 'static,
{
    let place = Place::default();
    Streamed {
        write: Some(Box::pin(write(Outgoing(place.clone())))),
        place,
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
        match self.place.take() {
            Some(piece) => Poll::Ready(Some(Ok(Frame::data(piece)))),
            None if self.write.is_none() => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn the_writer_runs_no_more_than_one_piece_ahead() {
        let written = Arc::new(Mutex::new(0));
        let count = written.clone();
        let mut body = streamed(move |out| async move {
            for piece in ["a", "b", "c"] {
                out.send(piece.into()).await;
                *count.lock().unwrap() += 1;
            }
        });
        for (piece, ahead) in [("a", 1), ("b", 2), ("c", 3)] {
            let frame = body.frame().await.unwrap().unwrap();
            assert_eq!(
                (frame.into_data().unwrap(), *written.lock().unwrap()),
                (piece.into(), ahead)
            );
        }
        assert!(body.frame().await.is_none());
    }
}
