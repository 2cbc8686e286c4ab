//! The cases that ship with the component.

use pointsman_policy::Delta;
use pointsman_policy::testing::turn_from_json;
use serde_json::Value;

use super::{checker, name, review};

#[test]
fn every_case_of_the_component_holds() {
    for line in include_str!("../../cases.jsonl").lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let turn = turn_from_json(&case["given"].to_string()).unwrap();
        let settings = case.get("settings").map_or("{}".to_owned(), Value::to_string);
        let deltas = match &case["deltas"] {
            Value::Array(pieces) => pieces
                .iter()
                .map(|piece| Delta::text(0, piece.as_str().unwrap()))
                .collect(),
            _ => vec![Delta::text(0, case["reply"].as_str().unwrap())],
        };
        let verdict = review(&checker(&settings), &turn, &deltas).unwrap();
        let codes: Vec<&str> = verdict.findings.iter().map(|finding| finding.code.as_str()).collect();
        let got = serde_json::json!({ "action": name(&verdict.action), "findings": codes });
        assert_eq!(got, case["expected"], "{}: {verdict:#?}", case["name"]);
    }
}
