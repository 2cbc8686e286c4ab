//! The logistic model: what each feature weighs.

use super::features::{COUNT, Features};

/// What each feature would weigh by reasoning alone, the constant last: where the fitting begins, and to where it is
/// drawn where the texts say little.
pub const PRIOR: [f64; COUNT + 1] = [
    3.0, 5.0, 1.0, 1.5, 1.5, 0.5, 1.5, 0.5, 0.5, 0.5, 1.0, 0.5, 0.3, 0.5, -2.0, -1.5, 4.0, 0.5, -1.0, -2.0, -0.5, 0.3,
    1.5, 1.0, -0.5, -0.5, 1.0, -2.0,
];

/// What they weigh: written by the example `fit_refusal`.
const WEIGHTS: [f32; COUNT + 1] = [
    3.66, 5.00, 1.73, 2.53, 1.95, 0.89, 1.64, 1.34, 0.36, 0.86, 1.03, 1.34, 0.42, 0.74, -1.99, -1.73, 4.00, 0.50,
    -1.19, -2.02, -0.36, 0.21, 1.88, 1.61, -0.50, -0.78, 1.79, -2.09,
];

/// How likely a reply with these features declines.
pub(super) fn probability(features: &Features) -> f32 {
    let sum = features
        .iter()
        .zip(&WEIGHTS)
        .fold(WEIGHTS[COUNT], |sum, (feature, weight)| sum + feature * weight);
    1.0 / (1.0 + (-sum).exp())
}
