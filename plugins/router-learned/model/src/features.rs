//! Everything that a prediction looks at: a prompt's structure with its index, and its n-grams.

use crate::index::index;
use crate::ngrams::ngrams;
use crate::structure::{FIGURES, structure};
use crate::text::Text;

/// How many dense features there are: the figures of the structure and the index.
pub const DENSE: usize = FIGURES + 1;

/// The number of the features' present meaning: weights of another one would be applied to the wrong things.
pub const VERSION: u32 = 1;

/// The features of one prompt.
#[derive(Clone, Debug)]
pub struct Features {
    /// The figures in their order, then the index; [`DENSE`] of them.
    pub dense: Vec<f32>,
    /// Hash and weight of each n-gram, by rising hash.
    pub grams: Vec<(u64, f32)>,
}

impl Features {
    /// Reads a prompt.
    pub fn new(prompt: &str) -> Self {
        let text = Text::new(prompt);
        let figures = structure(&text);
        let mut dense: Vec<f32> = figures.iter().map(|figure| figure.1).collect();
        dense.push(index(&figures));
        Features {
            dense,
            grams: ngrams(&text),
        }
    }
}

/// The names of the dense features.
pub fn names() -> Vec<&'static str> {
    let figures = structure(&Text::new(""));
    figures
        .iter()
        .map(|figure| figure.0)
        .chain(["difficulty index"])
        .collect()
}
