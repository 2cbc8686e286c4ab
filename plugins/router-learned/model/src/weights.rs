//! The form of the weights: a head in words, and a table whose rows a prediction adds up.
//!
//! The head is JSON behind its length in eight digits, since a reader of an artifact must know how much to ask for.
//!
//! Columns: of an n-gram its fingerprint, then the quality of each model, then the chance of each model that no other does
//! better. Rows, block after block, all but the n-grams twice, for prompts with answer options and for open ones:
//!
//! | block | rows |
//! | --- | --- |
//! | scale | for each dense feature its mean and its inverse deviation, in the first two columns |
//! | all | constant, dense features: the model that also sees n-grams |
//! | structure | constant, dense features: the model that sees nothing else |
//! | index | constant, index |
//! | n-grams | one row for each bucket, with the n-gram that training met most often there |

mod error;
mod table;

pub use error::WeightsError;

use serde::{Deserialize, Serialize};

use crate::features::{DENSE, Form, VERSION};

/// The rows of the dense blocks of one form: where each begins, counted from the form's first.
const SCALE: u32 = 0;
const ALL: u32 = SCALE + DENSE as u32;
const STRUCTURE: u32 = ALL + 1 + DENSE as u32;
const INDEX: u32 = STRUCTURE + 1 + DENSE as u32;
const FORM: u32 = INDEX + 2;

/// The first row of the n-grams, which the forms share.
pub(crate) const GRAMS: u32 = FORM * Form::ALL.len() as u32;

/// The first rows of the blocks of one form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Blocks {
    pub(crate) scale: u32,
    pub(crate) all: u32,
    pub(crate) structure: u32,
    pub(crate) index: u32,
}

impl Blocks {
    /// Of this form.
    pub(crate) fn of(form: Form) -> Self {
        let first = form as u32 * FORM;
        Blocks {
            scale: first + SCALE,
            all: first + ALL,
            structure: first + STRUCTURE,
            index: first + INDEX,
        }
    }

    /// All rows, the scale first.
    pub(crate) fn rows(self) -> std::ops::Range<u32> {
        self.scale..self.scale + FORM
    }
}

/// What stands in the weights' text, as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Head {
    /// The number of the features' meaning, see [`VERSION`].
    pub features: u32,
    /// Buckets of n-grams, a power of two.
    pub buckets: u32,
    /// What is known of each model, the cheapest first.
    pub models: Vec<ModelHead>,
    /// Of the share of a prompt's n-grams that training knows: up to the first the words say nothing, from the second
    /// they count in full.
    pub words: [f32; 2],
    /// For each form, of a structure's mean squared deviation from training: up to the first it counts in full, from the
    /// second it says nothing.
    pub deviation: [[f32; 2]; 2],
    /// For the share of the dearest model's quality that is to be kept, the price of going from the cheapest model to
    /// the dearest, in quality; by rising share.
    pub keep: Vec<[f32; 2]>,
    /// Cases that the weights were trained on.
    pub cases: usize,
}

/// One model that the weights know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ModelHead {
    /// Its name in the cases.
    pub name: String,
    /// Its mean quality, 0 to 1.
    pub quality: f32,
    /// Its mean cost of a call in USD, where the cases have it.
    pub cost_usd: Option<f64>,
    /// Of the predicted quality, and of the predicted chance that no other does better.
    pub calibration: [Line; 2],
}

/// A straight line.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// At 0.
    pub offset: f32,
    /// For each 1.
    pub slope: f32,
}

impl Line {
    /// Through the origin at 45 degrees.
    pub const SAME: Line = Line {
        offset: 0.0,
        slope: 1.0,
    };

    /// Its value.
    pub fn at(self, x: f32) -> f32 {
        self.offset + self.slope * x
    }
}

/// Digits of the head's length, which stand before it.
pub const LENGTH_DIGITS: u32 = 8;

/// The length of a head, in bytes, from the digits before it.
///
/// # Errors
/// They are no digits.
pub fn head_length(digits: &[u8]) -> Result<u32, WeightsError> {
    let length = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
    length.ok_or(WeightsError::Length)
}

impl Head {
    /// Reads the head of a table of this many rows and columns.
    ///
    /// # Errors
    /// It is not a head, is of another version, or the table has another shape.
    pub fn read(text: &[u8], shape: (u32, u32)) -> Result<Head, WeightsError> {
        let head: Head = serde_json::from_slice(text)?;
        if head.features != VERSION {
            return Err(WeightsError::Version { found: head.features });
        }
        let expected = (GRAMS.saturating_add(head.buckets), head.columns() as u32);
        if shape != expected || !head.buckets.is_power_of_two() || head.models.is_empty() {
            return Err(WeightsError::Shape { found: shape, expected });
        }
        Ok(head)
    }

    /// Columns of the table.
    pub fn columns(&self) -> usize {
        self.models.len() * 2 + 1
    }

    /// The price of going from the cheapest model to the dearest at which this share of the dearest one's quality is
    /// kept, in quality; between the known shares by a straight line.
    pub fn price(&self, share: f32) -> f32 {
        let above = self.keep.iter().position(|known| known[0] >= share);
        match (above, self.keep.last()) {
            (Some(0), _) => self.keep[0][1],
            (Some(at), _) => {
                let ([x0, y0], [x1, y1]) = (self.keep[at - 1], self.keep[at]);
                y0 + (y1 - y0) * (share - x0) / (x1 - x0)
            }
            (None, Some(last)) => last[1],
            (None, None) => 0.0,
        }
    }
}

/// Weights as training makes them.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// The head.
    pub head: Head,
    /// The table, row after row, [`Head::columns`] in each.
    pub values: Vec<f32>,
}

impl Weights {
    /// The text that stands beside the table: the head behind its length.
    pub fn text(&self) -> String {
        // A head has nothing in it that JSON cannot say.
        let head = serde_json::to_string(&self.head).unwrap_or_default();
        format!("{:0digits$}{head}", head.len(), digits = LENGTH_DIGITS as usize)
    }

    /// The file form of an artifact: `PMA1`, rows, columns and bytes of text as little-endian `u32`, the floats, the text.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (columns, text) = (self.head.columns(), self.text());
        let mut out = b"PMA1".to_vec();
        for number in [self.values.len() / columns, columns, text.len()] {
            out.extend((number as u32).to_le_bytes());
        }
        out.extend(self.values.iter().flat_map(|value| value.to_le_bytes()));
        out.extend(text.bytes());
        out
    }
}
