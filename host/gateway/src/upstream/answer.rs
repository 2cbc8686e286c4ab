//! What an upstream answers, piece by piece or whole.

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::StatusCode;
use hyper::body::{Body, Frame};
use hyper::header::HeaderMap;

use super::error::chain;
use super::{AskError, Upstream, body, simulated};
use crate::limit::Limit;

/// A provider's answer, whatever its status.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: AnswerBody,
}

/// The pieces of an answer, each waited for no longer than the upstream's silence allows.
pub(crate) struct AnswerBody {
    pieces: Pieces,
    silence: Limit,
    /// For all of one that is not streamed.
    all: Duration,
    name: Arc<str>,
}

pub(super) enum Pieces {
    Http(body::Pieces),
    Simulated(simulated::Pieces),
}

impl AnswerBody {
    /// What an upstream answers.
    pub(super) fn new(pieces: Pieces, from: &Upstream) -> Self {
        AnswerBody {
            pieces,
            silence: from.silence.clone(),
            all: from.first_byte.length(),
            name: from.name.clone(),
        }
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// The answer broke off, or nothing came in time.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, AskError> {
        loop {
            let frame = async {
                match &mut self.pieces {
                    Pieces::Http(body) => body.frame().await.transpose().map_err(|error| chain(&error)),
                    Pieces::Simulated(body) => next_frame(Pin::new(body)).await,
                }
            };
            let frame = self.silence.hold(frame).await.ok_or_else(|| AskError::Silent {
                upstream: self.name.clone(),
                seconds: self.silence.length().as_secs_f64(),
            })?;
            let frame = frame.map_err(|why| AskError::Cut {
                upstream: self.name.clone(),
                why,
            })?;
            match frame.map(Frame::into_data) {
                None => return Ok(None),
                Some(Ok(data)) if !data.is_empty() => return Ok(Some(data)),
                // Trailers, and frames without data, say nothing here.
                Some(_) => {}
            }
        }
    }

    /// It has said that it is over: nothing more is wanted of it.
    pub(crate) fn over(self) {
        if let Pieces::Http(pieces) = self.pieces {
            pieces.over();
        }
    }

    /// The whole answer.
    ///
    /// # Errors
    /// As [`AnswerBody::next`], or it is longer than `limit` bytes, or does not end: pieces that keep coming are not waited for
    /// longer than its first byte is.
    pub(crate) async fn whole(&mut self, limit: usize) -> Result<Bytes, AskError> {
        let begun = Instant::now();
        let Some(first) = self.next().await? else {
            return Ok(Bytes::new());
        };
        let too_long = || AskError::TooLong {
            upstream: self.name.clone(),
            limit,
        };
        if first.len() > limit {
            return Err(too_long());
        }
        let mut all: Option<Vec<u8>> = None;
        while let Some(piece) = self.next().await? {
            let all = all.get_or_insert_with(|| first.to_vec());
            if all.len() + piece.len() > limit {
                return Err(AskError::TooLong {
                    upstream: self.name.clone(),
                    limit,
                });
            }
            all.extend_from_slice(&piece);
            if begun.elapsed() > self.all {
                return Err(AskError::Endless {
                    upstream: self.name.clone(),
                    seconds: self.all.as_secs_f64(),
                });
            }
        }
        Ok(all.map_or(first, Bytes::from))
    }
}

async fn next_frame<B: Body<Error = String> + Unpin>(mut body: Pin<&mut B>) -> Result<Option<Frame<B::Data>>, String> {
    std::future::poll_fn(|context| body.as_mut().poll_frame(context))
        .await
        .transpose()
}
