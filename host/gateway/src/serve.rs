//! Listeners: connections taken, bounded, and brought to their end without cutting a request.

mod patient;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

use patient::Patient;

use crate::limit::Limit;

/// How connections of one listener are treated.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    /// At once.
    pub(crate) connections: usize,
    /// Within this time a request's head must arrive.
    pub(crate) head: Limit,
    /// Within this time a client must take some of what it is sent.
    pub(crate) write: Duration,
    /// Within this time requests end after the stop; zero waits for the last.
    pub(crate) drain: Duration,
}

/// Said to a connection beyond the limit, which no request has been read from yet.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\nretry-after: 1\r\n\
content-length: 140\r\nconnection: close\r\n\r\n\
{\"error\":{\"message\":\"too many connections: the limit is server.connections, try again\",\"type\":\"overloaded_error\",\"param\":null,\"code\":null}}\n";

/// Serves a listener until `stop` is set, then lets requests in flight end.
pub(crate) async fn serve<S, F, B>(listener: TcpListener, door: Door, service: S, mut stop: watch::Receiver<bool>)
where
    S: Fn(Request<Incoming>) -> F + Clone + Send + 'static,
    F: Future<Output = Result<Response<B>, Infallible>> + Send + 'static,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let mut http = http1::Builder::new();
    http.timer(door.head.clone()).header_read_timeout(door.head.length());
    let room = Arc::new(Semaphore::new(door.connections));
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Out of descriptors, most likely: those that are open go on, and some will close.
                tracing::warn!("a connection could not be taken: {error}");
                sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        // Small pieces of a stream are not to wait for each other.
        let _ = stream.set_nodelay(true);
        let Ok(place) = room.clone().try_acquire_owned() else {
            refuse(stream);
            continue;
        };
        let service = service.clone();
        let connection = {
            let stream = TokioIo::new(Patient::new(stream, door.write));
            http.serve_connection(stream, hyper::service::service_fn(service))
        };
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = watched.await {
                tracing::debug!("a connection ended: {error}");
            }
            drop(place);
        });
    }
    drop(listener);
    let drained = graceful.shutdown();
    if door.drain.is_zero() {
        drained.await;
    } else if timeout(door.drain, drained).await.is_err() {
        tracing::warn!("requests were cut: they took longer than `server.drain-seconds`");
    }
}

fn refuse(mut stream: TcpStream) {
    tokio::spawn(async move {
        // Whoever does not read this in a second will not.
        let _ = timeout(Duration::from_secs(1), async {
            stream.write_all(FULL).await?;
            stream.shutdown().await
        })
        .await;
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_refusal_is_as_long_as_it_says() {
        let text = std::str::from_utf8(FULL).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(
            head.contains(&format!("content-length: {}", body.len())),
            "{}",
            body.len()
        );
    }
}
