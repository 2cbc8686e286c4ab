//! How often calls may be repeated: after a pause that is not the same for all, and within a budget.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::config::RetryBudgetSettings;

/// Calls whose share of retries is saved up at most.
const CALLS_SAVED: f64 = 100.0;
/// Seconds whose retries are saved up at most.
const SECONDS_SAVED: f64 = 10.0;

/// A budget in the manner of Finagle's: calls pay a share of a retry in, retries take a whole one out.
#[derive(Debug)]
pub(crate) struct RetryBudget {
    settings: RetryBudgetSettings,
    inside: Mutex<Inside>,
}

#[derive(Debug)]
struct Inside {
    left: f64,
    at: Instant,
    retries: u64,
    denied: u64,
}

/// What is to be seen of a budget.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BudgetView {
    /// Retries that could be made now.
    pub(crate) left: f64,
    /// That were made.
    pub(crate) retries: u64,
    /// That were not, for want of budget.
    pub(crate) denied: u64,
}

impl RetryBudget {
    pub(crate) fn new(settings: RetryBudgetSettings) -> Self {
        let left = settings.per_second * SECONDS_SAVED;
        RetryBudget {
            settings,
            inside: Mutex::new(Inside {
                left,
                at: Instant::now(),
                retries: 0,
                denied: 0,
            }),
        }
    }

    /// A call is made that is no retry.
    pub(crate) fn called(&self) {
        let mut inside = self.filled();
        inside.left = (inside.left + self.settings.ratio).min(self.most());
    }

    /// Whether a retry may be made; then it is paid for.
    pub(crate) fn spend(&self) -> bool {
        let mut inside = self.filled();
        let enough = inside.left >= 1.0;
        if enough {
            inside.left -= 1.0;
            inside.retries += 1;
        } else {
            inside.denied += 1;
        }
        enough
    }

    pub(crate) fn view(&self) -> BudgetView {
        let inside = self.filled();
        BudgetView {
            left: inside.left,
            retries: inside.retries,
            denied: inside.denied,
        }
    }

    fn most(&self) -> f64 {
        self.settings.per_second * SECONDS_SAVED + self.settings.ratio * CALLS_SAVED
    }

    /// With what the time since the last look has brought.
    fn filled(&self) -> std::sync::MutexGuard<'_, Inside> {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let brought = now.duration_since(inside.at).as_secs_f64() * self.settings.per_second;
        inside.left = (inside.left + brought).min(self.most());
        inside.at = now;
        inside
    }
}

/// Between two attempts: doubled each time, and not the same for all who wait.
pub(crate) fn pause(attempt: u32) -> Duration {
    use std::hash::{BuildHasher, RandomState};
    let most = 100_u64 << attempt.min(5);
    Duration::from_millis(most / 2 + RandomState::new().hash_one(attempt) % (most / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_pay_for_retries_and_nothing_is_saved_up_for_ever() {
        let budget = RetryBudget::new(RetryBudgetSettings {
            ratio: 0.5,
            per_second: 0.0,
        });
        assert!(!budget.spend());
        (0..4).for_each(|_| budget.called());
        assert!(budget.spend() && budget.spend() && !budget.spend());
        (0..10_000).for_each(|_| budget.called());
        let spent = (0..10_000).filter(|_| budget.spend()).count();
        assert_eq!(spent, 50);
        let view = budget.view();
        assert_eq!((view.retries, view.denied), (52, 2 + 9_950));
    }

    #[test]
    fn pauses_grow_and_are_not_the_same_for_all() {
        let pauses: Vec<Duration> = (0..50).map(|_| pause(3)).collect();
        assert!(pauses.iter().all(|pause| (400..800).contains(&pause.as_millis())));
        assert!(pauses.iter().any(|pause| *pause != pauses[0]));
        assert!(pause(40) < Duration::from_secs(4));
    }
}
