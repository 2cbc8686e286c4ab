//! Input that nobody meant, and models that are not well: there is always a choice, and it is one of the candidates.

// Clippy knows tests by their attribute, and helpers of tests have none.
#![allow(clippy::unwrap_used)]

use pointsman_policy::{Candidate, HealthState, Problem, RequestedLimits, Router, testing};
use router_rules::Rules;

fn standard() -> Rules {
    testing::configure("{}").unwrap()
}

#[test]
fn odd_texts_are_routed_to_a_candidate() {
    let rules = standard();
    let megabyte = "Lorem ipsum dolor sit amet. ".repeat(40_000);
    let no_breaks = "x".repeat(1 << 20);
    let emoji = "🧑‍🚀".repeat(50_000);
    let fences = "```\n".repeat(100_000);
    let zeros = "\0".repeat(1000);
    for text in [
        "",
        " ",
        "\n\n\n",
        "?",
        "é",
        "\u{202e}abc",
        "K\u{212a}ſ",
        &megabyte,
        &no_breaks,
        &emoji,
        &fences,
        &zeros,
    ] {
        let turn = testing::turn().user(text).candidates(["a", "b"]).build();
        let choice = rules.route(&turn).unwrap();
        assert!(["a", "b"].contains(&choice.model.as_str()));
        assert!(choice.fallbacks.iter().all(|name| *name != choice.model));
        assert!(!choice.reasons.is_empty());
    }
}

#[test]
fn a_conversation_without_a_user_is_routed() {
    let rules = standard();
    for turn in [
        testing::turn(),
        testing::turn().system("be kind"),
        testing::turn().assistant("Hello!"),
    ] {
        let choice = rules.route(&turn.candidates(["a"]).build()).unwrap();
        assert_eq!(
            (choice.model.as_str(), choice.reasons[0].code.as_str()),
            ("a", "default")
        );
    }
}

#[test]
fn without_candidates_it_says_so() {
    let problem = standard().route(&testing::turn().user("hi").build());
    assert!(matches!(problem, Err(Problem::Failed(why)) if why.contains("no candidates")));
}

#[test]
fn a_long_conversation_goes_to_the_long_window_without_being_read() {
    let candidates = [
        tagged("a", "cheap", HealthState::Healthy),
        tagged("b", "long", HealthState::Healthy),
    ];
    let turn = testing::turn()
        .user("word ".repeat(24_000))
        .candidates(candidates)
        .build();
    let choice = standard().route(&turn).unwrap();
    assert_eq!(
        (choice.model.as_str(), choice.reasons[0].code.as_str()),
        ("b", "rule:long-context")
    );
}

#[test]
fn the_beginning_and_the_end_of_a_very_long_message_are_looked_at() {
    let settings = r#"{"rules": [{"name": "needle", "when": {"matches": "needle"}, "use": {"model": "b"}}]}"#;
    let rules: Rules = testing::configure(settings).unwrap();
    let hay = "hay ".repeat(100_000);
    for (text, found) in [
        (format!("needle {hay}"), true),
        (format!("{hay} needle"), true),
        (format!("{hay}needle{hay}"), false),
    ] {
        let choice = rules
            .route(&testing::turn().user(&text).candidates(["a", "b"]).build())
            .unwrap();
        assert_eq!(choice.model == "b", found);
    }
}

#[test]
fn the_last_user_message_is_found_behind_many_others() {
    let mut turn = testing::turn().user("Prove that 7 is prime.");
    for _ in 0..40 {
        turn = turn.assistant("Let me see.");
    }
    let choice = standard().route(&turn.candidates(["a"]).build()).unwrap();
    assert_eq!(choice.reasons[0].code, "rule:maths");
}

#[test]
fn unicode_word_ends_are_found_in_plain_and_in_accented_text() {
    let settings = r#"{"rules": [{"name": "x", "when": {"matches": "\\bübung\\b"}, "use": {"model": "b"}},
                                 {"name": "y", "when": {"matches": "\\bplain\\b"}, "use": {"model": "b"}}]}"#;
    let rules: Rules = testing::configure(settings).unwrap();
    for (text, fires) in [
        ("eine ÜBUNG!", true),
        ("Einübung", false),
        ("plain", true),
        ("é plain é", true),
        ("explainé", false),
    ] {
        let choice = rules
            .route(&testing::turn().user(text).candidates(["a", "b"]).build())
            .unwrap();
        assert_eq!(choice.model == "b", fires, "{text}");
    }
}

fn tagged(name: &str, tag: &str, state: HealthState) -> Candidate {
    let mut candidate = Candidate::from(name);
    candidate.tags.push(tag.to_owned());
    candidate.health.state = state;
    candidate
}

#[test]
fn a_model_that_is_down_is_skipped_where_another_fits() {
    let candidates = [
        tagged("a", "cheap", HealthState::Down),
        tagged("b", "cheap", HealthState::Degraded),
        tagged("c", "strong", HealthState::Down),
    ];
    let choice = standard()
        .route(&testing::turn().user("hi").candidates(candidates).build())
        .unwrap();
    assert_eq!((choice.model.as_str(), choice.fallbacks.len()), ("b", 0));
    assert!(
        choice
            .reasons
            .iter()
            .any(|reason| reason.code == "skip:down" && reason.text == "a is down")
    );
}

#[test]
fn where_all_are_down_the_rules_own_model_is_chosen() {
    let candidates = [
        tagged("a", "strong", HealthState::Down),
        tagged("b", "cheap", HealthState::Down),
    ];
    let choice = standard()
        .route(&testing::turn().user("hi").candidates(candidates).build())
        .unwrap();
    assert_eq!(
        (choice.model.as_str(), choice.reasons[0].code.as_str()),
        ("b", "rule:small-talk")
    );
    assert!(choice.reasons.iter().any(|reason| reason.code == "nobody-fits"));
}

#[test]
fn a_limit_of_the_rule_never_widens_the_requests() {
    let settings = r#"{"rules": [{"name": "x", "use": {"model": "a", "max-output-tokens": 500}}]}"#;
    let rules: Rules = testing::configure(settings).unwrap();
    for (requested, sent) in [(None, 500), (Some(100), 100), (Some(900), 500)] {
        let limits = RequestedLimits {
            max_output_tokens: requested,
            ..RequestedLimits::default()
        };
        let choice = rules
            .route(&testing::turn().user("x").limits(limits).candidates(["a"]).build())
            .unwrap();
        assert_eq!(choice.parameters.max_output_tokens, Some(sent));
    }
}
