//! A circuit breaker: an upstream that keeps failing is not asked for a while, then one call tries whether it is well.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::config::UpstreamBreakerSettings;

/// Closed while calls succeed; open after failures in a row; half open while one call tries again.
#[derive(Debug)]
pub(crate) struct Breaker {
    settings: UpstreamBreakerSettings,
    inside: Mutex<Inside>,
}

#[derive(Debug)]
struct Inside {
    /// In a row.
    failures: u32,
    state: BreakerState,
    /// How often it has opened.
    opened: u64,
}

/// Where a breaker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BreakerState {
    /// Calls go through.
    Closed,
    /// None does, until then.
    Open { until: Instant },
    /// One has gone through to try, and the others wait for what comes of it.
    HalfOpen,
}

/// What is to be seen of a breaker.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BreakerView {
    pub(crate) state: BreakerState,
    pub(crate) failures: u32,
    pub(crate) opened: u64,
}

/// Why no call may be made: for so long, after so many failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) wait: Duration,
    pub(crate) failures: u32,
}

impl Breaker {
    pub(crate) fn new(settings: UpstreamBreakerSettings) -> Self {
        Breaker {
            settings,
            inside: Mutex::new(Inside {
                failures: 0,
                state: BreakerState::Closed,
                opened: 0,
            }),
        }
    }

    /// Whether a call may be made now; within, whether it is the one that tries again.
    ///
    /// # Errors
    /// It may not.
    pub(crate) fn admit(&self) -> Result<bool, Refused> {
        let mut inside = self.inside();
        let refused = |wait| Refused {
            wait,
            failures: inside.failures,
        };
        match inside.state {
            BreakerState::Closed => Ok(false),
            BreakerState::HalfOpen => Err(refused(Duration::from_secs(1))),
            BreakerState::Open { until } => match until.checked_duration_since(Instant::now()) {
                Some(wait) if !wait.is_zero() => Err(refused(wait)),
                _ => {
                    inside.state = BreakerState::HalfOpen;
                    Ok(true)
                }
            },
        }
    }

    /// The answer to a call has begun: others need not wait for the one that tries again. What failed in a row counts on
    /// until an answer has ended well.
    pub(crate) fn answers(&self) {
        let mut inside = self.inside();
        if inside.state == BreakerState::HalfOpen {
            inside.state = BreakerState::Closed;
        }
    }

    /// A call was answered to its end.
    pub(crate) fn succeeded(&self) {
        let mut inside = self.inside();
        inside.failures = 0;
        inside.state = BreakerState::Closed;
    }

    /// A call failed.
    pub(crate) fn failed(&self) {
        let mut inside = self.inside();
        inside.failures = inside.failures.saturating_add(1);
        let enough = self.settings.failures > 0 && inside.failures >= self.settings.failures;
        // One that began before it opened says nothing new.
        if enough && !matches!(inside.state, BreakerState::Open { .. }) {
            inside.opened += 1;
            inside.state = BreakerState::Open {
                until: Instant::now() + Duration::from_secs(self.settings.seconds),
            };
        }
    }

    /// The call that tries again came to no end: the next one tries.
    pub(crate) fn undecided(&self) {
        let mut inside = self.inside();
        if inside.state == BreakerState::HalfOpen {
            inside.state = BreakerState::Open { until: Instant::now() };
        }
    }

    pub(crate) fn view(&self) -> BreakerView {
        let inside = self.inside();
        BreakerView {
            state: inside.state,
            failures: inside.failures,
            opened: inside.opened,
        }
    }

    fn inside(&self) -> std::sync::MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaker(failures: u32, seconds: u64) -> Breaker {
        Breaker::new(UpstreamBreakerSettings { failures, seconds })
    }

    #[test]
    fn it_opens_after_failures_in_a_row_and_says_for_how_long() {
        let breaker = breaker(2, 3_600);
        breaker.failed();
        breaker.succeeded();
        breaker.failed();
        assert_eq!(breaker.admit(), Ok(false));
        breaker.failed();
        let refused = breaker.admit().unwrap_err();
        assert!(
            refused.failures == 2 && refused.wait > Duration::from_secs(3_500),
            "{refused:?}"
        );
        // One that was under way brings good news.
        breaker.succeeded();
        assert_eq!(breaker.admit(), Ok(false));
    }

    #[test]
    fn after_the_pause_one_call_tries_and_the_others_wait_for_it() {
        let breaker = breaker(1, 0);
        breaker.failed();
        assert_eq!(breaker.admit(), Ok(true));
        assert!(breaker.admit().is_err());
        breaker.undecided();
        assert_eq!(breaker.admit(), Ok(true));
        breaker.failed();
        assert_eq!(breaker.view().opened, 2);
        assert_eq!(breaker.admit(), Ok(true));
        breaker.succeeded();
        assert_eq!(breaker.view().state, BreakerState::Closed);
    }

    #[test]
    fn an_answer_that_only_begins_lets_others_through_and_makes_nothing_good() {
        let breaker = breaker(2, 0);
        breaker.failed();
        breaker.answers();
        breaker.failed();
        assert_eq!(breaker.view().opened, 1);
        assert_eq!(breaker.admit(), Ok(true));
        breaker.answers();
        assert_eq!(breaker.admit(), Ok(false));
        breaker.failed();
        assert_eq!(breaker.view().opened, 2);
    }

    #[test]
    fn told_to_take_no_failures_into_account_it_never_opens() {
        let breaker = breaker(0, 3_600);
        (0..100).for_each(|_| breaker.failed());
        assert_eq!(breaker.admit(), Ok(false));
    }
}
