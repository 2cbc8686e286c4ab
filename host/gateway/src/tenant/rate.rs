//! Limits by the minute: a bucket that fills steadily and is taken from.

use std::time::{Duration, Instant};

/// A bucket that holds what one minute allows.
#[derive(Debug)]
pub(super) struct Bucket {
    per_minute: f64,
    /// Less than nothing, where more was used than was foreseen.
    level: f64,
    at: Instant,
}

impl Bucket {
    /// A full one.
    pub(super) fn new(per_minute: u32) -> Self {
        Bucket {
            per_minute: f64::from(per_minute),
            level: f64::from(per_minute),
            at: Instant::now(),
        }
    }

    /// Takes so much.
    ///
    /// # Errors
    /// It is not there: the time until it will be, or `None` where the bucket never holds so much.
    pub(super) fn take(&mut self, amount: f64, now: Instant) -> Result<(), Option<Duration>> {
        let since = now.saturating_duration_since(self.at);
        self.level = (self.level + since.as_secs_f64() * self.per_minute / 60.0).min(self.per_minute);
        self.at = self.at.max(now);
        // A hair's breadth is what sums of fractions are worth.
        if self.level + 1e-9 >= amount {
            self.level -= amount;
            return Ok(());
        }
        if amount > self.per_minute {
            return Err(None);
        }
        let seconds = (amount - self.level) * 60.0 / self.per_minute;
        Err(Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)))
    }

    /// Puts right what was taken, once it is known: less than nothing gives back.
    pub(super) fn correct(&mut self, more: f64) {
        self.level = (self.level - more).min(self.per_minute);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_gives_a_minutes_worth_at_once_and_then_as_it_fills() {
        let mut bucket = Bucket::new(60);
        let start = Instant::now();
        assert!((0..60).all(|_| bucket.take(1.0, start).is_ok()));
        let wait = bucket.take(1.0, start).unwrap_err().unwrap();
        assert!(wait > Duration::ZERO && wait <= Duration::from_secs(1), "{wait:?}");
        assert!(bucket.take(1.0, start + Duration::from_secs(1)).is_ok());
        assert!(bucket.take(1.0, start + Duration::from_secs(1)).is_err());
    }

    #[test]
    fn what_was_used_beyond_what_was_foreseen_is_waited_for() {
        let mut bucket = Bucket::new(600);
        let start = Instant::now();
        bucket.take(100.0, start).unwrap();
        bucket.correct(1_100.0);
        let wait = bucket.take(1.0, start).unwrap_err().unwrap();
        assert!((59..=61).contains(&wait.as_secs()), "{wait:?}");
    }

    #[test]
    fn more_than_the_bucket_holds_is_never_there() {
        assert_eq!(Bucket::new(10).take(11.0, Instant::now()), Err(None));
    }
}
