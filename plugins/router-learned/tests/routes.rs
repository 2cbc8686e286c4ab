//! The policy with weights: whom it chooses, and what it says.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop loudly"
)]

use std::sync::OnceLock;

use pointsman_policy::testing::{self, TurnBuilder};
use pointsman_policy::{Candidate, Choice, Problem, Router};
use router_learned::Learned;
use router_learned_model::{Case, Options, Outcome, Weights, train};

/// Weights for a world in which the strong model is better where a proof is asked for, and nowhere else.
fn weights() -> &'static Weights {
    static WEIGHTS: OnceLock<Weights> = OnceLock::new();
    WEIGHTS.get_or_init(|| {
        let case = |number: usize| {
            let hard = number.is_multiple_of(3);
            let asked = if hard {
                "Prove the lemma about"
            } else {
                "Name the capital of"
            };
            let outcome = |model: &str, quality: f64, cost: f64| Outcome {
                model: model.to_owned(),
                quality,
                cost_usd: Some(cost),
            };
            Case {
                prompt: format!("{asked} item {} of the list", number % 17),
                outcomes: vec![
                    outcome("small", if hard { 0.0 } else { 1.0 }, 0.001),
                    outcome("large", 1.0, 0.1),
                ],
            }
        };
        train((0..300).map(case), &Options::default()).unwrap().weights
    })
}

fn with_weights() {
    let weights = weights();
    testing::put_artifact(
        "weights",
        weights.head.columns() as u32,
        weights.values.clone(),
        weights.text(),
    );
}

fn route(settings: &str, turn: TurnBuilder) -> Result<Choice, Problem> {
    let policy: Learned = testing::configure(settings).unwrap();
    policy.route(&turn.build())
}

const HARD: &str = "Prove the lemma about item 5 of the list";
const EASY: &str = "Name the capital of item 5 of the list";

fn codes(choice: &Choice) -> Vec<&str> {
    choice.reasons.iter().map(|reason| reason.code.as_str()).collect()
}

fn priced(name: &str, price: f64) -> Candidate {
    Candidate {
        input_price: Some(price),
        output_price: Some(price),
        ..Candidate::from(name)
    }
}

#[test]
fn the_strong_model_answers_what_only_it_can_and_the_weak_one_the_rest() {
    with_weights();
    let hard = route("{}", testing::turn().user(HARD).candidates(["large", "small"])).unwrap();
    assert_eq!(
        (hard.model.as_str(), hard.fallbacks.as_slice()),
        ("large", ["small".to_owned()].as_slice())
    );
    assert_eq!(codes(&hard), ["gain"]);
    let easy = route("{}", testing::turn().user(EASY).candidates(["large", "small"])).unwrap();
    assert_eq!((easy.model.as_str(), codes(&easy)), ("small", vec!["no-gain"]));
}

#[test]
fn estimates_and_confidence_are_shares() {
    with_weights();
    let choice = route("{}", testing::turn().user(HARD).candidates(["small", "large"])).unwrap();
    assert_eq!(choice.estimates.len(), 2);
    let quality: Vec<f32> = choice
        .estimates
        .iter()
        .filter_map(|estimate| estimate.quality)
        .collect();
    assert!(quality.iter().all(|quality| (0.0..=1.0).contains(quality)) && quality[1] > quality[0] + 0.5);
    assert!(choice.confidence.is_some_and(|confidence| confidence > 0.8));
    assert!(
        choice.estimates.iter().all(|estimate| estimate.cost_usd.is_none()),
        "unknown prices are not zero"
    );
}

#[test]
fn a_price_for_a_point_decides_by_what_the_call_costs() {
    with_weights();
    let at = |usd: &str| {
        let turn = testing::turn()
            .user(HARD)
            .candidates([priced("small", 0.1), priced("large", 50.0)]);
        route(&format!("{{\"point-usd\": {usd}}}"), turn).unwrap().model
    };
    assert_eq!((at("0.01").as_str(), at("0.00001").as_str()), ("large", "small"));
}

