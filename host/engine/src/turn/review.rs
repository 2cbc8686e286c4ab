//! The review of a reply by all checkers of a turn, whole or as it streams.

use std::time::Instant;

use super::ask::record_failure;
use super::{Turn, TurnError};
use crate::decision::{Decision, Delta, Outcome, SkipReason, SlotRecord, Timing, Verdict};
use crate::policy::checker;
use crate::policy::router::Said;
use crate::sandbox::failure::{Failure, FailureKind};
use crate::settings::{FailurePlan, PolicyKind};

/// A reply under review. Feed it what arrives, in batches where you can, and finish it at the end.
///
/// A verdict of a checker that enforces ends the review early, when it is more than a flag. Dropped before its end, its
/// slots are recorded as not reviewed.
pub struct Review<'a> {
    turn: &'a mut Turn,
    open: Vec<Open>,
    fixed: Option<Verdict>,
}

/// One checker's part.
struct Open {
    slot: usize,
    review: Option<checker::Review>,
    record: SlotRecord,
}

impl Turn {
    /// Opens a review of the reply.
    ///
    /// # Errors
    /// A checker failed whose plan is `fail`, or the request was refused.
    pub async fn review(&mut self) -> Result<Review<'_>, TurnError> {
        if let Some(words) = &self.refusal {
            return Err(TurnError::Refused(words.clone()));
        }
        if let Some(fixed) = &self.engine.inner.fixed {
            let fixed = Some(fixed.verdict.clone());
            return Ok(Review { turn: self, open: Vec::new(), fixed });
        }
        let started = Instant::now();
        let mut open = Vec::new();
        for slot in self.slots(PolicyKind::Checker) {
            let policy = self.policy(slot);
            if !policy.about.reviews {
                continue;
            }
            open.push(self.open_review(slot).await?);
        }
        self.record.engine_us += started.elapsed().as_secs_f64() * 1e6;
        Ok(Review { turn: self, open, fixed: None })
    }

    async fn open_review(&self, slot: usize) -> Result<Open, TurnError> {
        let arm = &self.snapshot.slots[slot].arms[self.arms[slot]];
        let plan = self.snapshot.slots[slot].settings.on_failure;
        let mut record = self.slot_record(slot, None);
        record.outcome = Outcome::Skipped { reason: SkipReason::NotReviewed };
        let failure = if arm.policy.breaker.allows() {
            let waiting = Instant::now();
            match arm.policy.open(self.call(slot, &arm.policy, None)).await {
                Ok(said) => {
                    record.timing.wait_us = waiting.elapsed().as_secs_f64() * 1e6;
                    return Ok(Open { slot, review: opened(said, &mut record), record });
                }
                Err(failure) => {
                    record_failure(&arm.policy, &mut record, &failure, plan);
                    failure
                }
            }
        } else {
            record.outcome = Outcome::Skipped { reason: SkipReason::BreakerOpen };
            Failure::new(FailureKind::Overloaded, "the circuit breaker is open after too many failures in a row")
        };
        match (plan, &arm.last_good) {
            (FailurePlan::Fail, _) => Err(TurnError::Policy { slot: record.slot, failure }),
            (FailurePlan::LastGood, Some(before)) => match before.open(self.call(slot, before, None)).await {
                Ok(said) => {
                    record.answered_by = Some(before.reference.digest.clone());
                    let review = opened(said, &mut record);
                    Ok(Open { slot, review, record })
                }
                Err(_) => Ok(Open { slot, review: None, record }),
            },
            _ => Ok(Open { slot, review: None, record }),
        }
    }
}

fn opened(said: Said<checker::Review>, record: &mut SlotRecord) -> Option<checker::Review> {
    match said {
        Ok(review) => Some(review),
        Err(reason) => {
            record.outcome = Outcome::Declined { reason };
            None
        }
    }
}

