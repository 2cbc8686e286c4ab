//! Fits the weights of the check of refusals to the texts in `training/refusal.jsonl`, which were written and labelled
//! for this project, and prints the table for `src/checks/refusal/weights.rs`.
//!
//! ```sh
//! cargo run --release -p checker-basic --example fit_refusal
//! ```
//!
//! Logistic regression that is drawn towards weights set by reasoning, by gradient descent with a fixed step and a fixed
//! number of rounds: the same table in every run. The texts are few, so the pull towards the reasoned weights is strong.

use std::error::Error;

use checker_basic::BasicChecker;
use checker_basic::training::{NAMES, PRIOR};
use pointsman_policy::testing::configure;

/// How strongly a weight is drawn to the reasoned one, in texts.
const PULL: f64 = 1.0;

const ROUNDS: usize = 20_000;
const STEP: f64 = 0.01;

#[derive(serde::Deserialize)]
struct Text {
    refusal: bool,
    reply: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let checker: BasicChecker = configure("{}").map_err(|errors| format!("{errors:?}"))?;
    let mut rows = Vec::new();
    for line in include_str!("../training/refusal.jsonl").lines() {
        let text: Text = serde_json::from_str(line)?;
        let features: Vec<f64> = checker
            .refusal_features(&text.reply)
            .iter()
            .map(|value| f64::from(*value))
            .collect();
        rows.push((text, features));
    }
    let mut weights = PRIOR;
    for _ in 0..ROUNDS {
        let mut slope: Vec<f64> = weights
            .iter()
            .zip(PRIOR)
            .map(|(weight, prior)| PULL * (weight - prior))
            .collect();
        for (text, features) in &rows {
            let error = probability(&weights, features) - f64::from(u8::from(text.refusal));
            slope
                .iter_mut()
                .zip(features.iter().chain([&1.0]))
                .for_each(|(slope, feature)| *slope += error * feature);
        }
        weights
            .iter_mut()
            .zip(slope)
            .for_each(|(weight, slope)| *weight -= STEP * slope);
    }
    for (text, features) in &rows {
        let probability = probability(&weights, features);
        if (probability >= 0.5) != text.refusal {
            eprintln!("misjudged, {probability:.2}: {}", text.reply);
        }
    }
    for ((name, weight), prior) in NAMES.iter().chain([&"constant"]).zip(weights).zip(PRIOR) {
        println!("    {weight:.2}, // {name}, by reasoning {prior}");
    }
    Ok(())
}

fn probability(weights: &[f64], features: &[f64]) -> f64 {
    let sum: f64 = features
        .iter()
        .chain([&1.0])
        .zip(weights)
        .map(|(feature, weight)| feature * weight)
        .sum();
    1.0 / (1.0 + (-sum).exp())
}
