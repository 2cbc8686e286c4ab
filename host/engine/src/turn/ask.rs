//! One slot asked, with its breaker before and its plan after.

use std::sync::Arc;

use super::asked::{Asked, answered_by, note};
use super::{Turn, TurnError};
use crate::decision::{Memory, Outcome, SkipReason, SlotRecord, Timing};
use crate::policy::call::{Called, Policy};
use crate::policy::host::Call;
use crate::policy::router::Said;
use crate::sandbox::failure::{Failure, FailureKind};
use crate::settings::{FailurePlan, PolicyKind, SlotSettings};

impl Turn {
    /// A call on the turn as it stands now.
    pub(super) fn call(&self, slot: usize, policy: &Policy, memory: Option<Memory>) -> Call {
        let slot = &self.snapshot.slots[slot];
        self.view.counts.before_call();
        let mut call = Call::new(
            self.input.clone(),
            self.view.clone(),
            slot.name.clone(),
            policy.artifacts.clone(),
        );
        call.memory = memory;
        call.tenant_settings = self
            .input
            .request
            .tenant_settings
            .get(&*slot.name)
            .map(ToString::to_string);
        call
    }

    /// The record of a slot before anything came of it.
    pub(super) fn slot_record(&self, index: usize, memory: Option<Memory>) -> SlotRecord {
        let slot = &self.snapshot.slots[index];
        let arm = self.arms[index];
        let total: f64 = slot.weights.iter().map(|arm| arm.weight).sum();
        SlotRecord {
            slot: slot.name.to_string(),
            kind: slot.settings.kind,
            mode: slot.settings.mode,
            arm: slot.weights[arm].name.clone(),
            propensity: slot.weights[arm].weight / total,
            policy: slot.arms[arm].policy.reference.clone(),
            answered_by: None,
            memory,
            tenant_settings: self.input.request.tenant_settings.get(&*slot.name).cloned(),
            outcome: Outcome::Skipped {
                reason: SkipReason::AlreadyDecided,
            },
            tokens_before: None,
            tokens_after: None,
            log: Vec::new(),
            log_dropped: 0,
            timing: Timing::default(),
        }
    }

    /// Asks a slot's policy, and on a failure carries out the slot's plan.
    pub(super) async fn ask<T, C, F>(
        &mut self,
        index: usize,
        memory: Option<Memory>,
        ask: C,
    ) -> Result<Asked<T>, TurnError>
    where
        C: Fn(Arc<Policy>, Call) -> F,
        F: Future<Output = Called<Said<T>>>,
    {
        let snapshot = self.snapshot.clone();
        let slot = &snapshot.slots[index];
        let arm = &slot.arms[self.arms[index]];
        let mut record = self.slot_record(index, memory.clone());
        let failure = if arm.policy.breaker.allows() {
            let called = ask(arm.policy.clone(), self.call(index, &arm.policy, memory.clone())).await;
            match note(&arm.policy, &mut record, called) {
                Ok(decided) => return Ok(Asked::new(record, decided)),
                Err(failure) => failure,
            }
        } else {
            record.outcome = Outcome::Skipped {
                reason: SkipReason::BreakerOpen,
            };
            Failure::new(
                FailureKind::Overloaded,
                "the circuit breaker is open after too many failures in a row",
            )
        };
        // Before a request is sent, a checker is asked as its guard.
        let guards = slot.settings.kind == PolicyKind::Checker;
        let plan = if guards {
            slot.settings.on_guard_failure
        } else {
            slot.settings.on_failure
        };
        if let (FailurePlan::LastGood, Some(before)) = (plan, &arm.last_good) {
            let mut second = record.clone();
            // Boxed, for it is rare, and every turn would have room for it.
            let called = Box::pin(ask(before.clone(), self.call(index, before, memory))).await;
            if let Ok(decided) = note(before, &mut second, called) {
                answered_by(&mut second, before, &failure);
                return Ok(Asked::new(second, decided));
            }
        }
        let closed = plan == FailurePlan::Fail || (plan == FailurePlan::LastGood && guards);
        if !(closed && self.enforces(index)) {
            return Ok(Asked::new(record, None));
        }
        if let Outcome::Failed { plan, .. } = &mut record.outcome {
            *plan = FailurePlan::Fail;
        }
        self.record.slots.push(record);
        Err(TurnError::Policy {
            slot: slot.name.to_string(),
            failure,
        })
    }

    /// Slots of one kind that are asked, in their order.
    pub(super) fn slots(&self, kind: PolicyKind) -> Vec<usize> {
        let on = |slot: &crate::snapshot::Slot| {
            slot.settings.kind == kind && slot.settings.mode != crate::settings::Mode::Off
        };
        self.snapshot
            .slots
            .iter()
            .enumerate()
            .filter(|(_, slot)| on(slot))
            .map(|(index, _)| index)
            .collect()
    }

    pub(super) fn enforces(&self, slot: usize) -> bool {
        self.settings(slot).mode == crate::settings::Mode::Enforce
    }

    pub(super) fn settings(&self, slot: usize) -> &SlotSettings {
        &self.snapshot.slots[slot].settings
    }
}
