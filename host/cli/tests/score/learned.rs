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

#[test]
fn what_a_call_came_to_is_not_told_before_it_is_made() {
    let desk = Desk::new();
    let cost = [0.001, 0.02];
    let lines: Vec<Value> = { 0..10 }
        .map(|row: usize| {
            json!({
                "id": format!("case/{row}"),
                "messages": [{ "role": "user", "content": "What is the capital of France?" }],
                // Who is dear and who is good is swapped row by row: whoever sees it can follow it.
                "outcomes": {
                    WEAK: { "quality": f64::from(u8::from(row.is_multiple_of(2))), "cost_usd": cost[row % 2] },
                    STRONG: { "quality": f64::from(u8::from(!row.is_multiple_of(2))), "cost_usd": cost[1 - row % 2] },
                },
            })
        })
        .collect();
    let cases = desk.cases("cases.jsonl", &lines);
    let out = desk.path("out.jsonl");
    let (cases, out) = (cases.to_str().unwrap(), out.to_str().unwrap());
    let said = desk.score(&[
        "pool",
        cases,
        "--policy",
        "router-learned",
        "--strong",
        STRONG,
        "--out",
        out,
    ]);
    assert!(said.ok, "{}\n{}", said.out, said.err);
    let lines = std::fs::read_to_string(out).unwrap();
    let chosen: std::collections::BTreeSet<String> = { lines.lines() }
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["model"].to_string())
        .collect();
    assert_eq!(chosen.len(), 1, "one prompt, one choice: {chosen:?}");
}

#[test]
fn instances_that_serve_one_call_after_another_decide_as_fresh_ones_do() {
    let desk = Desk::new();
    let cases = desk.cases("cases.jsonl", &(0..300).map(case).collect::<Vec<_>>());
    let standard = { pointsman_standard::ALL.iter() }
        .find(|standard| standard.name == "router-learned")
        .unwrap();
    std::fs::write(desk.path("router.wasm"), standard.component).unwrap();
    std::fs::write(desk.path("weights.pma"), standard.artifacts[0].bytes).unwrap();
    let predictions = |policy: &str, more: &[&str]| {
        let args = ["routing", cases.to_str().unwrap(), "--policy", policy];
        let models = ["--weak", WEAK, "--strong", STRONG, "--out", "out.jsonl", "--again"];
        let said = desk.score(&[&args[..], &models, more].concat());
        assert!(said.ok, "{}\n{}", said.out, said.err);
        std::fs::read_to_string(desk.path("out.jsonl")).unwrap()
    };
    // A file is asked in fresh instances.
    let fresh = predictions("router.wasm", &["--artifact", "weights=weights.pma"]);
    assert_eq!(predictions("router-learned", &[]), fresh);
}
