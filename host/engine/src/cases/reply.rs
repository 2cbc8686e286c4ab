//! The reply of a case, in the pieces that a checker is fed.

use serde_json::Value;

use super::Case;
use crate::decision::{Content, Delta};

/// The pieces of a case's reply.
///
/// # Errors
/// One of them is no piece: its place, and what was expected.
pub(super) fn deltas(case: &Case) -> Result<Vec<Delta>, String> {
    let mut deltas: Vec<Delta> = case.reply.iter().map(Delta::text).collect();
    for (at, piece) in case.deltas.iter().enumerate() {
        deltas
            .push(delta(piece).ok_or_else(|| format!("deltas[{at}]: expected a text, or a choice with one content"))?);
    }
    deltas.extend(case.finish.iter().map(Delta::finish));
    Ok(deltas)
}

fn delta(piece: &Value) -> Option<Delta> {
    if let Value::String(text) = piece {
        return Some(Delta::text(text));
    }
    let choice = piece.get("choice").and_then(Value::as_u64).unwrap_or(0) as u32;
    let text = |field: &str| piece.get(field).and_then(Value::as_str).map(str::to_owned);
    let content = text("text")
        .map(Content::Text)
        .or_else(|| text("reasoning").map(Content::Reasoning))
        .or_else(|| text("tool-arguments").map(Content::ToolArguments))
        .or_else(|| text("finish").map(Content::Finish))?;
    Some(Delta { choice, content })
}
