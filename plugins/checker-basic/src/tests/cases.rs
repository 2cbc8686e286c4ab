//! The cases that ship with the component.

use pointsman_policy::testing::turn_from_json;
use pointsman_policy::{Delta, Turn};
use serde_json::Value;

use super::{codes, name, review};

/// One line of the file.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) settings: String,
    pub(super) turn: Turn,
    pub(super) pieces: Vec<String>,
    pub(super) finish: String,
    pub(super) expected: Value,
}

impl Case {
    /// The reply as one delta for each piece, and its end.
    pub(super) fn deltas(&self) -> Vec<Delta> {
        let text = self.pieces.iter().map(|piece| Delta::text(0, piece));
        text.chain([Delta::finish(0, &self.finish)]).collect()
    }
}

pub(super) fn all() -> Vec<Case> {
    include_str!("../../cases.jsonl").lines().map(read).collect()
}

fn read(line: &str) -> Case {
    let mut case: Value = serde_json::from_str(line).unwrap();
    let pieces = match case["deltas"].take() {
        Value::Array(pieces) => pieces.iter().map(|piece| piece.as_str().unwrap().to_owned()).collect(),
        _ => vec![case["reply"].as_str().unwrap().to_owned()],
    };
    Case {
        name: case["name"].as_str().unwrap().to_owned(),
        settings: case.get("settings").map_or("{}".to_owned(), Value::to_string),
        turn: turn_from_json(&case["given"].to_string()).unwrap(),
        pieces,
        finish: case["finish"].as_str().unwrap().to_owned(),
        expected: case["expected"].take(),
    }
}

#[test]
fn every_case_of_the_component_holds() {
    for case in all() {
        let verdict = review(&case.settings, &case.turn, &case.deltas());
        let got = serde_json::json!({ "action": name(&verdict.action), "findings": codes(&verdict) });
        assert_eq!(got, case.expected, "{}: {:#?}", case.name, verdict.findings);
    }
}
