//! The logistic model: what each feature weighs.

use super::features::{COUNT, Features};

/// Weights, the constant last: written by the example `fit_arithmetic` from the train and dev rows of RouteLLM's outcomes
/// on GSM8K (Apache-2.0).
const WEIGHTS: [f32; COUNT + 1] = [
    1.801, 1.034, 1.237, 0.740, -0.975, 0.751, 0.653, 0.396, -0.381, 0.527, 0.458, 0.250, 0.093, 0.326, -0.110, -0.024,
    -0.739, -0.240, 0.324,
];

/// How likely an answer with these features is wrong.
pub(super) fn probability(features: &Features) -> f32 {
    let sum = features
        .iter()
        .zip(&WEIGHTS)
        .fold(WEIGHTS[COUNT], |sum, (feature, weight)| sum + feature * weight);
    1.0 / (1.0 + (-sum).exp())
}
