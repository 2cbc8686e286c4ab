//! The review of a reply by all checkers of a turn, whole or as it streams.

use std::sync::Arc;
use std::time::Instant;

use super::ask::{answered_by, record_failure};
use super::{Turn, TurnError};
use crate::decision::{Decision, Delta, Outcome, SkipReason, SlotRecord, State, Verdict};
use crate::policy::call::Policy;
use crate::policy::checker;
use crate::policy::router::Said;
use crate::sandbox::failure::{Failure, FailureKind};
use crate::settings::{FailurePlan, PolicyKind};

/// A reply under review. Feed it what arrives, in batches where you can, and finish it at the end.
///
/// A verdict of a checker that enforces ends the review early, when it is more than a flag; whatever is called after it
/// gives it again. Dropped before its end, its slots are recorded as not reviewed.
pub struct Review<'a> {
    turn: &'a mut Turn,
    open: Vec<Open>,
    fixed: Option<Verdict>,
    /// The verdict that ended it.
    stop: Option<Verdict>,
    /// Calls that were begun.
    calls: u32,
    /// The pieces so far, where a policy may have to take over from another.
    fed: Option<Vec<Delta>>,
}

/// One checker's part.
struct Open {
    slot: usize,
    review: Option<checker::Review>,
    record: SlotRecord,
    /// The review's calls that came to their end here.
    seen: u32,
}

/// What one call of a checker came to: a verdict, nothing yet, a decline, or a failure.
type Answer = Result<Said<Option<Verdict>>, Failure>;

