//! Gradient-boosted trees (Friedman 2001) of a fixed depth.

use serde::{Deserialize, Serialize};

/// Questions on the way to a leaf.
pub const DEPTH: usize = 3;

/// A complete tree: the question at `i` leads to those at `2i + 1` (at most the bound) and `2i + 2`.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Tree {
    /// Which input each question is about.
    pub inputs: [u16; (1 << DEPTH) - 1],
    /// The bound of each question.
    pub bounds: [f32; (1 << DEPTH) - 1],
    /// What each leaf adds to the log-odds.
    pub leaves: [f32; 1 << DEPTH],
}

/// A sum of trees.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Boosted {
    /// The log-odds before any tree.
    pub base: f32,
    /// In the order in which they were grown.
    pub trees: Vec<Tree>,
}

impl Tree {
    /// What it adds.
    pub fn value(&self, inputs: &[f32]) -> f32 {
        let mut at = 0;
        for _ in 0..DEPTH {
            let input = inputs.get(usize::from(self.inputs[at])).copied().unwrap_or_default();
            at = 2 * at + if input <= self.bounds[at] { 1 } else { 2 };
        }
        self.leaves[at - ((1 << DEPTH) - 1)]
    }
}

impl Boosted {
    /// The sum for these inputs.
    pub fn log_odds(&self, inputs: &[f32]) -> f32 {
        self.trees.iter().fold(self.base, |sum, tree| sum + tree.value(inputs))
    }
}
