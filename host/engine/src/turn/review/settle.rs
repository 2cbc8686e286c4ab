//! What becomes of a checker's answer: its record, its breaker, and its slot's plan where it failed.

use std::sync::Arc;

use super::open::{Answer, Open};
use crate::decision::{Decision, Delta, Outcome, SkipReason, Verdict};
use crate::policy::call::Policy;
use crate::settings::FailurePlan;
use crate::turn::asked::answered_by;
use crate::turn::{Turn, TurnError};

/// How far a review has come: what was fed, and whether that is all.
#[derive(Clone, Copy)]
pub(super) struct Progress<'a> {
    pub(super) fed: &'a [Delta],
    pub(super) ended: bool,
}

impl Turn {
    /// Writes what a checker said into its record; a verdict, a decline or a failure ends its review. On a failure the
    /// slot's plan is carried out.
    pub(super) async fn settle(
        &self,
        open: &mut Open,
        mut said: Answer,
        at: Progress<'_>,
    ) -> Result<Option<Verdict>, TurnError> {
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
            // Boxed, for it is rare, and every turn would have room for it.
            said = Box::pin(self.take_over(open, &before, at)).await;
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
    pub(super) fn stand_in(&self, slot: usize) -> Option<Arc<Policy>> {
        let plan = self.settings(slot).on_failure;
        self.snapshot.slots[slot].arms[self.arms[slot]]
            .last_good
            .clone()
            .filter(|_| plan == FailurePlan::LastGood)
    }
}