/// How far a review has come: what was fed, and whether that is all.
#[derive(Clone, Copy)]
struct Progress<'a> {
    fed: &'a [Delta],
    ended: bool,
}

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
            open: Vec::new(),
            fixed,
            stop: None,
            calls: 0,
            fed,
        };
        for slot in slots {
            let turn = &*review.turn;
            let mut open = Open {
                slot,
                review: None,
                record: turn.slot_record(slot, None),
                seen: 0,
            };
            open.record.outcome = Outcome::Skipped {
                reason: SkipReason::NotReviewed,
            };
            let settled = turn.open_review(&mut open).await;
            // Also where it failed: whatever ends here, the slots that were asked are in the record.
            review.open.push(open);
            settled.inspect_err(|error| review.turn.failed(error))?;
        }
        review.turn.record.engine_us += started.elapsed().as_secs_f64() * 1e6;
        Ok(review)
    }

    /// Slots that look at replies, in their order.
    pub(super) fn reviewers(&self) -> impl Iterator<Item = usize> {
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
    async fn start(&self, open: &mut Open, policy: &Arc<Policy>) -> Answer {
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

impl Open {
    async fn call(&mut self, run: impl FnOnce(&mut checker::Review) -> Answer + Send + 'static) -> Answer {
        let Some(review) = self.review.take() else {
            return Ok(Ok(None));
        };
        let (review, said) = on_thread(review, run).await;
        self.review = Some(review);
        said
    }

    /// What became of a checker that waits for more and has not seen all that came before this call of the review: a call
    /// was dropped while it was being made, and the checker's own review went with it.
    fn cut_off(&self, call: u32) -> Option<Failure> {
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

    fn end(&mut self) {
        if let Some(review) = self.review.take() {
            let (log, dropped, timing) = review.close();
            self.record.log.extend(log);
            self.record.log_dropped += dropped;
            self.record.timing.add(timing);
        }
    }
}

impl Review<'_> {
    /// Feeds the next pieces of the reply to every checker. A verdict that is more than a flag ends the review: stop the
    /// stream and act on it.
    ///
    /// A call that is dropped before its end is a failure of the checkers that it had not reached, by their slots' plans.
    ///
    /// # Errors
    /// A checker failed whose plan is `fail`.
    pub async fn feed(&mut self, deltas: &[Delta]) -> Result<Option<Verdict>, TurnError> {
        if let Some(verdict) = self.ended()? {
            return Ok(Some(verdict));
        }
        let started = Instant::now();
        self.turn.seen_bytes += deltas.iter().map(Delta::text_bytes).sum::<u64>();
        if let Some(fed) = &mut self.fed {
            fed.extend_from_slice(deltas);
        }
        if self.turn.engine.keeps_replies() && !self.open.is_empty() {
            self.turn.fed.extend_from_slice(deltas);
        }
        let progress = Progress {
            fed: self.fed.as_deref().unwrap_or_default(),
            ended: false,
        };
        self.calls += 1;
        for open in &mut self.open {
            let pieces = deltas.to_vec();
            let said = match open.cut_off(self.calls) {
                Some(failure) => Err(failure),
                None => open.call(move |review| review.feed(&pieces)).await,
            };
            let settled = self.turn.settle(open, said, progress).await;
            let verdict = settled.inspect_err(|error| self.turn.failed(error))?;
            open.seen = self.calls;
            let ends = |verdict: &Verdict| verdict.action.severity() > 1 && self.turn.enforces(open.slot);
            if let Some(verdict) = verdict.filter(ends) {
                self.stop = worse(self.stop.take(), verdict);
            }
        }
        self.turn.record.engine_us += started.elapsed().as_secs_f64() * 1e6;
        if self.stop.is_some() {
            self.close();
        }
        Ok(self.stop.clone())
    }

    /// The reply has ended: the most severe verdict of the checkers that enforce; without any, accept.
    ///
    /// # Errors
    /// A checker failed whose plan is `fail`.
    pub async fn finish(mut self) -> Result<Verdict, TurnError> {
        if let Some(fixed) = self.fixed.take() {
            return Ok(fixed);
        }
        if let Some(verdict) = self.ended()? {
            return Ok(verdict);
        }
        let started = Instant::now();
        let progress = Progress {
            fed: self.fed.as_deref().unwrap_or_default(),
            ended: true,
        };
        let mut worst = None;
        for open in &mut self.open {
            let said = match open.cut_off(self.calls + 1) {
                Some(failure) => Err(failure),
                None => open.call(|review| Ok(review.finish()?.map(Some))).await,
            };
            let settled = self.turn.settle(open, said, progress).await;
            settled.inspect_err(|error| self.turn.failed(error))?;
            if let (
                Outcome::Decided {
                    decision: Decision::Review(verdict),
                    ..
                },
                true,
            ) = (&open.record.outcome, self.turn.enforces(open.slot))
            {
                worst = worse(worst, verdict.clone());
            }
        }
        self.turn.record.engine_us += started.elapsed().as_secs_f64() * 1e6;
        self.close();
        Ok(worst.unwrap_or_default())
    }

    /// What ended the review before, if anything did: nothing that comes after it can make that good.
    fn ended(&self) -> Result<Option<Verdict>, TurnError> {
        for open in &self.open {
            if let Outcome::Failed {
                kind,
                message,
                frames,
                plan: FailurePlan::Fail,
            } = &open.record.outcome
            {
                return Err(TurnError::Policy {
                    slot: open.record.slot.clone(),
                    failure: Failure {
                        kind: *kind,
                        message: message.clone(),
                        frames: frames.clone(),
                    },
                });
            }
        }
        Ok(self.stop.clone())
    }

    /// Hands the slots' records to the turn.
    fn close(&mut self) {
        for mut open in self.open.drain(..) {
            open.end();
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
    /// Writes what a checker said into its record; a verdict, a decline or a failure ends its review. On a failure the
    /// slot's plan is carried out.
    async fn settle(&self, open: &mut Open, mut said: Answer, at: Progress<'_>) -> Result<Option<Verdict>, TurnError> {
        let standing_in = self.stand_in(open.slot).filter(|_| open.record.answered_by.is_some());
        let mut policy = standing_in.unwrap_or_else(|| self.policy(open.slot));
        if let Err(failure) = said {
            if self.settings(open.slot).on_failure == FailurePlan::Fail && self.enforces(open.slot) {
                open.failed(&policy, &failure, FailurePlan::Fail);
                return Err(TurnError::Policy {
                    slot: open.record.slot.clone(),
                    failure,
                });
            }
            open.failed(&policy, &failure, FailurePlan::Skip);
            let stands_in = self
                .stand_in(open.slot)
                .filter(|_| open.record.answered_by.take().is_none());
            let Some(before) = stands_in else { return Ok(None) };
            said = self.take_over(open, &before, at).await;
            match &said {
                Ok(_) => answered_by(&mut open.record, &before, &failure),
                Err(failure) => {
                    open.end();
                    before.review_breaker.failed(failure.kind);
                    return Ok(None);
                }
            }
            open.record.outcome = Outcome::Skipped {
                reason: SkipReason::NotReviewed,
            };
            policy = before;
        }
        let decided = match said {
            Ok(Ok(None)) | Err(_) => return Ok(None),
            Ok(Ok(Some(verdict))) => {
                let undone = (!self.enforces(open.slot)).then(|| "the slot observes".to_owned());
                open.record.outcome = Outcome::Decided {
                    decision: Decision::Review(verdict.clone()),
                    undone,
                };
                Some(verdict)
            }
            Ok(Err(reason)) => {
                open.record.outcome = Outcome::Declined { reason };
                None
            }
        };
        policy.review_breaker.succeeded();
        open.end();
        Ok(decided)
    }

    /// Lets the policy before take a review over, from the reply's first piece on.
    async fn take_over(&self, open: &mut Open, before: &Arc<Policy>, at: Progress<'_>) -> Answer {
        let mut said = self.start(open, before).await?;
        if said == Ok(None) && !at.fed.is_empty() {
            let pieces = at.fed.to_vec();
            said = open.call(move |review| review.feed(&pieces)).await?;
        }
        if said == Ok(None) && at.ended {
            said = open.call(|review| Ok(review.finish()?.map(Some))).await?;
        }
        Ok(said)
    }

    /// The policy that answers where a slot's own fails, if the slot's plan says so.
    fn stand_in(&self, slot: usize) -> Option<Arc<Policy>> {
        let plan = self.settings(slot).on_failure;
        self.snapshot.slots[slot].arms[self.arms[slot]]
            .last_good
            .clone()
            .filter(|_| plan == FailurePlan::LastGood)
    }
}

impl Open {
    fn failed(&mut self, policy: &Policy, failure: &Failure, plan: FailurePlan) {
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
