//! Requests under way, counted; and whether balancers are told to go elsewhere.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::{CONNECTION, HeaderValue};
use hyper::{Request, Response};

use crate::live::Live;
use crate::reply::ReplyBody;
use crate::service;

/// What is under way.
#[derive(Debug, Default)]
pub(crate) struct Flow {
    in_flight: Arc<AtomicUsize>,
    draining: AtomicBool,
}

/// Counts one request for as long as it lives.
struct UnderWay(Arc<AtomicUsize>);

/// A body that is under way until it is dropped.
pub(crate) struct Watched {
    body: ReplyBody,
    _under_way: UnderWay,
}

impl Flow {
    /// Requests whose response has not ended.
    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::Acquire)
    }

    /// Whether the gateway says that it is not ready, and ends connections after their next response.
    pub(crate) fn draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }

    /// Begins to say so, or ends.
    pub(crate) fn drain(&self, draining: bool) {
        self.draining.store(draining, Ordering::Release);
    }

    fn begin(&self) -> UnderWay {
        self.in_flight.fetch_add(1, Ordering::AcqRel);
        UnderWay(self.in_flight.clone())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Answers one request with what serves now.
pub(crate) async fn serve(live: Arc<Live>, request: Request<Incoming>) -> Result<Response<Watched>, Infallible> {
    let under_way = live.flow.begin();
    let gateway = live.now();
    let metrics = gateway.metrics.clone();
    let api = api(request.uri().path());
    let mut response = service::serve(gateway, request).await?;
    metrics.responded(api, response.status());
    if live.flow.draining() {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    Ok(response.map(|body| Watched {
        body,
        _under_way: under_way,
    }))
}

/// Which API a path belongs to, of a fixed set.
fn api(path: &str) -> &'static str {
    match path {
        "/v1/chat/completions" => "chat",
        "/v1/messages" => "messages",
        "/v1/messages/count_tokens" => "count_tokens",
        "/v1/responses" => "responses",
        "/v1/embeddings" => "embeddings",
        "/health" => "health",
        _ if path.starts_with("/v1/models") => "models",
        _ => "other",
    }
}

impl Body for Watched {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
