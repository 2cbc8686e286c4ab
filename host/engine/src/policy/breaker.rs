//! A circuit breaker: a policy that keeps failing is not asked for a while.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use crate::sandbox::failure::FailureKind;
use crate::settings::BreakerSettings;

/// Opens after failures in a row, lets one call through after a while, and closes at the first success.
#[derive(Debug)]
pub(crate) struct Breaker {
    settings: BreakerSettings,
    started: Instant,
    failures: AtomicU32,
    /// Milliseconds after `started` until which it is open; 0 while it is closed.
    open_until: AtomicU64,
}

impl Breaker {
    pub(crate) fn new(settings: BreakerSettings) -> Self {
        Breaker {
            settings,
            started: Instant::now(),
            failures: AtomicU32::new(0),
            open_until: AtomicU64::new(0),
        }
    }

    pub(crate) fn settings(&self) -> &BreakerSettings {
        &self.settings
    }

    /// Whether a call may be made now.
    pub(crate) fn allows(&self) -> bool {
        let until = self.open_until.load(Relaxed);
        if until == 0 {
            return true;
        }
        let now = self.now();
        // Whoever moves the time on is the one call that tries again.
        now >= until
            && self
                .open_until
                .compare_exchange(until, now + self.pause(), Relaxed, Relaxed)
                .is_ok()
    }

    pub(crate) fn succeeded(&self) {
        if self.failures.load(Relaxed) != 0 {
            self.failures.store(0, Relaxed);
            self.open_until.store(0, Relaxed);
        }
    }

    /// A call failed. Where there was no room for it, the policy is not to blame.
    pub(crate) fn failed(&self, kind: FailureKind) {
        if kind == FailureKind::Overloaded {
            return;
        }
        let failures = self.failures.fetch_add(1, Relaxed).saturating_add(1);
        if self.settings.failures > 0 && failures >= self.settings.failures {
            self.open_until.store(self.now() + self.pause(), Relaxed);
        }
    }

    fn now(&self) -> u64 {
        self.started.elapsed().as_millis() as u64 + 1
    }

    fn pause(&self) -> u64 {
        Duration::from_secs(self.settings.seconds).as_millis() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use FailureKind::{Overloaded, Trap};

    #[test]
    fn it_opens_after_failures_in_a_row_and_closes_at_a_success() {
        let breaker = Breaker::new(BreakerSettings {
            failures: 2,
            seconds: 3600,
        });
        breaker.failed(Trap);
        breaker.succeeded();
        breaker.failed(Trap);
        breaker.failed(Overloaded);
        assert!(breaker.allows());
        breaker.failed(Trap);
        assert!(!breaker.allows());
        breaker.succeeded();
        assert!(breaker.allows());
    }

    #[test]
    fn after_the_pause_one_call_tries_again() {
        let breaker = Breaker::new(BreakerSettings {
            failures: 1,
            seconds: 0,
        });
        breaker.failed(Trap);
        assert!(breaker.allows());
        let never = Breaker::new(BreakerSettings {
            failures: 0,
            seconds: 3600,
        });
        (0..100).for_each(|_| never.failed(Trap));
        assert!(never.allows());
    }
}
