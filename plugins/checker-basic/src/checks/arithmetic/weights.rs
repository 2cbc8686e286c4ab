//! The logistic model: what each feature weighs.

use super::features::{COUNT, Features};

/// Weights, the constant last: written by the example `fit_arithmetic` from the train rows of RouteLLM's outcomes
/// on GSM8K (Apache-2.0).
const WEIGHTS: [f32; COUNT + 1] = [
    1.667, 1.008, 1.128, 0.584, -0.855, 0.618, 0.639, 0.409, -0.462, 0.585, 0.478, 0.352, 0.078, 0.242, -0.071, -0.024,
    -0.790, -0.198, 0.317,
];

/// How likely an answer with these features is wrong.
pub(super) fn probability(features: &Features) -> f32 {
    let sum = features
        .iter()
        .zip(&WEIGHTS)
        .fold(WEIGHTS[COUNT], |sum, (feature, weight)| sum + feature * weight);
    1.0 / (1.0 + (-sum).exp())
}
