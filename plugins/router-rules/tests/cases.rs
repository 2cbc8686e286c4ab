//! The component's own test vectors, run natively: `pointsman policy test` runs the same file against the component.

use std::collections::BTreeMap;

use pointsman_policy::{Choice, Router, testing};
use router_rules::Rules;
use serde_json::Value;

const CASES: &str = include_str!("../cases.jsonl");

#[test]
fn every_case_of_the_file_comes_out_as_it_says() {
    let mut configured = BTreeMap::new();
    let wrong: Vec<String> = CASES
        .lines()
        .filter_map(|line| fault(line, &mut configured).err())
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_standard_rule_has_a_case() {
    // A conversation as long as `long-context` wants would be most of the file: see the tests of odd input.
    for rule in router_rules::defaults::rules()
        .iter()
        .filter(|rule| rule.name != "long-context")
    {
        assert!(
            CASES.contains(&format!("\"rule:{}\"", rule.name)),
            "no case for the rule `{}`",
            rule.name
        );
    }
}

/// What is wrong with a case. Most have the same settings, which are slow to compile, so that policies are kept by them.
fn fault(line: &str, configured: &mut BTreeMap<String, Rules>) -> Result<(), String> {
    let case: Value = serde_json::from_str(line).map_err(|error| format!("{error}: {line}"))?;
    let name = case["name"].as_str().unwrap_or_default();
    let settings = case.get("settings").map_or("{}".into(), Value::to_string);
    if !configured.contains_key(&settings) {
        let rules = testing::configure(&settings).map_err(|errors| format!("{name}: {errors:?}"))?;
        configured.insert(settings.clone(), rules);
    }
    let rules = &configured[&settings];
    let turn = testing::turn_from_json(&case["given"].to_string()).map_err(|error| format!("{name}: {error}"))?;
    let choice = rules.route(&turn).map_err(|problem| format!("{name}: {problem:?}"))?;
    if holds(&case["expected"], &choice) {
        Ok(())
    } else {
        Err(format!("{name}: {choice:?}"))
    }
}

/// Whether the choice has the model, all the reasons, and where they are given exactly the fallbacks.
fn holds(expected: &Value, choice: &Choice) -> bool {
    let has = |code: &Value| {
        choice
            .reasons
            .iter()
            .any(|reason| Some(reason.code.as_str()) == code.as_str())
    };
    expected["model"] == choice.model
        && expected["reasons"]
            .as_array()
            .is_some_and(|codes| !codes.is_empty() && codes.iter().all(has))
        && expected
            .get("fallbacks")
            .is_none_or(|fallbacks| *fallbacks == Value::from(choice.fallbacks.clone()))
}
