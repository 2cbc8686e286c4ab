//! What one slot of a turn said, out of the turn's record.

use pointsman::{Choice, Decision, Outcome, PolicyKind, Record, SlotRecord, Verdict};

/// An answer and what it took; `None` where the policy had nothing to say.
pub(super) struct Answer<T> {
    pub(super) said: Option<T>,
    pub(super) call_us: f32,
}

/// The router's choice.
///
/// # Errors
/// The policy failed: how, in words.
pub(super) fn choice(record: &Record) -> Result<Answer<Choice>, String> {
    of(record, PolicyKind::Router, |decision| match decision {
        Decision::Route(choice) => Some(choice.clone()),
        _ => None,
    })
}

/// The checker's verdict on the reply.
///
/// # Errors
/// The policy failed: how, in words.
pub(super) fn verdict(record: &Record) -> Result<Answer<Verdict>, String> {
    of(record, PolicyKind::Checker, |decision| match decision {
        Decision::Review(verdict) => Some(verdict.clone()),
        _ => None,
    })
}

/// The last slot of a kind: a checker that guards has one for the request too, before that of the reply.
pub(super) fn slot(record: &Record, kind: PolicyKind) -> Result<&SlotRecord, String> {
    let mut slots = record.slots.iter().rev();
    slots
        .find(|slot| slot.kind == kind)
        .ok_or_else(|| format!("no {kind} was asked"))
}

fn of<T>(record: &Record, kind: PolicyKind, read: impl Fn(&Decision) -> Option<T>) -> Result<Answer<T>, String> {
    let slot = slot(record, kind)?;
    Ok(Answer {
        said: decided(slot)?.and_then(read),
        call_us: slot.timing.call_us as f32,
    })
}

/// What a slot decided; `None` where it declined.
///
/// # Errors
/// It failed, or was not asked.
pub(super) fn decided(slot: &SlotRecord) -> Result<Option<&Decision>, String> {
    match &slot.outcome {
        Outcome::Decided { decision, .. } => Ok(Some(decision)),
        Outcome::Declined { .. } => Ok(None),
        Outcome::Failed { kind, message, .. } => Err(format!("the {} failed ({kind}): {message}", slot.kind)),
        Outcome::Skipped { reason } => Err(format!("the {} was not asked: {reason:?}", slot.kind)),
        _ => Err(format!("the {} came to something unknown", slot.kind)),
    }
}
