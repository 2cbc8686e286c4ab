//! The learned router with the weights that it brings, on cases made here.

use serde_json::{Value, json};

use super::Desk;

const WEAK: &str = "mistralai/Mixtral-8x7B-Instruct-v0.1";
const STRONG: &str = "gpt-4-1106-preview";

/// Questions of which every third is a tangle, and the strong model alone untangles it.
fn case(number: usize) -> Value {
    let hard = number.is_multiple_of(3);
    let prompt = if hard {
        format!(
            "When Ann told Bob that Carl owes Dan {number} coins, which of them had not paid Eve, and when did Bob say so?"
        )
    } else {
        format!("What is the capital of country {number}?")
    };
    json!({
        "id": format!("case/{number}"),
        "group": "made",
        "split": if number.is_multiple_of(2) { "dev" } else { "test" },
        "messages": [{ "role": "user", "content": prompt }],
        "outcomes": {
            WEAK: { "quality": f64::from(u8::from(!hard)), "cost_usd": 0.00024 },
            STRONG: { "quality": 1.0, "cost_usd": 0.0247 },
        },
    })
}

#[test]
fn the_standard_name_brings_weights_and_the_estimates_become_scores() {
    let desk = Desk::new();
    let cases = desk.cases("cases.jsonl", &(0..30).map(case).collect::<Vec<_>>());
    let out = desk.path("out.jsonl");
    let said = desk.score(&[
        "routing",
        cases.to_str().unwrap(),
        "--policy",
        "router-learned",
        "--weak",
        WEAK,
        "--strong",
        STRONG,
        "--out",
        out.to_str().unwrap(),
    ]);
    assert!(said.ok, "{}\n{}", said.out, said.err);
    let lines = std::fs::read_to_string(out).unwrap();
    let scores: Vec<f64> = { lines.lines() }
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter_map(|line| line["score"].as_f64())
        .collect();
    assert_eq!(scores.len(), 30);
    let distinct: std::collections::BTreeSet<u64> = scores.iter().map(|score| score.to_bits()).collect();
    assert!(distinct.len() > 2, "a score is a gain, not a yes or no: {scores:?}");
}