#[test]
fn candidates_under_other_names_are_told_by_settings_tags_or_price() {
    with_weights();
    let tagged = |name: &str, tag: &str| Candidate {
        tags: vec![tag.to_owned()],
        ..Candidate::from(name)
    };
    let named = route(
        r#"{"models": {"x": "large", "y": "small"}}"#,
        testing::turn().user(HARD).candidates(["x", "y"]),
    );
    assert_eq!(codes(&named.unwrap()), ["gain", "stands-for", "stands-for"]);
    let by_tag = route(
        "{}",
        testing::turn()
            .user(HARD)
            .candidates([tagged("x", "strong"), tagged("y", "cheap")]),
    )
    .unwrap();
    assert_eq!(
        (by_tag.model.as_str(), codes(&by_tag)),
        ("x", vec!["gain", "stands-for:tag", "stands-for:tag"])
    );
    let pool = [priced("a", 1.0), priced("b", 100.0), priced("c", 10.0)];
    let by_price = route("{}", testing::turn().user(EASY).candidates(pool)).unwrap();
    assert_eq!((by_price.model.as_str(), by_price.estimates.len()), ("a", 3));
    assert!(codes(&by_price).contains(&"stands-for:price"));
}

#[test]
fn who_cannot_serve_or_is_unknown_is_passed_over_and_named() {
    with_weights();
    let narrow = Candidate {
        window: Some(2),
        ..Candidate::from("large")
    };
    let choice = route(
        "{}",
        testing::turn()
            .user(HARD)
            .candidates([narrow, "small".into(), "stranger".into()]),
    )
    .unwrap();
    assert_eq!(
        (choice.model.as_str(), codes(&choice)),
        ("small", vec!["only", "skip:unknown", "skip:window"])
    );
}

#[test]
fn where_nothing_can_be_said_it_declines_in_words() {
    let declined = |answer: Result<Choice, Problem>| match answer {
        Err(Problem::Declined(why)) => why,
        other => panic!("{other:?}"),
    };
    assert!(declined(route("{}", testing::turn().user(HARD).candidates(["small"]))).contains("artifact `weights`"));
    with_weights();
    assert!(declined(route("{}", testing::turn().system("no user").candidates(["small"]))).contains("no message"));
    assert!(declined(route("{}", testing::turn().user(HARD).candidates(["x", "y"]))).contains("set `models`"));
    let unpriced = testing::turn().user(HARD).candidates(["small", "large"]);
    assert!(declined(route(r#"{"point-usd": 0.1}"#, unpriced)).contains("no known price"));
}

#[test]
fn a_prompt_unlike_the_training_is_said_to_be() {
    with_weights();
    let odd = "🙂".repeat(300) + &"北京".repeat(200) + "\nA. 1\nB. 2\nC. 3";
    let choice = route("{}", testing::turn().user(odd).candidates(["small", "large"])).unwrap();
    assert!(codes(&choice).contains(&"unfamiliar"), "{choice:?}");
}

#[test]
fn damaged_weights_are_a_failure_that_says_so() {
    let text = weights().text();
    testing::put_artifact("weights", 5, vec![0.0; 10], text.clone());
    let fault = |answer: Result<Choice, Problem>| match answer {
        Err(Problem::Failed(why)) => why,
        other => panic!("{other:?}"),
    };
    let turn = || testing::turn().user(HARD).candidates(["small", "large"]);
    assert!(fault(route("{}", turn())).contains("the file is damaged"));
    testing::put_artifact(
        "weights",
        5,
        vec![0.0; 10],
        text.replace("\"features\":1", "\"features\":9"),
    );
    assert!(fault(route("{}", turn())).contains("train them again"));
    testing::put_artifact("weights", 5, vec![0.0; 10], "something else");
    assert!(fault(route("{}", turn())).contains("does not begin with a length"));
}

#[test]
fn settings_that_make_no_sense_are_refused_with_their_path() {
    for (settings, path) in [
        (r#"{"keep": 1.5}"#, "keep"),
        (r#"{"point-usd": 0}"#, "point-usd"),
        (r#"{"keep": 0.9, "point-usd": 0.1}"#, "point-usd"),
        (r#"{"reply-tokens": 0}"#, "reply-tokens"),
        (r#"{"models": {"x": ""}}"#, "models.x"),
        (r#"{"modles": {}}"#, "modles"),
    ] {
        let errors = testing::configure::<Learned>(settings).unwrap_err();
        assert_eq!(errors[0].path, path, "{settings}");
    }
}
