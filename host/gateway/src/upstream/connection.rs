//! One connection to a provider. Whoever has a request on it moves it on: it has no task of its own, which would be woken
//! for each piece only to wake the one that waits for it, and does nothing that nobody waits for.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::{Body, Frame, Incoming};
use hyper::client::conn::http1;
use hyper::{Request, Response};
use hyper_rustls::MaybeHttpsStream;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::error::chain;

/// What is beneath it.
pub(super) type Io = MaybeHttpsStream<TokioIo<TcpStream>>;

pub(super) struct Connection {
    requests: http1::SendRequest<Full<Bytes>>,
    /// Reads and writes; none, once the connection has ended.
    driver: Option<http1::Connection<Io, Full<Bytes>>>,
}

/// Why a request has no answer.
pub(super) struct Unanswered {
    pub(super) why: String,
    /// The request, where nothing of it was sent.
    pub(super) unsent: Option<Request<Full<Bytes>>>,
}

impl Connection {
    pub(super) async fn new(io: Io) -> hyper::Result<Self> {
        let (requests, driver) = http1::handshake(io).await?;
        Ok(Connection {
            requests,
            driver: Some(driver),
        })
    }

    /// Sends a request and gives the answer once its head is there.
    pub(super) async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Unanswered> {
        let mut response = pin!(self.requests.try_send_request(request));
        let driver = &mut self.driver;
        let answer = std::future::poll_fn(|context| {
            drive(driver, context);
            response.as_mut().poll(&mut unwoken())
        });
        answer.await.map_err(|mut error| Unanswered {
            unsent: error.take_message(),
            why: chain(error.error()),
        })
    }

    /// The next piece of an answer's body; none at its end.
    pub(super) async fn frame(&mut self, body: &mut Incoming) -> Option<hyper::Result<Frame<Bytes>>> {
        std::future::poll_fn(|context| {
            // It says that it is wanted, and what was read already is there at once.
            if let Poll::Ready(frame) = Pin::new(&mut *body).poll_frame(&mut unwoken()) {
                return Poll::Ready(frame);
            }
            drive(&mut self.driver, context);
            Pin::new(&mut *body).poll_frame(&mut unwoken())
        })
        .await
    }

    /// Whether another request may be sent on it, as far as is known without waiting.
    pub(super) fn is_free(&mut self) -> bool {
        drive(&mut self.driver, &mut unwoken());
        self.driver.is_some() && self.requests.is_ready()
    }
}

/// Takes a connection as far as it goes by now. Answers and their pieces come of this alone: whoever waits for one has to be
/// woken for the connection, and for nothing else.
fn drive(driver: &mut Option<http1::Connection<Io, Full<Bytes>>>, context: &mut Context<'_>) {
    if let Some(open) = driver
        && Pin::new(open).poll(context).is_ready()
    {
        // Who has a request on it is told why by the answer.
        *driver = None;
    }
}

fn unwoken() -> Context<'static> {
    Context::from_waker(Waker::noop())
}
