//! Replies of several choices, with reasoning, tool calls and other content.

use pointsman_policy::testing::{turn, turn_from_json};
use pointsman_policy::{Action, Content, Delta, Place, Repair, Turn};

use super::{codes, name, review};

fn ask() -> Turn {
    turn().user("What should I see in Lisbon on a rainy day?").build()
}

fn ask_for_json() -> Turn {
    turn_from_json(r#"{"messages": [{"role": "user", "content": "x"}], "response_format": {"type": "json_object"}}"#)
        .unwrap()
}

fn delta(choice: u32, content: Content) -> Delta {
    Delta { choice, content }
}

#[test]
fn choices_are_reviewed_apart() {
    let deltas = [
        Delta::text(0, "I'm sorry, but "),
        Delta::text(1, "See the museum."),
        Delta::text(0, "I can't help with that."),
        Delta::finish(2, "stop"),
    ];
    let verdict = review("{}", &ask(), &deltas);
    let found: Vec<_> = verdict
        .findings
        .iter()
        .map(|finding| (finding.code.as_str(), &finding.place))
        .collect();
    assert_eq!(found, [("empty", &Place::Reply(2)), ("refusal", &Place::Reply(0))]);
}

#[test]
fn choices_beyond_the_eighth_are_taken_together_and_that_is_said() {
    let deltas = [
        Delta::text(0, "See the museum."),
        Delta::text(8, "See"),
        Delta::text(9, "x"),
        Delta::finish(9, "length"),
    ];
    let verdict = review("{}", &ask(), &deltas);
    assert_eq!(codes(&verdict), ["cut-off:length"]);
    assert_eq!(verdict.findings[0].place, Place::Whole);
    assert!(verdict.reasons.iter().any(|reason| reason.code == "choices:merged"));
}

#[test]
fn a_reply_of_no_deltas_is_empty() {
    assert_eq!(codes(&review("{}", &ask(), &[])), ["empty"]);
}

#[test]
fn a_tool_call_is_an_answer_without_text_and_without_json() {
    let deltas = [
        delta(0, Content::ToolArguments("{\"city\": \"Lisbon\"}".into())),
        Delta::finish(0, "tool_calls"),
    ];
    assert_eq!(name(&review("{}", &ask_for_json(), &deltas).action), "accept");
}

#[test]
fn reasoning_without_an_answer_is_empty() {
    let deltas = [
        delta(0, Content::Reasoning("Let me think.".into())),
        Delta::finish(0, "stop"),
    ];
    let verdict = review("{}", &ask(), &deltas);
    assert_eq!(verdict.findings[0].text, "the reply holds reasoning and no answer");
}

#[test]
fn a_repair_is_the_json_without_its_fence() {
    let deltas = [Delta::text(0, "```json\n{\"a\": "), Delta::text(0, "[1]}\n```")];
    let verdict = review("{}", &ask_for_json(), &deltas);
    assert_eq!(
        verdict.action,
        Action::Repair(Repair {
            choice: 0,
            text: "{\"a\": [1]}".into()
        })
    );
}

#[test]
fn a_reply_too_long_to_keep_is_checked_but_not_repaired() {
    let text = format!("```json\n{{\"a\": \"{}\"}}\n```", "x".repeat(200));
    let verdict = review(
        r#"{"json": {"repair-bytes": 100}}"#,
        &ask_for_json(),
        &[Delta::text(0, text)],
    );
    assert_eq!((name(&verdict.action), codes(&verdict)), ("retry", vec!["json:fenced"]));
}

#[test]
fn two_broken_choices_are_asked_for_again() {
    let fenced = "```\n{}\n```";
    let verdict = review("{}", &ask_for_json(), &[Delta::text(0, fenced), Delta::text(1, fenced)]);
    assert_eq!(name(&verdict.action), "retry");
}

#[test]
fn with_every_check_off_the_score_is_unknown() {
    let off = r#"{"empty": {"enabled": false}, "cut-off": {"enabled": false}, "loop": {"enabled": false},
        "refusal": {"enabled": false}, "language": {"enabled": false}, "json": {"enabled": false}, "pii": {"enabled": false}, "arithmetic": {"enabled": false},
        "courtesy": {"enabled": false},
        "secrets": {"enabled": false}}"#;
    assert_eq!(review(off, &ask(), &[]).score, None);
    assert_eq!(
        review("{}", &ask(), &[Delta::text(0, "See the museum.")]).score,
        Some(0.0)
    );
}

#[test]
fn json_that_is_nested_too_deep_to_be_held_against_its_schema_passes() {
    let turn = turn_from_json(
        r#"{"messages": [{"role": "user", "content": "x"}], "response_format":
            {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "array"}}}}"#,
    )
    .unwrap();
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    for levels in [127, 128, 300] {
        let deltas = [Delta::text(0, nested(levels)), Delta::finish(0, "stop")];
        let verdict = review(
            r#"{"json": {"max-depth": 512}, "loop": {"enabled": false}}"#,
            &turn,
            &deltas,
        );
        assert!(codes(&verdict).is_empty(), "{levels}: {:?}", codes(&verdict));
    }
}
