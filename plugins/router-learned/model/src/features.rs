//! Everything that a prediction looks at: a prompt's structure with its index, and its n-grams.

use crate::index::index;
use crate::ngrams::ngrams;
use crate::structure::{FIGURES, structure};
use crate::text::Text;

/// How many dense features there are: the figures of the structure and the index.
pub const DENSE: usize = FIGURES + 1;

/// What a prompt asks for. Prompts of one form are judged by what was learned of that form: a figure such as the length
/// means another thing in a question with answer options than in an open one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One of the options that the prompt brings.
    Choice,
    /// An answer of the model's own.
    Open,
}

impl Form {
    /// Both, in the order of their rows.
    pub const ALL: [Form; 2] = [Form::Choice, Form::Open];
}

/// The number of the features' present meaning: weights of another one would be applied to the wrong things.
pub const VERSION: u32 = 1;

/// The features of one prompt.
#[derive(Clone, Debug)]
pub struct Features {
    /// What the prompt asks for.
    pub form: Form,
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
        let form = if text.options.is_empty() {
            Form::Open
        } else {
            Form::Choice
        };
        Features {
            form,
            dense,
            grams: ngrams(&text, form as u64),
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
