//! The component's own cases, and what must hold of all replies.

mod cases;
mod choices;
mod cuts;
mod tongues;

use pointsman_policy::testing::configure;
use pointsman_policy::{Action, Checker, Delta, Review, Turn, Verdict};

use crate::BasicChecker;

/// The verdict on these deltas, fed in one call.
fn review(settings: &str, turn: &Turn, deltas: &[Delta]) -> Verdict {
    let checker: BasicChecker = configure(settings).unwrap();
    let mut review = checker.review(turn).unwrap();
    match review.feed(&checker, turn, deltas).unwrap() {
        Some(verdict) => verdict,
        None => review.finish(&checker, turn).unwrap(),
    }
}

/// The codes of all findings, the most severe first.
fn codes(verdict: &Verdict) -> Vec<&str> {
    verdict.findings.iter().map(|finding| finding.code.as_str()).collect()
}

/// An action's name in the contract.
fn name(action: &Action) -> &'static str {
    match action {
        Action::Accept => "accept",
        Action::Flag => "flag",
        Action::Repair(_) => "repair",
        Action::Retry(_) => "retry",
        Action::Escalate => "escalate",
        Action::Block(_) => "block",
        Action::Other(_) => "other",
    }
}

#[test]
fn settings_out_of_range_are_named() {
    let wrong = r#"{"refusal": {"threshold": 2}, "loop": {"repeats": 1, "share": 0}, "json": {"max-depth": 0}}"#;
    let errors = configure::<BasicChecker>(wrong).err().unwrap();
    let paths: Vec<&str> = errors.iter().map(|error| error.path.as_str()).collect();
    assert_eq!(
        paths,
        ["refusal.threshold", "loop.repeats", "loop.share", "json.max-depth"]
    );
}

#[test]
fn an_unknown_setting_is_refused_with_its_path() {
    let errors = configure::<BasicChecker>(r#"{"empty": {"acton": "flag"}}"#)
        .err()
        .unwrap();
    assert!(errors[0].path.contains("empty"), "{errors:?}");
}
