//! Training on what people bring, good and bad.

use router_learned_model::{Case, Features, Options, Outcome, TrainError, predict, train};

fn case(prompt: String, small: f64, large: f64) -> Case {
    let outcome = |model: &str, quality: f64, cost: f64| Outcome {
        model: model.to_owned(),
        quality,
        cost_usd: Some(cost),
    };
    Case {
        prompt,
        outcomes: vec![outcome("large", large, 0.1), outcome("small", small, 0.001)],
    }
}

/// Prompts of two kinds, of which the small model knows one.
fn world(count: usize) -> impl Iterator<Item = Case> {
    (0..count).map(|number| {
        let hard = number.is_multiple_of(4);
        let asked = if hard {
            "Integrate the function"
        } else {
            "Translate the word"
        };
        case(
            format!("{asked} number {} please", number % 23),
            f64::from(u8::from(!hard)),
            1.0,
        )
    })
}

fn options() -> Options {
    Options {
        resamples: 20,
        ..Options::default()
    }
}

#[test]
fn the_gain_is_learned_and_the_report_says_what_it_is_worth() {
    let trained = train(world(400), &options()).unwrap();
    let names: Vec<&str> = trained
        .weights
        .head
        .models
        .iter()
        .map(|model| model.name.as_str())
        .collect();
    assert_eq!(names, ["small", "large"], "by cost");
    let gain = |prompt: &str| {
        let said = predict(&Features::new(prompt), &trained.weights.head, &trained.weights).unwrap();
        said.quality[1] - said.quality[0]
    };
    assert!(gain("Integrate the function number 5 please") > 0.7);
    assert!(gain("Translate the word number 5 please") < 0.3);
    assert!(trained.report.apgr.unwrap().value > 0.8);
    assert!(trained.report.at_95.unwrap().quality >= 0.95);
    assert!(
        trained
            .report
            .learned
            .words_for
            .iter()
            .any(|(word, _)| word == "integrate (open)")
    );
    assert!(trained.report.models.iter().all(|model| model.calibration_error < 0.1));
}

#[test]
fn the_same_cases_give_the_same_bytes() {
    let bytes = || train(world(60), &options()).unwrap().weights.to_bytes();
    assert_eq!(bytes(), bytes());
}

#[test]
fn a_higher_share_to_keep_never_asks_for_more_gain() {
    let head = train(world(200), &options()).unwrap().weights.head;
    let prices: Vec<f32> = (50..=100).map(|percent| head.price(percent as f32 / 100.0)).collect();
    assert!(prices.is_sorted_by(|a, b| a >= b), "{prices:?}");
}

#[test]
fn too_little_is_an_error_that_says_what_is_missing() {
    assert_eq!(train([], &options()).unwrap_err(), TrainError::NoOutcomes { read: 0 });
    assert_eq!(
        train(world(9), &options()).unwrap_err(),
        TrainError::TooFew { read: 9, usable: 9 }
    );
    let without = Case {
        prompt: "x".into(),
        outcomes: Vec::new(),
    };
    assert_eq!(
        train([without], &options()).unwrap_err(),
        TrainError::NoOutcomes { read: 1 }
    );
    let wrong = train([case("x".into(), 7.0, 1.0)], &options()).unwrap_err();
    assert!(
        wrong.to_string().contains("case 1: the quality of `small` is 7"),
        "{wrong}"
    );
}

#[test]
fn ten_cases_or_one_class_train_with_a_warning() {
    let few = train(world(10), &options()).unwrap();
    assert!(
        few.report
            .warnings
            .iter()
            .any(|warning| warning.contains("10 cases are few"))
    );
    let same = train(
        (0..50).map(|number| case(format!("question {number}"), 1.0, 1.0)),
        &options(),
    )
    .unwrap();
    assert!(
        same.report
            .warnings
            .iter()
            .any(|warning| warning.contains("`small` has the same quality"))
    );
    assert_eq!(same.report.apgr, None);
}

#[test]
fn of_many_cases_a_bounded_number_is_kept() {
    let options = Options {
        max_cases: 50,
        ..options()
    };
    let report = train(world(1_000), &options).unwrap().report;
    assert_eq!((report.read, report.usable, report.kept), (1_000, 1_000, 50));
}

#[test]
fn odd_prompts_train_and_predict_finite_shares() {
    let odd = [
        "",
        "🙂🙂🙂",
        "fn main() { println!(\"{}\", 1); }",
        "北京有多少人? Wie viele? Сколько?",
        "((((\u{0}",
    ];
    let cases = (0..40).map(|number| {
        case(
            odd[number % 5].to_owned(),
            f64::from(u8::from(number.is_multiple_of(3))),
            1.0,
        )
    });
    let weights = train(cases, &options()).unwrap().weights;
    for prompt in odd.into_iter().chain(["a ".repeat(500_000).as_str()]) {
        let said = predict(&Features::new(prompt), &weights.head, &weights).unwrap();
        let shares = said.quality.iter().chain(&said.unbeaten);
        assert!(
            shares.into_iter().all(|share| (0.0..=1.0).contains(share)),
            "{prompt:.20}"
        );
    }
}

#[test]
fn three_models_some_of_them_unknown_in_some_cases_make_a_pool() {
    let cases = world(120).enumerate().map(|(number, mut case)| {
        if number.is_multiple_of(2) {
            case.outcomes.push(Outcome {
                model: "middle".into(),
                quality: 0.5,
                cost_usd: Some(0.01),
            });
        }
        case
    });
    let trained = train(cases, &options()).unwrap();
    let names: Vec<&str> = trained
        .weights
        .head
        .models
        .iter()
        .map(|model| model.name.as_str())
        .collect();
    assert_eq!(names, ["small", "middle", "large"]);
    assert!(
        trained
            .report
            .warnings
            .iter()
            .any(|warning| warning.contains("lack a model's outcome"))
    );
}

#[test]
fn cases_of_one_model_each_such_as_traces_with_feedback_train_too() {
    let one = |number: usize, mut case: Case| {
        case.outcomes.remove(number / 4 % 2);
        case
    };
    let trained = train(
        world(400).enumerate().map(|(number, case)| one(number, case)),
        &options(),
    )
    .unwrap();
    let gain = |prompt: &str| {
        let said = predict(&Features::new(prompt), &trained.weights.head, &trained.weights).unwrap();
        said.quality[1] - said.quality[0]
    };
    assert!(gain("Integrate the function number 5 please") > gain("Translate the word number 5 please") + 0.3);
    let mut alone = world(20).map(|case| one(0, case));
    assert_eq!(
        train(&mut alone, &options()).unwrap_err(),
        TrainError::OneModel { name: "small".into() }
    );
}
