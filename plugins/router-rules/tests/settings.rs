//! What settings may say, and what an operator reads who got them wrong.

use pointsman_policy::{Router, SettingsError, testing};
use router_rules::Rules;

fn errors(settings: &str) -> Vec<SettingsError> {
    testing::configure::<Rules>(settings).err().unwrap_or_default()
}

fn error(settings: &str) -> (String, String) {
    let mut errors = errors(settings);
    assert_eq!(errors.len(), 1, "{errors:?}");
    let error = errors.remove(0);
    (error.path, error.message)
}

#[test]
fn a_bad_pattern_is_said_with_its_path_and_the_parsers_words() {
    let (path, message) = error(
        r#"{"rules": [{"name": "a", "use": {"tag": "x"}},
                      {"name": "b", "when": {"matches": ["fine", "(open"]}, "use": {"tag": "x"}}]}"#,
    );
    assert_eq!(path, "rules[1].when.matches[1]");
    assert_eq!(
        message,
        "the pattern does not compile: unclosed group, at byte 0 of `(open`"
    );
}

#[test]
fn a_pattern_that_would_take_too_much_is_refused() {
    let (path, message) =
        error(r#"{"rules": [{"name": "a", "when": {"matches": "(\\w{1000}){1000}"}, "use": {"tag": "x"}}]}"#);
    assert_eq!(path, "rules[0].when.matches[0]");
    assert!(message.starts_with("the pattern is too large"), "{message}");
}

#[test]
fn a_misspelt_field_is_named_with_its_path() {
    let (path, message) = error(r#"{"rules": [{"name": "a", "when": {"min-token": 3}, "use": {"tag": "x"}}]}"#);
    assert!(path.starts_with("rules[0].when"), "{path}");
    assert!(message.contains("unknown field `min-token`"), "{message}");
}

#[test]
fn a_list_of_words_of_the_wrong_type_says_what_was_expected() {
    let (path, message) = error(r#"{"rules": [{"name": "a", "when": {"matches": 3}, "use": {"tag": "x"}}]}"#);
    assert_eq!(path, "rules[0].when.matches");
    assert!(message.contains("a string or a list of strings"), "{message}");
}

#[test]
fn a_rule_names_a_model_or_a_tag_and_not_both() {
    let neither = error(r#"{"rules": [{"name": "a", "use": {"fallbacks": ["x"]}}]}"#);
    assert_eq!(neither.0, "rules[0].use");
    assert!(neither.1.contains("neither a `model` nor a `tag`"));
    let both = error(r#"{"tenants": {"acme": {"model": "x", "tag": "y"}}}"#);
    assert_eq!(both.0, "tenants.acme");
    assert!(both.1.contains("both a `model` and a `tag`"));
}

#[test]
fn every_fault_is_listed_at_once() {
    let errors = errors(
        r#"{"scan-bytes": 1, "default": {"temperature": -1.0},
            "rules": [{"name": "a", "when": {"min-tokens": 9, "max-tokens": 3}, "use": {"tag": "x", "confidence": 2}},
                      {"name": "a", "when": {"languages": "klingon"}, "use": {"tag": ""}},
                      {"name": " ", "unless": {"attributes": {"tier": []}, "matches": "["}, "use": {"tag": "x"}}]}"#,
    );
    let paths: Vec<_> = errors.iter().map(|error| error.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "scan-bytes",
            "default.temperature",
            "rules[0].use.confidence",
            "rules[0].when.min-tokens",
            "rules[1].name",
            "rules[1].use",
            "rules[1].when.languages",
            "rules[2].name",
            "rules[2].unless.attributes.tier",
            "rules[2].unless.matches[0]",
        ]
    );
}

#[test]
fn parameters_and_confidence_of_the_rule_reach_the_choice() {
    let rules: Rules = testing::configure(
        r#"{"rules": [{"name": "a", "use": {"model": "m", "effort": "high", "max-output-tokens": 900,
                                           "temperature": 0.5, "confidence": 0.75}}]}"#,
    )
    .unwrap();
    let choice = rules
        .route(&testing::turn().user("x").candidates(["m"]).build())
        .unwrap();
    assert_eq!(choice.parameters.effort.as_deref(), Some("high"));
    assert_eq!(choice.parameters.max_output_tokens, Some(900));
    assert_eq!(choice.parameters.temperature, Some(0.5));
    assert_eq!(choice.confidence, Some(0.75));
}

#[test]
fn the_schema_names_the_fields_as_operators_write_them() {
    let schema = schemars::schema_for!(router_rules::settings::Settings);
    let schema = serde_json::to_string(&schema).unwrap();
    for field in ["rules", "any-message-matches", "max-time-ms", "use", "scan-bytes"] {
        assert!(schema.contains(&format!("\"{field}\"")), "{field}");
    }
}
