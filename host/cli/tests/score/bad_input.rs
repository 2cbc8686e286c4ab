//! Cases that cannot be measured: each is said in words, with its place, and the rest goes on.

use std::fs;

use serde_json::{Value, json};

use super::{Desk, Wrote};

fn case(id: &str, quality: [u8; 2], text: &str) -> Value {
    json!({
        "id": id, "messages": [{ "role": "user", "content": text }],
        "outcomes": { "weak": { "quality": quality[0], "cost_usd": 0.1 }, "strong": { "quality": quality[1], "cost_usd": 1 } },
    })
}

fn routing(desk: &Desk, lines: &[Value], more: &[&str]) -> Wrote {
    let cases = desk.cases("cases.jsonl", lines);
    let args = [
        "routing",
        cases.to_str().unwrap(),
        "--policy",
        "router-rules",
        "--weak",
        "weak",
        "--strong",
        "strong",
        "--out",
        "out.jsonl",
    ];
    desk.score(&[&args[..], more].concat())
}

#[test]
fn cases_without_outcomes_or_names_are_told_and_the_others_measured() {
    let desk = Desk::new();
    let mut nameless = case("", [0, 1], "hello");
    nameless.as_object_mut().unwrap().remove("id");
    let mut unknown = case("c", [0, 1], "hello");
    unknown["outcomes"].as_object_mut().unwrap().remove("strong");
    let lines = [
        case("a", [0, 1], "hello"),
        nameless,
        unknown,
        json!({ "id": "d", "messages": [{ "role": "user", "content": "x" }] }),
        case("a", [1, 1], "twice"),
        json!("not an object"),
        case("e", [1, 1], ""),
    ];
    let said = routing(&desk, &lines, &[]);
    assert!(!said.ok && said.out.starts_with("n=2 "), "{}{}", said.out, said.err);
    for words in [
        "cases.jsonl:2: has no `id`",
        "cases.jsonl:3: has no outcome of `strong`: known are weak",
        "cases.jsonl:4: has no `outcomes`",
        "cases.jsonl:5: its `id` stands in the cases twice",
        "cases.jsonl:6: not a case",
        "5 of 7 cases could not be asked",
    ] {
        assert!(said.err.contains(words), "{words}: {}", said.err);
    }
}

#[test]
fn one_class_alone_has_no_gap_to_close() {
    let desk = Desk::new();
    let said = routing(&desk, &[case("a", [1, 1], "x"), case("b", [1, 1], "y")], &[]);
    assert!(!said.ok && said.err.contains("no gap between them"), "{}", said.err);
}

#[test]
fn ten_rows_and_a_prompt_of_a_mebibyte_are_measured_with_wide_intervals() {
    let desk = Desk::new();
    let mut lines: Vec<Value> = (0..9)
        .map(|at| case(&at.to_string(), [at % 2, 1], &"x ".repeat(at.into())))
        .collect();
    lines.push(case("long", [0, 1], &"why 🙂 ".repeat(100_000)));
    let said = routing(&desk, &lines, &[]);
    assert!(said.ok && said.out.starts_with("n=10 "), "{}{}", said.out, said.err);
}

#[test]
fn a_run_goes_on_where_it_was_and_another_policy_does_not() {
    let desk = Desk::new();
    let lines: Vec<Value> = (0..20).map(|at| case(&at.to_string(), [at % 2, 1], "hello")).collect();
    let whole = routing(&desk, &lines, &[]);
    let predictions = fs::read_to_string(desk.path("out.jsonl")).unwrap();
    let half: Vec<&str> = predictions.lines().take(9).collect();
    fs::write(desk.path("out.jsonl"), half.join("\n") + "\n{\"id\":\"9\",\"sc").unwrap();
    let resumed = routing(&desk, &lines, &[]);
    assert!(
        resumed.ok && resumed.out.contains("9 of 20 cases stood in the file already"),
        "{}",
        resumed.out
    );
    assert_eq!(fs::read_to_string(desk.path("out.jsonl")).unwrap(), predictions);
    assert_eq!(whole.out.lines().next(), resumed.out.lines().next());
    // As long as before, but not the same.
    let mut edited = lines.clone();
    let text = edited[0]["messages"][0]["content"].as_str().unwrap().to_uppercase();
    edited[0]["messages"][0]["content"] = text.into();
    let other = routing(&desk, &edited, &[]);
    assert!(!other.ok && other.err.contains("other cases"), "{}", other.err);
    fs::write(desk.path("other.json"), r#"{"rules": []}"#).unwrap();
    let other = routing(&desk, &lines, &["--settings", "other.json"]);
    assert!(
        !other.ok && other.err.contains("another policy, or other settings"),
        "{}",
        other.err
    );
}

#[test]
fn one_model_under_two_names_is_no_comparison_and_a_place_that_is_not_there_is_said_once() {
    let desk = Desk::new();
    let lines: Vec<Value> = (0..10)
        .map(|at| case(&format!("c{at}"), [at % 2, 1], "hello"))
        .collect();
    let cases = desk.cases("cases.jsonl", &lines);
    let asked = |strong: &str, out: &str| {
        let args = [
            "routing",
            cases.to_str().unwrap(),
            "--policy",
            "router-rules",
            "--weak",
            "weak",
            "--strong",
            strong,
        ];
        desk.score(&[&args[..], &["--out", out]].concat())
    };
    let said = asked("weak", "out.jsonl");
    assert!(
        !said.ok && said.err.contains("name the same model, `weak`"),
        "{}",
        said.err
    );
    let said = asked("strong", "nowhere/out.jsonl");
    let missing = "nowhere/out.jsonl cannot be read or written: ";
    assert!(!said.ok && said.err.contains(missing), "{}", said.err);
    assert_eq!(said.err.matches("os error").count(), 1, "{}", said.err);
}

#[test]
fn a_budget_below_what_is_locked_keeps_the_locked_and_says_so() {
    let desk = Desk::new();
    let line = json!({
        "id": "t", "messages": [{ "role": "system", "content": "stay" }, { "role": "user", "content": "hello there" }],
        "questions": [{ "question": "who?", "evidence": [1] }],
    });
    let cases = desk.cases(
        "talk.jsonl",
        &[
            line,
            json!({ "id": "u", "messages": [{ "role": "user", "content": "x" }] }),
        ],
    );
    let said = desk.score(&[
        "compression",
        cases.to_str().unwrap(),
        "--policy",
        "compressor-window",
        "--budget",
        "0",
        "--out",
        "o.jsonl",
    ]);
    assert!(
        !said.ok && said.err.contains("over the budget of 0%") && said.err.contains("locked"),
        "{}",
        said.err
    );
    assert!(said.err.contains("talk.jsonl:2: has no `questions`"), "{}", said.err);
    let wrong = desk.score(&["compression", "x", "--policy", "p", "--budget", "30", "--out", "o"]);
    assert!(wrong.err.contains("expected 0 to 1"), "{}", wrong.err);
}

#[test]
fn a_policy_of_another_kind_is_refused_in_words() {
    let desk = Desk::new();
    let cases = desk.cases("cases.jsonl", &[case("a", [0, 1], "x")]);
    let said = desk.score(&[
        "pool",
        cases.to_str().unwrap(),
        "--policy",
        "checker-basic",
        "--strong",
        "strong",
        "--out",
        "o.jsonl",
    ]);
    assert!(
        !said.ok && said.err.contains("router") && said.err.contains("checker"),
        "{}",
        said.err
    );
}
