//! Rows of the table for people.

use pointsman::{Decision, Outcome, Record, SlotRecord, Verdict};

use super::through::{Money, Row};

/// One row, with the heading before the first.
pub(crate) fn row(row: &Row, first: bool, why: bool) -> String {
    let mut out = String::new();
    if first {
        out += &format!(
            "{:<26} {:<26} {:>17} {:>7} {:<22} {:>8}\n",
            "conversation", "model", "tokens", "saved", "verdict", "policies"
        );
    }
    let record = &row.record;
    let tokens = match (record.tokens_before, record.tokens_after) {
        (Some(before), Some(after)) => {
            let about = if after.exact { "" } else { "~" };
            format!("{about}{} → {}", before.tokens, after.tokens)
        }
        // Nobody asked for them.
        _ => "?".to_owned(),
    };
    out += &format!(
        "{:<26} {:<26} {:>17} {:>7} {:<22} {:>5.0} µs\n",
        cut(&row.id, 26),
        cut(record.model.rsplit('/').next().unwrap_or(&record.model), 26),
        tokens,
        saved(&row.money),
        cut(&verdict(record), 22),
        record.policy_us(),
    );
    for slot in &record.slots {
        if why || matches!(slot.outcome, Outcome::Failed { .. }) {
            out += &reasons(slot);
        }
    }
    out
}

/// Share of the cost that was saved; unknown where a price is.
pub(super) fn saved(money: &Money) -> String {
    match (money.with, money.without) {
        (Some(with), Some(without)) if without > 0.0 => format!("{:.0}%", 100.0 * (1.0 - with / without)),
        (Some(_), Some(_)) => "0%".to_owned(),
        _ => "?".to_owned(),
    }
}

pub(super) fn verdict(record: &Record) -> String {
    // What sent the turn round again, and what was said in the end.
    let before = record.attempts.iter().flat_map(|attempt| &attempt.slots);
    let mut words: Vec<String> = before
        .filter_map(|slot| match &slot.outcome {
            Outcome::Decided {
                decision: Decision::Review(verdict),
                undone: None,
            } => Some(said(verdict)),
            _ => None,
        })
        .collect();
    words.extend(record.verdict().map(said));
    if words.is_empty() {
        "–".to_owned()
    } else {
        words.join(" → ")
    }
}

fn said(verdict: &Verdict) -> String {
    let codes: Vec<&str> = verdict.findings.iter().map(|finding| finding.code.as_str()).collect();
    let colon = if codes.is_empty() { "" } else { ": " };
    format!("{}{colon}{}", verdict.action.word(), codes.join(" "))
}

fn reasons(slot: &SlotRecord) -> String {
    let words = match &slot.outcome {
        Outcome::Decided { decision, undone } => {
            let said = match decision {
                Decision::Route(choice) => choice.reasons.iter().map(|reason| reason.text.clone()).collect(),
                Decision::Compress(compression) => {
                    compression.reasons.iter().map(|reason| reason.text.clone()).collect()
                }
                Decision::Review(verdict) => verdict.findings.iter().map(|finding| finding.text.clone()).collect(),
                Decision::Guard(guard) => guard
                    .findings
                    .iter()
                    .map(|finding| finding.text.clone())
                    .collect::<Vec<_>>(),
                _ => Vec::new(),
            };
            let undone = undone
                .as_ref()
                .map(|why| format!(" (not carried out: {why})"))
                .unwrap_or_default();
            format!("{}{undone}", said.join("; "))
        }
        Outcome::Declined { reason } => format!("declined: {reason}"),
        Outcome::Failed {
            kind, message, frames, ..
        } => {
            let frames: String = frames.iter().map(|frame| format!("\n{INDENT}in {frame}")).collect();
            format!("FAILED ({kind}): {message}{frames}")
        }
        Outcome::Skipped { reason } => format!("skipped: {reason:?}"),
        _ => String::new(),
    };
    let log = { slot.log.iter() }.map(|line| format!("\n{INDENT}{}: {}", line.level, line.text));
    let log: String = log.collect();
    if words.is_empty() && log.is_empty() {
        String::new()
    } else {
        format!("    {:<11} {words}{log}\n", slot.slot)
    }
}

/// Where what a slot says goes on below it.
const INDENT: &str = "                ";

/// Cuts to a width in characters.
fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(width - 1).collect();
    out.push('…');
    out
}
