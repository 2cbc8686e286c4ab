//! How a review begins: every checker that looks at replies is asked to open one.

use std::sync::Arc;
use std::time::Instant;

use super::Review;
use super::open::{Answer, Open};
use super::settle::Progress;
use crate::decision::{Outcome, SkipReason, State};
use crate::policy::call::Policy;
use crate::sandbox::failure::{Failure, FailureKind};
use crate::settings::PolicyKind;
use crate::turn::{Turn, TurnError};

impl Turn {
    /// Opens a review of the reply.
    ///
    /// # Errors
    /// A checker failed whose plan is `fail`, or the request was refused.
    pub async fn review(&mut self) -> Result<Review<'_>, TurnError> {
        self.not_refused()?;
        if self.record.state == State::Failed {
            // Of another reply: the service goes on with the turn.
            (self.record.state, self.record.error) = (State::Open, None);
        }
        let fixed = self.engine.inner.fixed.as_ref().map(|fixed| fixed.verdict.clone());
        let started = Instant::now();
        let slots = if fixed.is_some() {
            Vec::new()
        } else {
            self.reviewers().collect()
        };
        self.fed.clear();
        self.seen_bytes = 0;
        let fed = slots.iter().any(|slot| self.stand_in(*slot).is_some()).then(Vec::new);
        let mut review = Review {
            turn: self,
            // No larger than it gets: a stream keeps it to its end.
            open: Vec::with_capacity(slots.len()),
            fixed,
            stop: None,
            calls: 0,
            fed,
        };
        for slot in slots {
            let turn = &*review.turn;
            let mut record = turn.slot_record(slot, None);
            record.outcome = Outcome::Skipped {
                reason: SkipReason::NotReviewed,
            };
            // Also where it fails: whatever ends here, the slots that were asked are in the record.
            let open = review.open.push_mut(Open {
                slot,
                review: None,
                record,
                seen: 0,
            });
            let settled = turn.open_review(open).await;
            settled.inspect_err(|error| review.turn.failed(error))?;
        }
        review.turn.record.engine_us += started.elapsed().as_secs_f64() * 1e6;
        Ok(review)
    }

    /// Slots that look at replies, in their order.
    pub(in crate::turn) fn reviewers(&self) -> impl Iterator<Item = usize> {
        let checkers = self.slots(PolicyKind::Checker).into_iter();
        checkers.filter(|slot| self.policy(*slot).about.reviews)
    }

    async fn open_review(&self, open: &mut Open) -> Result<(), TurnError> {
        let policy = self.policy(open.slot);
        let said = if policy.review_breaker.allows() {
            self.start(open, &policy).await
        } else {
            open.record.outcome = Outcome::Skipped {
                reason: SkipReason::BreakerOpen,
            };
            Err(Failure::new(
                FailureKind::Overloaded,
                "the circuit breaker is open after too many failures in a row",
            ))
        };
        self.settle(open, said, Progress { fed: &[], ended: false })
            .await
            .map(drop)
    }

    /// Begins one policy's review.
    pub(super) async fn start(&self, open: &mut Open, policy: &Arc<Policy>) -> Answer {
        let called = policy.open(self.call(open.slot, policy, None)).await;
        let record = &mut open.record;
        record.log.extend(called.log);
        record.log_dropped += called.log_dropped;
        record.timing.add(called.timing);
        Ok(called.result?.map(|review| {
            open.review = Some(review);
            None
        }))
    }
}
