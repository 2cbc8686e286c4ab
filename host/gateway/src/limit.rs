//! Limits of time that begin with every request and hardly ever end one.
//!
//! To arm one of the runtime's timers and to drop it again takes the lock of all timers twice, and often wakes the thread
//! that sleeps until the first of them. A timer that is put off to a later time, as each of a limit's timers is when it is
//! used again, takes neither.

use std::fmt;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use hyper::rt;
use tokio::time::{Instant, Sleep, sleep_until};

/// Timers that a limit keeps while nobody waits for them; what needed more at once drops the others.
const IDLE: usize = 256;

/// How long something may take.
#[derive(Clone)]
pub(crate) struct Limit {
    length: Duration,
    timers: Arc<Mutex<Vec<Pin<Box<Sleep>>>>>,
}

/// A limit that has begun: ready, once it is reached.
struct Running {
    ends: Instant,
    /// Taken once somebody waits.
    timer: Option<Pin<Box<Sleep>>>,
    limit: Limit,
}

impl Limit {
    pub(crate) fn new(length: Duration) -> Self {
        Limit {
            length,
            timers: Arc::default(),
        }
    }

    pub(crate) fn length(&self) -> Duration {
        self.length
    }

    fn until(&self, ends: Instant) -> Running {
        Running {
            ends,
            timer: None,
            limit: self.clone(),
        }
    }

    /// What comes out of `future`; `None`, where the limit is reached before.
    pub(crate) async fn hold<F: Future>(&self, future: F) -> Option<F::Output> {
        let (mut future, mut running) = (pin!(future), self.until(Instant::now() + self.length));
        std::future::poll_fn(|context| match future.as_mut().poll(context) {
            Poll::Ready(out) => Poll::Ready(Some(out)),
            Poll::Pending => Pin::new(&mut running).poll(context).map(|()| None),
        })
        .await
    }

    fn timer(&self, ends: Instant) -> Pin<Box<Sleep>> {
        let idle = self.timers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match idle {
            Some(mut timer) => {
                timer.as_mut().reset(ends);
                timer
            }
            None => Box::pin(sleep_until(ends)),
        }
    }
}

impl fmt::Debug for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Limit").field(&self.length).finish()
    }
}

impl Future for Running {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Running { ends, timer, limit } = &mut *self;
        timer.get_or_insert_with(|| limit.timer(*ends)).as_mut().poll(context)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let Some(mut timer) = self.timer.take() else { return };
        // So that it holds no longer whom it would have woken.
        let _ = timer.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        let mut timers = self.limit.timers.lock().unwrap_or_else(PoisonError::into_inner);
        if timers.len() < IDLE {
            timers.push(timer);
        }
    }
}

impl rt::Sleep for Running {}

/// As hyper's clock: for the one limit that a server has.
impl rt::Timer for Limit {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn rt::Sleep>> {
        Box::pin(self.until(Instant::now() + duration))
    }

    fn sleep_until(&self, deadline: std::time::Instant) -> Pin<Box<dyn rt::Sleep>> {
        Box::pin(self.until(deadline.into()))
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{advance, sleep};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_limit_ends_what_takes_longer_and_its_timer_serves_the_next() {
        let limit = Limit::new(Duration::from_secs(10));
        assert_eq!(limit.hold(async { 1 }).await, Some(1));
        assert_eq!(limit.timers.lock().unwrap().len(), 0, "nobody waited");
        for _ in 0..3 {
            let quick = limit.hold(sleep(Duration::from_secs(9)));
            assert_eq!(quick.await, Some(()));
            assert_eq!(limit.timers.lock().unwrap().len(), 1);
            advance(Duration::from_secs(30)).await;
            assert_eq!(limit.hold(sleep(Duration::from_secs(11))).await, None);
        }
        let many = (0..IDLE + 9).map(|_| {
            let limit = limit.clone();
            tokio::spawn(async move { limit.hold(sleep(Duration::from_secs(1))).await })
        });
        for one in many.collect::<Vec<_>>() {
            assert_eq!(one.await.unwrap(), Some(()));
        }
        assert_eq!(limit.timers.lock().unwrap().len(), IDLE);
    }
}
