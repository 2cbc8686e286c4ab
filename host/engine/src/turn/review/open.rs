//! One checker's part in a review.

use crate::decision::{Outcome, SkipReason, SlotRecord, Verdict};
use crate::policy::call::Policy;
use crate::policy::checker;
use crate::policy::router::Said;
use crate::sandbox::failure::{Failure, FailureKind};
use crate::settings::FailurePlan;
use crate::turn::asked::record_failure;

/// One checker's part.
pub(super) struct Open {
    pub(super) slot: usize,
    pub(super) review: Option<checker::Review>,
    pub(super) record: SlotRecord,
    /// The review's calls that came to their end here.
    pub(super) seen: u32,
}

/// What one call of a checker came to: a verdict, nothing yet, a decline, or a failure.
pub(super) type Answer = Result<Said<Option<Verdict>>, Failure>;

impl Open {
    pub(super) async fn call(&mut self, run: impl FnOnce(&mut checker::Review) -> Answer + Send + 'static) -> Answer {
        let Some(review) = self.review.take() else {
            return Ok(Ok(None));
        };
        let (review, said) = on_thread(review, run).await;
        self.review = Some(review);
        said
    }

    /// What became of a checker that waits for more and has not seen all that came before this call of the review: a call
    /// was dropped while it was being made, and the checker's own review went with it.
    pub(super) fn cut_off(&self, call: u32) -> Option<Failure> {
        let waits = self.record.outcome
            == Outcome::Skipped {
                reason: SkipReason::NotReviewed,
            };
        (waits && self.seen + 1 < call).then(|| {
            let words =
                "the service gave up a call of the review before its end: the checker lacks a part of the reply";
            Failure::new(FailureKind::Deadline, words)
        })
    }

    pub(super) fn end(&mut self) {
        if let Some(review) = self.review.take() {
            let (log, dropped, timing) = review.close();
            self.record.log.extend(log);
            self.record.log_dropped += dropped;
            self.record.timing.add(timing);
        }
    }

    pub(super) fn failed(&mut self, policy: &Policy, failure: &Failure, plan: FailurePlan) {
        self.end();
        // A breaker that is open says so in the record; there was no call that could have failed.
        if !matches!(
            self.record.outcome,
            Outcome::Skipped {
                reason: SkipReason::BreakerOpen
            }
        ) {
            record_failure(&policy.review_breaker, &mut self.record, failure, plan);
        }
    }
}

/// Calls a review here, or on a thread of its own where its policy may take long.
async fn on_thread<T: Send + 'static>(
    mut review: checker::Review,
    run: impl FnOnce(&mut checker::Review) -> Result<T, Failure> + Send + 'static,
) -> (checker::Review, Result<T, Failure>) {
    if !review.on_own_thread() {
        let result = run(&mut review);
        return (review, result);
    }
    let joined = tokio::task::spawn_blocking(move || {
        let result = run(&mut review);
        (review, result)
    });
    match joined.await {
        Ok(both) => both,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
