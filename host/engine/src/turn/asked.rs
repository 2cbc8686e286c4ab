//! What came of asking a slot, in its record.

use crate::decision::{Decision, LogLine, Outcome, SlotRecord};
use crate::policy::breaker::Breaker;
use crate::policy::call::{Called, Policy};
use crate::policy::router::Said;
use crate::sandbox::failure::Failure;
use crate::settings::FailurePlan;
use crate::tokens::TokenCount;

/// A decision that a slot took, before it is carried out.
pub(super) struct Asked<T> {
    record: SlotRecord,
    pub(super) decided: Option<T>,
    undone: Option<String>,
}

impl<T> Asked<T> {
    pub(super) fn new(record: SlotRecord, decided: Option<T>) -> Self {
        Asked {
            record,
            decided,
            undone: None,
        }
    }

    /// Says why a decision changed nothing.
    pub(super) fn undone(&mut self, why: impl Into<String>) {
        self.undone = Some(why.into());
    }

    /// The slot's part in the turn, with the decision where there is one.
    pub(super) fn into_record(mut self, decision: impl FnOnce(T) -> Decision) -> SlotRecord {
        if let Some(decided) = self.decided {
            self.record.outcome = Outcome::Decided {
                decision: decision(decided),
                undone: self.undone,
            };
        }
        self.record
    }

    pub(super) fn tokens(&mut self, before: TokenCount, after: TokenCount) {
        (self.record.tokens_before, self.record.tokens_after) = (Some(before), Some(after));
    }
}

/// Writes what came of a call into the record, but for a decision, and tells the breaker.
pub(super) fn note<T>(policy: &Policy, record: &mut SlotRecord, called: Called<Said<T>>) -> Result<Option<T>, Failure> {
    record.log.extend(called.log);
    record.log_dropped += called.log_dropped;
    record.timing.add(called.timing);
    match called.result {
        Ok(said) => {
            policy.breaker.succeeded();
            Ok(match said {
                Ok(decided) => Some(decided),
                Err(reason) => {
                    record.outcome = Outcome::Declined { reason };
                    None
                }
            })
        }
        Err(failure) => {
            record_failure(&policy.breaker, record, &failure, FailurePlan::Skip);
            Err(failure)
        }
    }
}

/// Writes a failure into the record, and tells the breaker.
pub(super) fn record_failure(breaker: &Breaker, record: &mut SlotRecord, failure: &Failure, plan: FailurePlan) {
    breaker.failed(failure.kind);
    let Failure { kind, message, frames } = failure.clone();
    record.outcome = Outcome::Failed {
        kind,
        message,
        frames,
        plan,
    };
}

/// Writes down that the policy before answers, and why.
pub(super) fn answered_by(record: &mut SlotRecord, before: &Policy, failure: &Failure) {
    record.answered_by = Some(before.reference.clone());
    let text = format!("answered for the newer policy, which failed: {failure}");
    record.log.push(LogLine {
        level: "warn".to_owned(),
        text,
    });
}
