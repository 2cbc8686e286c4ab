//! A reply under review by one policy: in an instance of its own, or at home in a warm one with others.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::OwnedSemaphorePermit;
use wasmtime::component::ResourceAny;

use super::home::Seat;
use super::texts::Fed;
use crate::decision::{Delta, LogLine, Timing, Verdict};
use crate::policy::call::{Called, Policy};
use crate::policy::host::Call;
use crate::policy::live::{Answer, Live};
use crate::policy::router::Said;
use crate::sandbox::failure::{Failure, FailureKind};
use crate::sandbox::instance;

/// A reply under review by one policy.
pub(crate) struct Review {
    policy: Arc<Policy>,
    place: Option<Place>,
    handle: Option<ResourceAny>,
    fed: Fed,
    log: Vec<LogLine>,
    log_dropped: u32,
    timing: Timing,
}

/// Where a review lives.
enum Place {
    /// An instance with its place in the pool.
    Own {
        live: Box<Live>,
        _room: OwnedSemaphorePermit,
    },
    Shared(Box<Seat>),
}

impl Policy {
    /// Opens a review, which holds its place, its log and its time until it ends.
    pub(crate) async fn open(self: &Arc<Self>, call: Call) -> Called<Said<Review>> {
        if !self.reuse {
            return self.with_room(|policy, room| policy.open_alone(room, call)).await;
        }
        match self.homes.seat(!self.sandbox.has_spare_room()) {
            Some(seat) => {
                self.on_thread(|policy| policy.open_at(Place::Shared(Box::new(seat.with(call))), Instant::now()))
                    .await
            }
            None => self.with_room(|policy, room| policy.open_home(room, call)).await,
        }
    }

    fn open_alone(self: &Arc<Self>, room: OwnedSemaphorePermit, call: Call) -> Called<Said<Review>> {
        let started = Instant::now();
        match self.live(call) {
            Ok(live) => {
                let live = Box::new(live);
                self.open_at(Place::Own { live, _room: room }, started)
            }
            Err((failure, call)) => Called::unmade(failure, *call, started),
        }
    }

    fn open_home(self: &Arc<Self>, room: OwnedSemaphorePermit, call: Call) -> Called<Said<Review>> {
        let started = Instant::now();
        match self.live(Call::configuring([0; 32])) {
            Ok(live) => {
                let seat = self.homes.found(live, room, &self.limits);
                self.open_at(Place::Shared(Box::new(seat.with(call))), started)
            }
            Err((failure, call)) => Called::unmade(failure, *call, started),
        }
    }

    fn open_at(self: &Arc<Self>, place: Place, started: Instant) -> Called<Said<Review>> {
        let mut review = Review {
            policy: self.clone(),
            place: Some(place),
            handle: None,
            fed: Fed::default(),
            log: Vec::new(),
            log_dropped: 0,
            timing: Timing::default(),
        };
        let opened = review.call(Live::open);
        review.timing.call_us = started.elapsed().as_secs_f64() * 1e6;
        let result = match opened {
            Ok(Ok(handle)) => {
                review.handle = Some(handle);
                return Called {
                    result: Ok(Ok(review)),
                    log: Vec::new(),
                    log_dropped: 0,
                    timing: Timing::default(),
                };
            }
            Ok(Err(declined)) => Ok(Err(declined)),
            Err(failure) => Err(failure),
        };
        let (log, log_dropped, timing) = review.close();
        Called {
            result,
            log,
            log_dropped,
            timing,
        }
    }
}

impl Review {
    /// Feeds the next pieces; a verdict ends the review.
    pub(crate) fn feed(&mut self, deltas: &[Delta]) -> Result<Said<Option<Verdict>>, Failure> {
        let handle = self.handle.ok_or_else(ended)?;
        let mut fed = std::mem::take(&mut self.fed);
        fed.add(deltas);
        let said = self.call(|live| live.feed(handle, deltas, &fed));
        self.fed = fed;
        said
    }

    /// The reply has ended.
    pub(crate) fn finish(&mut self) -> Result<Said<Verdict>, Failure> {
        let handle = self.handle.ok_or_else(ended)?;
        let fed = std::mem::take(&mut self.fed);
        self.call(|live| live.finish(handle, &fed))
    }

    /// What it logged, what was dropped of that, and how long it took.
    pub(crate) fn close(mut self) -> (Vec<LogLine>, u32, Timing) {
        self.leave();
        (std::mem::take(&mut self.log), self.log_dropped, self.timing)
    }

    /// Whether calls should leave the thread that serves traffic.
    pub(crate) fn on_own_thread(&self) -> bool {
        self.policy.on_own_thread()
    }

    /// Calls with a deadline of its own; after a failure that stopped the guest, the instance is gone.
    fn call<T>(&mut self, run: impl FnOnce(&mut Live) -> Answer<T>) -> Result<T, Failure> {
        let started = Instant::now();
        let limits = &self.policy.limits;
        let (result, stopped) = match self.place.as_mut().ok_or_else(ended)? {
            Place::Shared(seat) => (seat.call(limits, run), false),
            Place::Own { live, .. } => {
                instance::arm(&mut live.store, limits);
                let answer = run(live);
                let stopped = answer.is_err();
                (live.named(answer), stopped)
            }
        };
        if stopped {
            self.handle = None;
            self.leave();
        }
        self.timing.calls += 1;
        self.timing.call_us += started.elapsed().as_secs_f64() * 1e6;
        result
    }

    /// Leaves its place, and takes along what was logged there.
    fn leave(&mut self) {
        let call = match self.place.take() {
            None => None,
            // The guest has a say in the end of its review only where its instance goes on without it.
            Some(Place::Own { mut live, .. }) => {
                instance::flush(&mut live.store);
                let Live { store, .. } = *live;
                Some(store.into_data().host)
            }
            Some(Place::Shared(mut seat)) => {
                if let Some(handle) = self.handle.take() {
                    // What goes wrong here ends the home, and the review has ended anyway.
                    let _ = seat.call(&self.policy.limits, |live| {
                        Ok(Ok(handle.resource_drop(&mut live.store)?))
                    });
                }
                self.policy.homes.leave(&seat, !self.policy.sandbox.has_spare_room());
                seat.into_call()
            }
        };
        if let Some(call) = call {
            self.log.extend(call.log);
            self.log_dropped += call.log_dropped;
        }
    }
}

impl Drop for Review {
    /// A review that nobody closed gives its place back all the same.
    fn drop(&mut self) {
        self.leave();
    }
}

fn ended() -> Failure {
    Failure::new(FailureKind::Trap, "the review has ended")
}
