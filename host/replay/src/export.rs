//! Cases for a policy's author out of real turns: what was given, and what was decided.

use pointsman::{Change, Decision, Outcome, PolicyKind, Record, SlotRecord, settings_digest};
use serde_json::{Map, Value, json};

use crate::replay::{guarded, is_of_request, routed};
use crate::trace::{Obstacle, Trace};

/// What a trace becomes.
#[derive(Clone, Debug, PartialEq)]
pub enum Exported {
    /// A case, as `pointsman policy test` reads it.
    Case(Value),
    /// Why the turn cannot be one.
    Obstacle(Obstacle),
}

/// A turn as a case for the policy of one slot, named by its name or by its kind. `settings` are those that the policy had: a trace
/// holds only their digest, and a turn with another one is no case. `None` makes cases of turns with any, and names none.
///
/// # Errors
/// In words: the request of the trace cannot be read.
pub fn case(trace: &Trace<'_>, slot: Slot<'_>, settings: Option<&Value>) -> Result<Exported, String> {
    if let Some(obstacle) = trace.obstacle() {
        return Ok(Exported::Obstacle(obstacle));
    }
    let record = &trace.record;
    let Some(slot) = slot.part(record) else {
        return Ok(Exported::Obstacle(Obstacle::NoSuchSlot));
    };
    if guarded(record, slot) {
        return Ok(Exported::Obstacle(Obstacle::Guarded));
    }
    let Some(expected) = expected(slot, trace)? else {
        return Ok(Exported::Obstacle(Obstacle::NothingDecided));
    };
    if settings.is_some_and(|settings| slot.policy.settings != settings_digest(settings)) {
        return Ok(Exported::Obstacle(Obstacle::OtherSettings));
    }
    let mut case = Map::new();
    case.insert("name".to_owned(), format!("turn {}", record.turn).into());
    if let Some(settings) = settings.filter(|settings| !settings.is_null()) {
        case.insert("settings".to_owned(), settings.clone());
    }
    case.insert("given".to_owned(), given(trace, slot)?);
    // A case of a guard has no reply.
    if slot.kind == PolicyKind::Checker && is_of_request(slot) != Some(true) {
        let (deltas, finish) = reply(trace);
        case.insert("deltas".to_owned(), deltas.into());
        case.extend(finish.map(|finish| ("finish".to_owned(), finish.into())));
    }
    case.insert("expected".to_owned(), expected);
    Ok(Exported::Case(case.into()))
}

/// Which slot's decision a case is about.
#[derive(Clone, Copy, Debug)]
pub enum Slot<'a> {
    /// The slot of this name.
    Named(&'a str),
    /// The first slot of this kind; of checkers, the first that judged the reply, where one did.
    Of(PolicyKind),
}

impl Slot<'_> {
    /// Its part in a record; of a checker's two, the reply's.
    fn part(self, record: &Record) -> Option<&SlotRecord> {
        let name = match self {
            Slot::Named(name) => name,
            Slot::Of(kind) => {
                let mut slots = record.slots.iter().filter(|slot| slot.kind == kind);
                let first = slots.clone().next()?;
                let judged = slots.find(|slot| is_of_request(slot) != Some(true));
                &judged.unwrap_or(first).slot
            }
        };
        record.slots.iter().rev().find(|slot| slot.slot == name)
    }
}

fn given(trace: &Trace<'_>, slot: &SlotRecord) -> Result<Value, String> {
    let record = &trace.record;
    let body = trace.request.ok_or("the trace holds no request")?;
    let mut given: Map<String, Value> = serde_json::from_str(body.get()).map_err(|error| error.to_string())?;
    given.retain(|field, _| ["messages", "tools", "response_format"].contains(&field.as_str()));
    given.insert("candidates".to_owned(), json!(record.candidates));
    given.insert("limits".to_owned(), json!(record.limits));
    if !record.attributes.is_empty() {
        given.insert("attributes".to_owned(), json!(record.attributes));
    }
    if let Some(previous) = &record.previous {
        let previous = json!({ "model": previous.model, "policy": previous.policy, "at-ms": previous.at_ms });
        given.insert("previous".to_owned(), previous);
    }
    if let Some(settings) = &slot.tenant_settings {
        given.insert("tenant-settings".to_owned(), settings.clone());
    }
    if let Some(memory) = &slot.memory {
        given.insert("memory".to_owned(), json!(memory));
    }
    if slot.kind != PolicyKind::Router {
        given.insert("model".to_owned(), routed(record).into());
    }
    Ok(given.into())
}

/// The pieces of the reply in the form of cases, and why it ended.
fn reply(trace: &Trace<'_>) -> (Vec<Value>, Option<String>) {
    use pointsman::Content;
    let mut finish = None;
    let pieces = trace.reply.iter().filter_map(|delta| {
        let (field, text) = match &delta.content {
            Content::Text(text) => ("text", text),
            Content::Reasoning(text) => ("reasoning", text),
            Content::ToolArguments(text) => ("tool-arguments", text),
            Content::Finish(reason) if delta.choice == 0 => {
                finish = Some(reason.clone());
                return None;
            }
            Content::Finish(reason) => ("finish", reason),
            _ => return None,
        };
        Some(json!({ "choice": delta.choice, field: text }))
    });
    (pieces.collect(), finish)
}

/// What the recorded decision comes to, in the fields that cases compare.
fn expected(slot: &SlotRecord, trace: &Trace<'_>) -> Result<Option<Value>, String> {
    let codes = |reasons: &[pointsman::Reason]| reasons.iter().map(|reason| reason.code.clone()).collect::<Vec<_>>();
    let decision = match &slot.outcome {
        Outcome::Decided { decision, .. } => decision,
        Outcome::Declined { .. } => return Ok(Some(json!({ "declined": true }))),
        _ => return Ok(None),
    };
    Ok(match decision {
        Decision::Route(choice) => {
            Some(json!({ "model": choice.model, "fallbacks": choice.fallbacks, "reasons": codes(&choice.reasons) }))
        }
        Decision::Compress(compression) => {
            let length = trace.request()?.messages().len();
            let drops = |index: &usize| {
                let mut edits = compression.edits.iter().filter(|edit| edit.message as usize == *index);
                edits.any(|edit| matches!(edit.change, Change::Drop))
            };
            let (dropped, kept): (Vec<usize>, Vec<usize>) = (0..length).partition(drops);
            Some(json!({ "kept": kept, "dropped": dropped }))
        }
        Decision::Review(verdict) => {
            let findings: Vec<&str> = verdict.findings.iter().map(|finding| finding.code.as_str()).collect();
            Some(json!({ "action": verdict.action.word(), "findings": findings }))
        }
        Decision::Guard(guard) => {
            let findings: Vec<&str> = guard.findings.iter().map(|finding| finding.code.as_str()).collect();
            Some(json!({ "action": guard.action.word(), "findings": findings }))
        }
        _ => None,
    })
}
