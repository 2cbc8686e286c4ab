//! The review of a reply by all checkers of a turn, whole or as it streams.

mod begin;
mod open;
mod settle;

use std::time::Instant;

use self::open::Open;
use self::settle::Progress;
use super::{Turn, TurnError};
use crate::decision::{Decision, Delta, Outcome, Verdict};
use crate::sandbox::failure::Failure;
use crate::settings::FailurePlan;

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

fn worse(so_far: Option<Verdict>, new: Verdict) -> Option<Verdict> {
    match so_far {
        Some(old) if old.action.severity() >= new.action.severity() => Some(old),
        _ => Some(new),
    }
}
