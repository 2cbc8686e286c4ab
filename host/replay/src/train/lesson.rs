//! What a line teaches a router: a labelled case, or a turn of which something is known.

use pointsman::{Message, Outcome as Came, Part, Role};
use router_learned_model::{Case as RouterCase, Outcome};
use serde::Deserialize;

use super::feedback::Feedback;
use crate::case::Case;
use crate::trace::Trace;

/// A line as it is learned from.
pub(super) enum Lesson {
    Case(RouterCase),
    OtherSplit,
    /// A turn of which nobody said how good it was.
    Silent,
    Fault(String),
}

/// What of a line can be learned from; `None` where it is blank or says only how a turn turned out.
pub(super) fn read(text: &str, split: &str, feedback: &Feedback) -> Result<Option<Lesson>, String> {
    #[derive(Deserialize)]
    struct Marked {
        #[serde(default)]
        record: Option<serde::de::IgnoredAny>,
        #[serde(default)]
        feedback: Option<f64>,
    }
    if text.trim().is_empty() || Feedback::is_line(text) {
        return Ok(None);
    }
    let marked: Marked = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    if marked.record.is_some() {
        let trace = Trace::read(text)?;
        let said = marked.feedback.or_else(|| feedback.of(&trace.record.turn));
        return of_trace(&trace, said).map(|case| Some(case.map_or(Lesson::Silent, Lesson::Case)));
    }
    let case = Case::read(text)?;
    if case.split.as_deref().is_some_and(|own| own != split) {
        return Ok(Some(Lesson::OtherSplit));
    }
    let request = case.request(None)?;
    let outcomes = case.outcomes.iter().map(|(model, known)| Outcome {
        model: model.clone(),
        quality: known.quality,
        cost_usd: Some(known.cost_usd),
    });
    Ok(Some(Lesson::Case(RouterCase {
        prompt: prompt(request.messages()),
        outcomes: outcomes.collect(),
    })))
}

/// A turn as a case: the model that answered with what was said of it, and those whose answers were not passed on with what the
/// checkers said of these. `None` where nothing is known of how good any was.
fn of_trace(trace: &Trace<'_>, said: Option<f64>) -> Result<Option<RouterCase>, String> {
    if trace.unreadable().is_some() {
        return Ok(None);
    }
    let record = &trace.record;
    let mut outcomes: Vec<Outcome> = Vec::new();
    if let Some(quality) = said {
        outcomes.push(Outcome {
            model: record.model.clone(),
            quality,
            cost_usd: record.usage.and_then(|usage| {
                record
                    .candidates
                    .iter()
                    .find(|known| known.name == record.model)?
                    .cost(&usage)
            }),
        });
    }
    for attempt in &record.attempts {
        let verdicts = attempt.slots.iter().filter_map(|slot| match &slot.outcome {
            Came::Decided {
                decision: pointsman::Decision::Review(verdict),
                ..
            } => verdict.score,
            _ => None,
        });
        let known = outcomes.iter().any(|outcome| outcome.model == attempt.model);
        if let (Some(worst), false) = (verdicts.reduce(f32::max), known) {
            outcomes.push(Outcome {
                model: attempt.model.clone(),
                quality: 1.0 - f64::from(worst),
                cost_usd: attempt.cost_usd,
            });
        }
    }
    if outcomes.is_empty() {
        return Ok(None);
    }
    Ok(Some(RouterCase {
        prompt: prompt(trace.request()?.messages()),
        outcomes,
    }))
}

/// The user's last message.
fn prompt(messages: &[std::sync::Arc<Message>]) -> String {
    let last = messages.iter().rev().find(|message| message.role == Role::User);
    let parts = last.into_iter().flat_map(|message| message.parts.iter());
    let texts = parts.filter_map(|part| match part {
        Part::Text(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n")
}
