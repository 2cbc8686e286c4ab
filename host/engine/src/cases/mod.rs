//! Test vectors: what a policy is given and what it is expected to decide, one JSON object a line.
//!
//! A component may bring its own, which are run when it is staged; an author runs and writes them by command.

mod bench;
mod given;
mod reply;

pub use self::bench::Bench;
pub(crate) use self::bench::vouch;

use serde::Deserialize;
use serde_json::{Map, Value};

/// One test vector.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it shows.
    #[serde(default)]
    pub name: String,
    /// Settings of the policy.
    #[serde(default)]
    pub settings: Value,
    /// The turn: `messages`, `tools`, `response_format` as in the chat API, and `candidates`, `limits`, `attributes`,
    /// `model`, `previous`, `tenant-settings`, `memory` (as in a record). Another field is refused.
    #[serde(deserialize_with = "given::known")]
    pub given: Map<String, Value>,
    /// For a checker: the whole reply.
    #[serde(default)]
    pub reply: Option<String>,
    /// For a checker: the reply in pieces, each a text or `{"choice": 0, "text" | "reasoning" | "tool-arguments" |
    /// "finish": "…"}`.
    #[serde(default)]
    pub deltas: Vec<Value>,
    /// For a checker: why the reply ended.
    #[serde(default)]
    pub finish: Option<String>,
    /// What is expected of the decision: every field given here must be in what it comes to, see [`Got`].
    #[serde(default)]
    pub expected: Map<String, Value>,
}

impl Case {
    /// Whether a checker is shown a request alone, and so is asked as a guard.
    fn is_of_request(&self) -> bool {
        self.reply.is_none() && self.deltas.is_empty() && self.finish.is_none()
    }
}

/// What a policy made of a case, in the few fields that cases compare.
///
/// A router: `model`, `fallbacks`, `reasons` (codes). A compressor: `kept` and `dropped` (message indexes), `reasons` (codes).
/// A checker: `action`, `findings` (codes), of its guard where the case has no reply. Any: `declined`, in words; or `failed`,
/// the kind of failure, with its `message` and, of a trap, the guest's functions that it happened `in`, innermost first.
#[derive(Clone, Debug, PartialEq)]
pub struct Got(pub Map<String, Value>);

impl Got {
    /// What differs from what is expected, in words; empty where nothing does.
    ///
    /// `reason` is expected among `reasons`; lists of codes are expected to be contained; `declined: true` to have any
    /// reason; all else to be equal. A failure is expected only where `failed` is.
    pub fn differences(&self, expected: &Map<String, Value>) -> Vec<String> {
        if let (Some(kind), None) = (self.0.get("failed"), expected.get("failed")) {
            return vec![self.failure(kind)];
        }
        // Said once, and not again for each field that is expected.
        if let (Some(reason), None, false) = (self.0.get("declined"), expected.get("declined"), expected.is_empty()) {
            return vec![format!(
                "the policy declined: {reason}; expected {}",
                Value::Object(expected.clone())
            )];
        }
        let mut out = Vec::new();
        for (field, wanted) in expected {
            let (name, got) = match field.as_str() {
                "reason" => ("reasons", self.0.get("reasons")),
                name => (name, self.0.get(name)),
            };
            let fits = match (name, wanted, got) {
                ("reasons" | "findings", Value::Array(wanted), Some(Value::Array(got))) => {
                    wanted.iter().all(|w| got.contains(w))
                }
                ("reasons", Value::String(_), Some(Value::Array(got))) => got.contains(wanted),
                ("declined", Value::Bool(wanted), got) => *wanted == got.is_some(),
                (_, wanted, got) => got == Some(wanted),
            };
            if !fits {
                let got = got.map_or_else(|| self.whole(), ToString::to_string);
                out.push(format!("{field}: expected {wanted}, got {got}"));
            }
        }
        out
    }

    fn failure(&self, kind: &Value) -> String {
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let message = self.0.get("message").map(word).unwrap_or_default();
        let frames = self.0.get("in").and_then(Value::as_array).into_iter().flatten();
        let frames: String = frames.map(|frame| format!("\n  in {}", word(frame))).collect();
        format!("the policy failed ({}): {message}{frames}", word(kind))
    }

    fn whole(&self) -> String {
        Value::Object(self.0.clone()).to_string()
    }
}

/// Reads cases from the lines of a file. Empty lines are passed over.
///
/// # Errors
/// The first line that is no case, by number.
pub fn parse(lines: &str) -> Result<Vec<Case>, String> {
    let lines = lines.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| serde_json::from_str(line).map_err(|error| format!("line {}: {error}", at + 1)))
        .collect()
}
