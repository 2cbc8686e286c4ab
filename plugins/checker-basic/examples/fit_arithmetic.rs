//! Fits the weights of the check of arithmetic to the weak model's answers of RouteLLM's outcomes on GSM8K (Apache-2.0),
//! rows of its train split alone, and prints the table for `src/checks/arithmetic/weights.rs`.
//!
//! ```sh
//! cargo run --release -p checker-basic --example fit_arithmetic -- ../shared/data/routing/gsm8k.jsonl.gz
//! ```
//!
//! Logistic regression on whether the answer is wrong, drawn to zero, by gradient descent with a fixed step and a fixed
//! number of rounds: the same table in every run.

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};

use checker_basic::BasicChecker;
use checker_basic::training::ARITHMETIC;
use flate2::read::GzDecoder;
use pointsman_policy::testing::configure;
use serde_json::Value;

const MODEL: &str = "mistralai/Mixtral-8x7B-Instruct-v0.1";

/// How strongly a weight is drawn to zero, in rows.
const PULL: f64 = 6.0;

const ROUNDS: usize = 20_000;
const STEP: f64 = 0.001;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os()
        .nth(1)
        .ok_or("expected the file of outcomes, gzipped JSON lines")?;
    let checker: BasicChecker = configure("{}").map_err(|errors| format!("{errors:?}"))?;
    let mut rows = Vec::new();
    for line in BufReader::new(GzDecoder::new(File::open(path)?)).lines() {
        let row: Value = serde_json::from_str(&line?)?;
        let outcome = &row["outcomes"][MODEL];
        let (question, reply) = (row["messages"][0]["content"].as_str(), outcome["text"].as_str());
        let (Some(question), Some(reply)) = (question, reply) else {
            return Err("a row has no question, or no text of the model".into());
        };
        let Some(features) = checker
            .arithmetic_features(question, reply)
            .filter(|_| row["split"] == "train")
        else {
            continue;
        };
        let mut features: Vec<f64> = features.iter().map(|value| f64::from(*value)).collect();
        features.push(1.0);
        rows.push((outcome["quality"] != 1.0, features));
    }
    let mut weights = vec![0.0; ARITHMETIC.len() + 1];
    for _ in 0..ROUNDS {
        let mut slope: Vec<f64> = weights.iter().map(|weight| PULL * weight).collect();
        if let Some(constant) = slope.last_mut() {
            *constant = 0.0;
        }
        for (wrong, features) in &rows {
            let sum: f64 = features
                .iter()
                .zip(&weights)
                .map(|(feature, weight)| feature * weight)
                .sum();
            let error = 1.0 / (1.0 + (-sum).exp()) - f64::from(u8::from(*wrong));
            slope
                .iter_mut()
                .zip(features)
                .for_each(|(slope, feature)| *slope += error * feature);
        }
        weights
            .iter_mut()
            .zip(slope)
            .for_each(|(weight, slope)| *weight -= STEP * slope);
    }
    println!("    // {} rows", rows.len());
    for (name, weight) in ARITHMETIC.iter().chain([&"constant"]).zip(weights) {
        println!("    {weight:.3}, // {name}");
    }
    Ok(())
}
