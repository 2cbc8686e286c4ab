//! What a decision comes to, and what a record says was carried out.

use pointsman::{Decision, GuardAction, Outcome, Record, SlotRecord};
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

/// Whether a guard masked the request: what the slots after it saw is not in the trace.
pub(super) fn guarded(record: &Record) -> bool {
    record.slots.iter().any(|slot| {
        matches!(
            &slot.outcome,
            Outcome::Decided { decision: Decision::Guard(guard), undone: None } if guard.action != GuardAction::Pass
        )
    })
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