impl Review<'_> {
    /// Feeds the next pieces of the reply to every checker. A verdict that is more than a flag ends the review: stop the
    /// stream and act on it.
    ///
    /// # Errors
    /// A checker failed whose plan is `fail`.
    pub async fn feed(&mut self, deltas: &[Delta]) -> Result<Option<Verdict>, TurnError> {
        let started = Instant::now();
        let mut stop = None;
        for open in &mut self.open {
            let Some(review) = open.review.take() else { continue };
            let pieces = deltas.to_vec();
            let (review, said) = on_thread(review, move |review| review.feed(&pieces)).await;
            open.review = Some(review);
            let verdict = self.turn.settle(open, said, |verdict| verdict)?;
            if let Some(verdict) = verdict.filter(|verdict| verdict.action.severity() > 1) {
                if self.turn.enforces(open.slot) {
                    stop = worse(stop, verdict);
                }
            }
        }
        self.turn.record.engine_us += started.elapsed().as_secs_f64() * 1e6;
        if stop.is_some() {
            self.close();
        }
        Ok(stop)
    }

    /// The reply has ended: the most severe verdict of the checkers that enforce; without any, accept.
    ///
    /// # Errors
    /// A checker failed whose plan is `fail`.
    pub async fn finish(mut self) -> Result<Verdict, TurnError> {
        if let Some(fixed) = self.fixed.take() {
            return Ok(fixed);
        }
        let started = Instant::now();
        let mut worst = None;
        for open in &mut self.open {
            if let Some(review) = open.review.take() {
                let (review, said) = on_thread(review, checker::Review::finish).await;
                open.review = Some(review);
                self.turn.settle(open, said, Some)?;
            }
            if let (Outcome::Decided { decision: Decision::Review(verdict), .. }, true) =
                (&open.record.outcome, self.turn.enforces(open.slot))
            {
                worst = worse(worst, verdict.clone());
            }
        }
        self.turn.record.engine_us += started.elapsed().as_secs_f64() * 1e6;
        self.close();
        Ok(worst.unwrap_or_default())
    }

    /// Hands the slots' records to the turn.
    fn close(&mut self) {
        for mut open in self.open.drain(..) {
            if let Some(review) = open.review.take() {
                end(review, &mut open.record);
            }
            self.turn.record.slots.push(open.record);
        }
    }
}

impl Drop for Review<'_> {
    fn drop(&mut self) {
        self.close();
    }
}

impl Turn {
    /// Writes what a checker said into its record; a verdict, a decline or a failure ends its review.
    fn settle<T>(
        &self,
        open: &mut Open,
        said: Result<Said<T>, Failure>,
        verdict: impl FnOnce(T) -> Option<Verdict>,
    ) -> Result<Option<Verdict>, TurnError> {
        let policy = self.policy(open.slot);
        let plan = self.snapshot.slots[open.slot].settings.on_failure;
        let decided = match said {
            Ok(Ok(answer)) => {
                policy.breaker.succeeded();
                let Some(verdict) = verdict(answer) else { return Ok(None) };
                let undone = (!self.enforces(open.slot)).then(|| "the slot observes".to_owned());
                open.record.outcome = Outcome::Decided { decision: Decision::Review(verdict.clone()), undone };
                Some(verdict)
            }
            Ok(Err(reason)) => {
                open.record.outcome = Outcome::Declined { reason };
                None
            }
            Err(failure) => {
                record_failure(&policy, &mut open.record, &failure, plan);
                if plan == FailurePlan::Fail {
                    return Err(TurnError::Policy { slot: open.record.slot.clone(), failure });
                }
                None
            }
        };
        if let Some(review) = open.review.take() {
            end(review, &mut open.record);
        }
        Ok(decided)
    }
}

fn end(review: checker::Review, record: &mut SlotRecord) {
    let (log, dropped, timing) = review.close();
    record.log.extend(log);
    record.log_dropped += dropped;
    record.timing = Timing { wait_us: record.timing.wait_us, ..timing };
}

fn worse(so_far: Option<Verdict>, new: Verdict) -> Option<Verdict> {
    match so_far {
        Some(old) if old.action.severity() >= new.action.severity() => Some(old),
        _ => Some(new),
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
