//! The policy on turns of a few messages, natively: no Wasm, no host.

use pointsman_policy::testing::{self, TurnBuilder, configure, set_now};
use pointsman_policy::{Candidate, Health, HealthState, Previous, Problem, Router};

use super::Steady;

fn policy() -> Steady {
    configure("{}").unwrap()
}

fn candidate(name: &str, tags: &[&str]) -> Candidate {
    Candidate {
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        ..Candidate::from(name)
    }
}

/// A question where `small` and `coder` are to choose from.
fn asking(question: &str) -> TurnBuilder {
    testing::turn()
        .user(question)
        .candidates([candidate("small", &[]), candidate("coder", &["code"])])
}

/// The turn before was answered by `model`, this many minutes ago.
fn minutes_ago(minutes: u64, model: &str) -> Previous {
    let now = 1_700_000_000_000;
    set_now(now);
    Previous {
        model: model.to_owned(),
        policy: String::new(),
        at_ms: now - minutes * 60_000,
    }
}

/// The chosen model and the code of the reason.
fn route(turn: TurnBuilder) -> (String, String) {
    let choice = policy().route(&turn.build()).unwrap();
    (choice.model, choice.reasons[0].code.clone())
}

fn is(model: &str, code: &str) -> (String, String) {
    (model.to_owned(), code.to_owned())
}

#[test]
fn a_conversation_begins_on_the_first_candidate() {
    assert_eq!(route(asking("Good morning!")), is("small", "begin"));
}

#[test]
fn a_conversation_stays_on_the_model_it_is_on() {
    assert_eq!(
        route(asking("And then?").previous(minutes_ago(1, "coder"))),
        is("coder", "stay")
    );
}

#[test]
fn a_question_about_code_moves_it() {
    assert_eq!(
        route(asking("Does this compile?").previous(minutes_ago(1, "small"))),
        is("coder", "code")
    );
}

#[test]
fn after_a_long_pause_it_begins_anew() {
    assert_eq!(
        route(asking("And then?").previous(minutes_ago(4, "coder"))),
        is("coder", "stay")
    );
    assert_eq!(
        route(asking("And then?").previous(minutes_ago(5, "coder"))),
        is("small", "begin")
    );
}

#[test]
fn it_does_not_stay_on_a_model_that_is_down() {
    let down = Candidate {
        health: Health {
            state: HealthState::Down,
            ..Health::default()
        },
        ..Candidate::from("b")
    };
    let turn = testing::turn()
        .user("And then?")
        .candidates([Candidate::from("a"), down]);
    assert_eq!(route(turn.previous(minutes_ago(1, "b"))), is("a", "begin"));
}

#[test]
fn a_window_that_is_too_small_is_passed_over_and_an_unknown_one_is_not() {
    let narrow = Candidate {
        window: Some(100),
        ..Candidate::from("narrow")
    };
    let turn = testing::turn()
        .user("word ".repeat(200))
        .candidates([narrow.clone(), Candidate::from("unknown")]);
    assert_eq!(route(turn), is("unknown", "begin"));
    let alone = testing::turn().user("word ".repeat(200)).candidates([narrow]).build();
    assert!(matches!(policy().route(&alone), Err(Problem::Declined(_))));
}

#[test]
fn the_others_are_fallbacks_in_their_order() {
    let turn = asking("Please review my code").candidates([
        candidate("a", &[]),
        candidate("coder", &["code"]),
        candidate("b", &[]),
    ]);
    assert_eq!(policy().route(&turn.build()).unwrap().fallbacks, ["a", "b"]);
}

#[test]
fn every_wrong_setting_is_named() {
    let problems = configure::<Steady>(r#"{"code-tag": " ", "code-words": ["sql", "!"]}"#)
        .err()
        .unwrap();
    let paths: Vec<_> = problems.iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(paths, ["code-tag", "code-words[1]"]);
}
