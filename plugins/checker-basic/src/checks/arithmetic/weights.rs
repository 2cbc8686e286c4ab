//! The logistic model: what each feature weighs.

use super::features::{COUNT, Features};

/// Weights, the constant last: written by the example `fit_arithmetic` from the train and dev rows of RouteLLM's outcomes
/// on GSM8K (Apache-2.0).
const WEIGHTS: [f32; COUNT + 1] = [
    1.876, 1.057, 1.264, 0.694, -0.934, 0.776, 0.598, 0.426, -0.403, 0.564, 0.534, 0.288, 0.111, 0.297, -0.164, -0.054,
    -0.715, -0.211, 0.258,
];

/// How likely an answer with these features is wrong.
pub(super) fn probability(features: &Features) -> f32 {
    let sum = features
        .iter()
        .zip(&WEIGHTS)
        .fold(WEIGHTS[COUNT], |sum, (feature, weight)| sum + feature * weight);
    1.0 / (1.0 + (-sum).exp())
}
