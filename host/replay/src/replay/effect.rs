//! What a decision comes to, and what a record says was carried out.

use pointsman::{Decision, Edit, GuardAction, Outcome, PolicyKind, Record, SlotRecord};
use serde_json::{Value, json};

/// What a decision comes to, its reasons left out: the model and its parameters, the edits, the action. Fallbacks matter only where
/// that model fails.
pub(super) fn effect(slot: &SlotRecord) -> Value {
    match &slot.outcome {
        Outcome::Decided { decision, .. } => match decision {
            Decision::Route(choice) => json!([choice.model, choice.parameters]),
            Decision::Compress(compression) => {
                let edits = compression.edits.iter().map(|edit| json!([edit.message, edit.change]));
                edits.collect::<Vec<_>>().into()
            }
            Decision::Review(verdict) => json!(verdict.action),
            Decision::Guard(guard) => json!(guard.action),
            other => json!(other),
        },
        // Nothing is changed, as by a compression without edits.
        Outcome::Declined { .. } => json!([]),
        Outcome::Failed { kind, .. } => json!({ "failed": kind }),
        other => json!(other),
    }
}

/// Whether a guard masked the request before this slot saw it: what it saw is then not in the trace.
pub(crate) fn guarded(record: &Record, slot: &SlotRecord) -> bool {
    // Guards come before all else, each after those that stand before it.
    let guard = is_of_request(slot) == Some(true);
    let before = record
        .slots
        .iter()
        .take_while(|known| !guard || !std::ptr::eq(*known, slot));
    before.into_iter().any(|slot| {
        matches!(
            &slot.outcome,
            Outcome::Decided { decision: Decision::Guard(guard), undone: None } if guard.action != GuardAction::Pass
        )
    })
}

/// Whether a checker's part is about the request, and not about the reply; `None` where it does not say.
pub(crate) fn is_of_request(slot: &SlotRecord) -> Option<bool> {
    match &slot.outcome {
        Outcome::Decided { decision, .. } if slot.kind == PolicyKind::Checker => {
            Some(matches!(decision, Decision::Guard(_)))
        }
        _ => None,
    }
}

/// The edits of a decision that was carried out; `None` where it changed no message.
pub(super) fn edits(slot: &SlotRecord) -> Option<&[Edit]> {
    let Outcome::Decided { decision, undone: None } = &slot.outcome else {
        return None;
    };
    let edits = match decision {
        Decision::Compress(compression) => &compression.edits,
        Decision::Guard(guard) => match &guard.action {
            GuardAction::Mask(edits) => edits,
            _ => return None,
        },
        _ => return None,
    };
    (!edits.is_empty()).then_some(edits.as_slice())
}

/// The model that the router chose, before any fallback or escalation.
pub(crate) fn routed(record: &Record) -> &str {
    let choice = record.slots.iter().find_map(|slot| match &slot.outcome {
        Outcome::Decided {
            decision: Decision::Route(choice),
            undone: None,
        } => Some(choice.model.as_str()),
        _ => None,
    });
    choice.unwrap_or(&record.model)
}
