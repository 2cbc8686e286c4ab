//! The body of an answer, and the connection on which it comes.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming};
use tokio::time::timeout;

use super::connection::Connection;
use super::pool::Pool;

/// How long the end of an answer may take that has said all: it mostly comes along with that.
const END: Duration = Duration::from_secs(1);

/// What is still to come of an answer. Read to its end, it gives its connection back; dropped before, it closes it.
pub(super) struct Pieces {
    body: Incoming,
    /// None, once it was given back.
    connection: Option<Box<Connection>>,
    pool: Arc<Pool>,
}

impl Pieces {
    pub(super) fn new(body: Incoming, connection: Box<Connection>, pool: Arc<Pool>) -> Self {
        Pieces {
            body,
            connection: Some(connection),
            pool,
        }
    }

    /// The next piece; none at the end.
    pub(super) async fn frame(&mut self) -> Option<hyper::Result<Frame<Bytes>>> {
        let frame = self.connection.as_mut()?.frame(&mut self.body).await;
        // Where the length was told, the last piece is known as such.
        if (frame.is_none() || self.body.is_end_stream())
            && let Some(free) = self.connection.take()
        {
            self.pool.give(free);
        }
        frame
    }

    /// The answer has said that it is over, and nothing more of it is wanted: its connection serves on, if its end comes soon.
    pub(super) fn over(mut self) {
        if self.connection.is_some() {
            tokio::spawn(async move {
                // Whatever else comes closes the connection, as does waiting in vain.
                let _ = timeout(END, self.frame()).await;
            });
        }
    }
}
