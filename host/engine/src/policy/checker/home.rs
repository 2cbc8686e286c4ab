//! Warm instances in which many reviews live side by side: ten thousand streams need some forty instances.
//!
//! A guest keeps its reviews apart itself, as resources; the host lends the instance to one of them at a time, with that
//! review's own side of the call. The price of sharing: a trap ends every review of its home.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OwnedSemaphorePermit;

use crate::policy::host::Call;
use crate::policy::live::{Answer, Live};
use crate::sandbox::failure::{Failure, FailureKind};
use crate::sandbox::instance;
use crate::sandbox::limits::Limits;

/// Most reviews of one home: a trap takes no more than these along.
const SEATS: u32 = 256;
/// KiB of an instance's memory that are set aside for each review.
const KIB_PER_REVIEW: u32 = 128;
/// Homes that stay when nobody lives there.
const IDLE: usize = 8;

/// The homes of one policy.
#[derive(Default)]
pub(crate) struct Homes(Mutex<Row>);

#[derive(Default)]
struct Row {
    homes: Vec<Arc<Home>>,
    /// Whether homes stay when nobody lives there.
    stay: bool,
}

/// One warm instance, its place in the pool, and how many reviews live there.
struct Home {
    live: Mutex<Option<Live>>,
    seats: u32,
    taken: AtomicU32,
    /// Takes no more reviews, and ends with its last.
    closing: AtomicBool,
    _room: OwnedSemaphorePermit,
}

/// A review's place in a home, with its own side of the call.
pub(super) struct Seat {
    home: Arc<Home>,
    call: Option<Call>,
}

impl Homes {
    /// A place in a home that nobody is calling at this moment; where the pool is `crowded`, in any that has one.
    pub(super) fn seat(&self, crowded: bool) -> Option<Seat> {
        let row = self.row();
        let home = row
            .homes
            .iter()
            .find(|home| (crowded || home.is_quiet()) && home.take())?;
        Some(Seat {
            home: home.clone(),
            call: None,
        })
    }

    /// Makes an instance a home, and gives its first place.
    pub(super) fn found(&self, live: Live, room: OwnedSemaphorePermit, limits: &Limits) -> Seat {
        let home = Arc::new(Home {
            live: Mutex::new(Some(live)),
            seats: (limits.memory_mib.saturating_mul(1024) / KIB_PER_REVIEW).clamp(1, SEATS),
            taken: AtomicU32::new(1),
            closing: AtomicBool::new(false),
            _room: room,
        });
        self.row().homes.push(home.clone());
        Seat { home, call: None }
    }

    /// Gives a place back. A home that is closing, or one too many, goes with its last review.
    pub(super) fn leave(&self, seat: &Seat, crowded: bool) {
        let mut row = self.row();
        if seat.home.taken.fetch_sub(1, Ordering::Relaxed) > 1 {
            return;
        }
        let idle = row.homes.iter().filter(|home| home.is_empty()).count();
        if seat.home.closing.load(Ordering::Relaxed) || crowded || !row.stay || idle > IDLE {
            row.homes.retain(|home| !Arc::ptr_eq(home, &seat.home));
        }
    }

    /// Says whether homes stay when nobody lives there; where they do not, those go at once.
    pub(in crate::policy) fn serve(&self, serves: bool) {
        let mut row = self.row();
        row.stay = serves;
        if !serves {
            row.homes.retain(|home| !home.is_empty());
        }
    }

    /// Closes a home in which nobody lives; whether there was one.
    pub(in crate::policy) fn close_idle(&self) -> bool {
        let mut row = self.row();
        let idle = row.homes.iter().position(|home| home.is_empty());
        idle.map(|at| row.homes.swap_remove(at)).is_some()
    }

    fn row(&self) -> MutexGuard<'_, Row> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Home {
    fn is_empty(&self) -> bool {
        self.taken.load(Ordering::Relaxed) == 0
    }

    fn is_quiet(&self) -> bool {
        self.live.try_lock().is_ok()
    }

    /// Takes a place, if there is one.
    fn take(&self) -> bool {
        let more = |taken: u32| (taken < self.seats).then_some(taken + 1);
        !self.closing.load(Ordering::Relaxed)
            && self
                .taken
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more)
                .is_ok()
    }
}

impl Seat {
    /// Moves in with the host's side of a review's calls.
    pub(super) fn with(mut self, call: Call) -> Self {
        self.call = Some(call);
        self
    }

    /// Borrows the instance for one call of this review, with a deadline of its own. What stops the guest ends the home.
    pub(super) fn call<T>(&mut self, limits: &Limits, run: impl FnOnce(&mut Live) -> Answer<T>) -> Result<T, Failure> {
        let mut inside = self.home.live.lock().unwrap_or_else(PoisonError::into_inner);
        let (Some(live), Some(call)) = (inside.as_mut(), self.call.take()) else {
            return Err(Failure::new(
                FailureKind::Trap,
                "another review of the same warm instance ended it: without `reuse` each has an instance of its own",
            ));
        };
        let nobody = live.store.data_mut().renew(call);
        instance::arm(&mut live.store, limits);
        let answer = run(live);
        let stopped = answer.is_err();
        let result = live.named(answer);
        instance::flush(&mut live.store);
        self.call = Some(std::mem::replace(&mut live.store.data_mut().host, nobody));
        if stopped {
            *inside = None;
        }
        if inside.is_none() {
            self.home.closing.store(true, Ordering::Relaxed);
        }
        result
    }

    /// The host's side, when all calls were made.
    pub(super) fn into_call(self) -> Option<Call> {
        self.call
    }
}
