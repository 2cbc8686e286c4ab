//! How calls have been going of late: the share that failed, the time to the first token, tokens per second.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Failures count for so long, in steps of a sixth.
const WINDOW: Duration = Duration::from_secs(60);
const STEPS: u32 = 6;
/// Times are taken from so many calls at most, none of them older than this.
const SAMPLES: usize = 64;
const KEPT: Duration = Duration::from_secs(300);

/// Figures of one model, or of one upstream.
#[derive(Debug)]
pub(crate) struct Figures {
    begun: Instant,
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    steps: VecDeque<Step>,
    first_token: Samples,
    tokens_per_second: Samples,
}

/// Calls of one step of time.
#[derive(Debug)]
struct Step {
    number: u32,
    calls: u64,
    failed: u64,
}

/// The newest values, with when they came.
#[derive(Debug, Default)]
struct Samples(VecDeque<(Instant, f32)>);

/// What the figures come to. What is not known is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Lately {
    /// Calls of the last minute.
    pub(crate) calls: u64,
    /// Of these, calls that failed.
    pub(crate) failed: u64,
    /// Milliseconds, median of streams.
    pub(crate) first_token_ms: Option<f32>,
    /// Median of streams, as their clients took them.
    pub(crate) tokens_per_second: Option<f32>,
}

impl Lately {
    /// Share of calls that failed; `None` where there were none.
    pub(crate) fn error_rate(&self) -> Option<f32> {
        (self.calls > 0).then(|| self.failed as f32 / self.calls as f32)
    }
}

impl Figures {
    pub(crate) fn new() -> Self {
        Figures {
            begun: Instant::now(),
            inside: Mutex::default(),
        }
    }

    /// A call has ended.
    pub(crate) fn called(&self, failed: bool) {
        let number = self.step();
        let mut inside = self.inside();
        if inside.steps.back().is_none_or(|step| step.number != number) {
            inside.steps.push_back(Step {
                number,
                calls: 0,
                failed: 0,
            });
        }
        while inside.steps.len() > STEPS as usize {
            inside.steps.pop_front();
        }
        if let Some(step) = inside.steps.back_mut() {
            step.calls += 1;
            step.failed += u64::from(failed);
        }
    }

    /// A stream has begun after this time.
    pub(crate) fn first_token(&self, after: Duration) {
        self.inside().first_token.push(after.as_secs_f32() * 1e3);
    }

    /// A stream has ended, which brought so many tokens a second.
    pub(crate) fn tokens_per_second(&self, rate: f32) {
        self.inside().tokens_per_second.push(rate);
    }

    pub(crate) fn lately(&self) -> Lately {
        let now = self.step();
        let inside = self.inside();
        let steps = inside.steps.iter().filter(|step| step.number + STEPS > now);
        let (calls, failed) = steps.fold((0, 0), |(calls, failed), step| {
            (calls + step.calls, failed + step.failed)
        });
        Lately {
            calls,
            failed,
            first_token_ms: inside.first_token.median(),
            tokens_per_second: inside.tokens_per_second.median(),
        }
    }

    fn step(&self) -> u32 {
        (self.begun.elapsed().as_millis() / (WINDOW / STEPS).as_millis()) as u32
    }

    fn inside(&self) -> std::sync::MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Samples {
    fn push(&mut self, value: f32) {
        if self.0.len() == SAMPLES {
            self.0.pop_front();
        }
        self.0.push_back((Instant::now(), value));
    }

    fn median(&self) -> Option<f32> {
        let fresh = self.0.iter().filter(|(at, _)| at.elapsed() < KEPT);
        let mut values: Vec<f32> = fresh.map(|(_, value)| *value).collect();
        values.sort_by(f32::total_cmp);
        values.get(values.len() / 2).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_calls_nothing_is_known() {
        let lately = Figures::new().lately();
        assert_eq!((lately, lately.error_rate()), (Lately::default(), None));
    }

    #[test]
    fn the_share_of_failures_and_the_medians_follow_the_calls() {
        let figures = Figures::new();
        (0..10).for_each(|number| figures.called(number < 3));
        for ms in [30, 10, 20] {
            figures.first_token(Duration::from_millis(ms));
        }
        (0..1_000).for_each(|_| figures.tokens_per_second(50.0));
        let lately = figures.lately();
        assert_eq!(lately.error_rate(), Some(0.3));
        assert_eq!(
            (lately.first_token_ms, lately.tokens_per_second),
            (Some(20.0), Some(50.0))
        );
    }
}
