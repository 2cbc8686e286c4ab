//! Logistic regression.

use serde::{Deserialize, Serialize};

/// Weights of a linear model of log-odds, for inputs as they come.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Logistic {
    /// The log-odds where all inputs are 0.
    pub base: f32,
    /// One for each input.
    pub weights: Vec<f32>,
}

impl Logistic {
    /// The log-odds for these inputs.
    pub fn log_odds(&self, inputs: &[f32]) -> f32 {
        let pairs = self.weights.iter().zip(inputs);
        pairs.fold(self.base, |sum, (weight, input)| sum + weight * input)
    }
}
