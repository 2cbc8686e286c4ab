//! Reads gzipped JSON lines, and asks the checker.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use checker_basic::BasicChecker;
use flate2::read::GzDecoder;
use pointsman_policy::testing::{reply, review, turn};
use pointsman_policy::{Turn, Verdict};
use serde_json::Value;

/// Every line of a file.
pub(crate) fn read(path: &Path) -> Result<Vec<Value>, String> {
    let wrong = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let file = File::open(path).map_err(|error| wrong(&error))?;
    let lines = BufReader::new(GzDecoder::new(file)).lines();
    let row = |(number, line): (usize, Result<String, std::io::Error>)| {
        let line = line.map_err(|error| wrong(&error))?;
        serde_json::from_str(&line).map_err(|error| wrong(&format!("line {}: {error}", number + 1)))
    };
    lines.enumerate().map(row).collect()
}

/// The text of a field, empty where there is none.
pub(crate) fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap_or_default()
}

/// The verdict on a reply to a prompt.
pub(crate) fn verdict(checker: &BasicChecker, prompt: &str, answer: &str) -> Result<Verdict, String> {
    let turn: Turn = turn().user(prompt).build();
    review(checker, &turn, reply(answer)).map_err(|problem| format!("{problem:?}"))
}

/// The weight of a verdict's reason.
pub(crate) fn weight(verdict: &Verdict, code: &str) -> f32 {
    let reason = verdict.reasons.iter().find(|reason| reason.code == code);
    reason.and_then(|reason| reason.weight).unwrap_or(0.0)
}
