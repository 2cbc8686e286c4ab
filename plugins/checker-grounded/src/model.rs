//! What training learned, and how it is applied: boosted trees judge a sentence by its description, and a logistic
//! regression for each form of source judges the reply by its sentences.

mod boosted;
mod logistic;
mod tally;
mod wording;

pub use boosted::{Boosted, DEPTH, Tree};
pub use logistic::Logistic;
pub use tally::{LOG_ODDS, TALLIED, Tally};
pub use wording::{WORDING, Wording};

use serde::{Deserialize, Serialize};

use crate::description::Description;
use crate::sentence::FEATURES;
use crate::source::Form;

/// Numbers that the trees read: a sentence's description, and what is known of its unsupported words.
pub const INPUTS: usize = FEATURES + WORDING;

/// A sentence of which the source says otherwise is unsupported with this probability, at least, and with it the reply: of
/// replies that differ from the source in a number, a name or a denial, annotators marked seven in ten.
const CONTRADICTED: f32 = 0.6;

/// Everything that was learned.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Model {
    /// How telling it is that the source lacks a word.
    pub wording: Wording,
    /// From a sentence's [`INPUTS`] to the log-odds that something in it is unsupported.
    pub sentence: Boosted,
    /// From a reply's [`Tally`] to the log-odds that something in it is unsupported: for fields, questions and texts. One of
    /// fewer weights reads so many of the first numbers.
    pub replies: [Logistic; 3],
}

impl Model {
    /// The model that `cargo run --release -p checker-grounded --example train` made.
    ///
    /// # Errors
    /// Where the file in this crate is not what training writes.
    pub fn shipped() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("model/weights.json"))
    }

    /// The log-odds that something in a sentence is unsupported.
    pub fn sentence(&self, sentence: &Description) -> f32 {
        self.sentence
            .log_odds(&inputs(sentence, self.wording.read(&sentence.novel)))
    }

    /// The probability that something in a reply is unsupported.
    pub fn reply(&self, form: Form, tally: &Tally) -> f32 {
        let learned = probability(self.replies[form as usize].log_odds(&tally.numbers()));
        at_least(learned, tally.contradicts())
    }
}

/// The probability of what is contradicted, or is not.
pub(crate) fn at_least(learned: f32, contradicted: bool) -> f32 {
    learned.max(if contradicted { CONTRADICTED } else { 0.0 })
}

/// What the trees read.
pub fn inputs(sentence: &Description, wording: [f32; WORDING]) -> [f32; INPUTS] {
    let mut inputs = [0.0; INPUTS];
    inputs[..FEATURES].copy_from_slice(&sentence.features);
    inputs[FEATURES..].copy_from_slice(&wording);
    inputs
}

/// The probability of log-odds.
pub fn probability(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}
