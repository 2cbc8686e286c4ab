//! The connections to one provider that are free, kept for the next requests.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::service::Service;
use hyper::{Request, Response, Uri};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::service::TowerToHyperService;
use tokio::time::{Instant, sleep};

use super::body::Pieces;
use super::connect::connector;
use super::connection::{Connection, Unanswered};
use super::error::chain;
use crate::config::ConfigError;

/// How long a free connection is kept: providers close theirs after about as long.
const IDLE: Duration = Duration::from_secs(60);

/// Free connections that are kept at most: more than a steady load ever has at once, and little of what a burst leaves behind.
const MOST: usize = 256;

/// Connects to one provider.
pub(super) struct Pool {
    origin: Uri,
    connector: TowerToHyperService<HttpsConnector<HttpConnector>>,
    free: Mutex<Free>,
}

#[derive(Default)]
struct Free {
    /// The one that was used last is taken first, so that what is not needed grows old.
    connections: Vec<Idle>,
    /// Whether somebody looks for those that grew old.
    watched: bool,
}

struct Idle {
    connection: Box<Connection>,
    since: Instant,
}

/// Why a request has no answer.
#[derive(Debug)]
pub(super) struct Lost {
    pub(super) why: String,
    /// Whether any of it may have reached the provider, which then may bill it.
    pub(super) sent: bool,
}

impl Pool {
    pub(super) fn new(origin: Uri, connect: Duration, place: &str) -> Result<Arc<Self>, ConfigError> {
        let connector = connector(origin.scheme_str() == Some("https"), connect, place)?;
        Ok(Arc::new(Pool {
            origin,
            connector: TowerToHyperService::new(connector),
            free: Mutex::default(),
        }))
    }

    /// Sends a request and gives the answer once its head is there.
    pub(super) async fn send(self: &Arc<Self>, mut request: Request<Full<Bytes>>) -> Result<Response<Pieces>, Lost> {
        loop {
            let kept = self.take();
            let used = kept.is_some();
            let mut connection = match kept {
                Some(connection) => connection,
                // Boxed: else each request would have room for how connections are made.
                None => Box::pin(self.connect())
                    .await
                    .map_err(|why| Lost { why, sent: false })?,
            };
            match connection.send(request).await {
                Ok(response) => {
                    return Ok(response.map(|body| Pieces::new(body, connection, self.clone())));
                }
                // The provider closed it meanwhile.
                Err(Unanswered {
                    unsent: Some(again), ..
                }) if used => request = again,
                Err(Unanswered { why, unsent }) => {
                    let sent = unsent.is_none();
                    return Err(Lost { why, sent });
                }
            }
        }
    }

    async fn connect(&self) -> Result<Box<Connection>, String> {
        let io = self.connector.call(self.origin.clone()).await;
        let io = io.map_err(|error| chain(&*error))?;
        Ok(Box::new(Connection::new(io).await.map_err(|error| chain(&error))?))
    }

    fn take(&self) -> Option<Box<Connection>> {
        let mut free = self.lock();
        while let Some(mut last) = free.connections.pop() {
            if last.since.elapsed() < IDLE && last.connection.is_free() {
                return Some(last.connection);
            }
        }
        None
    }

    /// Keeps a connection that is free, and closes any other.
    pub(super) fn give(self: &Arc<Self>, mut connection: Box<Connection>) {
        if !connection.is_free() {
            return;
        }
        let mut free = self.lock();
        if free.connections.len() >= MOST {
            return;
        }
        let since = Instant::now();
        free.connections.push(Idle { connection, since });
        if !free.watched {
            free.watched = true;
            tokio::spawn(watch(Arc::downgrade(self)));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Free> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes what nobody needed for too long, as long as there is something to close.
async fn watch(pool: Weak<Pool>) {
    loop {
        sleep(IDLE).await;
        let Some(pool) = pool.upgrade() else { return };
        let mut free = pool.lock();
        let old = free.connections.iter().take_while(|idle| idle.since.elapsed() >= IDLE);
        let old = old.count();
        free.connections.drain(..old);
        if free.connections.is_empty() {
            free.watched = false;
            return;
        }
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pool").field(&self.origin).finish()
    }
}

#[cfg(test)]
mod tests {
    use hyper::Method;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    /// A server, and a pool of connections to it.
    async fn served() -> (TcpListener, Arc<Pool>) {
        let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", server.local_addr().unwrap()).parse().unwrap();
        (
            server,
            Pool::new(origin, Duration::from_secs(5), "upstreams[0]").unwrap(),
        )
    }

    /// Waits for the end of a request's head, and answers.
    async fn answer(stream: &mut TcpStream, answer: &str) {
        let (mut head, mut byte) = (Vec::new(), [0]);
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).await.unwrap();
            head.push(byte[0]);
        }
        stream.write_all(answer.as_bytes()).await.unwrap();
    }

    async fn asked(pool: &Arc<Pool>) -> Result<Response<Pieces>, Lost> {
        let mut request = Request::new(Full::new(Bytes::new()));
        *request.method_mut() = Method::GET;
        pool.send(request).await
    }

    async fn read(pieces: &mut Pieces) -> String {
        let mut all = String::new();
        while let Some(frame) = pieces.frame().await {
            all += std::str::from_utf8(frame.unwrap().data_ref().unwrap()).unwrap();
        }
        all
    }

    const WHOLE: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    const CHUNKS: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n3\r\nfin\r\n0\r\n\r\n";
    const CLOSED: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nok";

    #[tokio::test]
    async fn a_connection_serves_one_request_after_the_other() {
        let (server, pool) = served().await;
        tokio::spawn(async move {
            let (mut only, _) = server.accept().await.unwrap();
            answer(&mut only, WHOLE).await;
            answer(&mut only, CHUNKS).await;
            answer(&mut only, CLOSED).await;
            drop(only);
            let (mut next, _) = server.accept().await.unwrap();
            answer(&mut next, "HTTP/1.1 204 No Content\r\n\r\n").await;
            answer(&mut next, WHOLE).await;
        });
        for said in ["ok", "okfin", "ok", "", "ok"] {
            let mut pieces = asked(&pool).await.unwrap().into_body();
            assert_eq!(read(&mut pieces).await, said);
        }
    }

    #[tokio::test]
    async fn what_the_provider_closed_meanwhile_is_replaced() {
        let (server, pool) = served().await;
        tokio::spawn(async move {
            for _ in 0..2 {
                let (mut stream, _) = server.accept().await.unwrap();
                answer(&mut stream, WHOLE).await;
            }
        });
        for _ in 0..2 {
            assert_eq!(read(asked(&pool).await.unwrap().body_mut()).await, "ok");
            while pool.lock().connections.iter_mut().any(|idle| idle.connection.is_free()) {
                sleep(Duration::from_millis(1)).await;
            }
        }
        let lost = asked(&pool).await.err().unwrap();
        assert!(!lost.sent && lost.why.contains("refused"), "{lost:?}");
    }

    #[tokio::test]
    async fn of_what_a_burst_leaves_behind_some_is_kept() {
        let (server, pool) = served().await;
        tokio::spawn(async move {
            let mut open = Vec::new();
            while let Ok((mut stream, _)) = server.accept().await {
                answer(&mut stream, WHOLE).await;
                open.push(stream);
            }
        });
        let mut burst = Vec::new();
        for _ in 0..MOST + 2 {
            burst.push(asked(&pool).await.unwrap().into_body());
        }
        for mut pieces in burst {
            assert_eq!(read(&mut pieces).await, "ok");
        }
        assert_eq!(pool.lock().connections.len(), MOST);
    }

    #[tokio::test]
    async fn an_answer_that_nobody_reads_to_its_end_takes_its_connection_along() {
        let (server, pool) = served().await;
        let pieces = tokio::spawn({
            let pool = pool.clone();
            async move { asked(&pool).await.unwrap().into_body() }
        });
        let (mut stream, _) = server.accept().await.unwrap();
        answer(&mut stream, "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok").await;
        let mut pieces = pieces.await.unwrap();
        assert!(pieces.frame().await.is_some());
        drop(pieces);
        assert_eq!(stream.read(&mut [0]).await.unwrap(), 0, "closed at once");
        assert!(pool.take().is_none());
    }

    #[tokio::test]
    async fn an_answer_that_is_over_gives_its_connection_back_once_its_end_has_come() {
        let (server, pool) = served().await;
        for (end, kept) in [("0\r\n\r\n", true), ("4\r\nmore\r\n", false)] {
            let pieces = tokio::spawn({
                let pool = pool.clone();
                async move { asked(&pool).await.unwrap().into_body() }
            });
            let (mut stream, _) = server.accept().await.unwrap();
            answer(&mut stream, &CHUNKS[..CHUNKS.len() - "0\r\n\r\n".len()]).await;
            let mut pieces = pieces.await.unwrap();
            for _ in 0..2 {
                assert!(pieces.frame().await.is_some());
            }
            pieces.over();
            tokio::task::yield_now().await;
            assert!(pool.take().is_none(), "the end is not there");
            stream.write_all(end.as_bytes()).await.unwrap();
            if kept {
                while pool.take().is_none() {
                    sleep(Duration::from_millis(1)).await;
                }
            } else {
                assert_eq!(stream.read(&mut [0]).await.unwrap(), 0, "closed");
                assert!(pool.take().is_none());
            }
        }
    }

    #[tokio::test]
    async fn what_nobody_needs_is_closed_after_a_while() {
        let (server, pool) = served().await;
        let pieces = tokio::spawn({
            let pool = pool.clone();
            async move { read(asked(&pool).await.unwrap().body_mut()).await }
        });
        let (mut stream, _) = server.accept().await.unwrap();
        answer(&mut stream, WHOLE).await;
        pieces.await.unwrap();
        assert_eq!(pool.lock().connections.len(), 1);
        tokio::time::pause();
        sleep(IDLE * 2).await;
        let free = pool.lock();
        assert!(free.connections.is_empty() && !free.watched);
    }
}
