//! What the weights have learned, in words.

use serde::Serialize;

use crate::features::{Form, names};
use crate::ngrams::{bucket, fingerprint, word_of_form};
use crate::train::sample::Sample;
use crate::weights::{Blocks, GRAMS, Weights};

/// Figures, and words for and against the dearest model, that are told.
const TOLD: usize = 20;

/// What was learned of the gain from the cheapest model to the dearest: for a deviation of a figure, for a rare word.
#[derive(Clone, Debug, Serialize)]
pub struct Learned {
    /// Figures of the structure, the weightiest first.
    pub figures: Vec<(String, f32)>,
    /// Words that speak for the dearest model.
    pub words_for: Vec<(String, f32)>,
    /// Words that speak against it.
    pub words_against: Vec<(String, f32)>,
}

pub(super) fn learned(sample: &Sample, weights: &Weights) -> Learned {
    let columns = weights.head.columns();
    let models = sample.models.len();
    let gain = |row: u32| {
        let row = &weights.values[row as usize * columns..][..columns];
        row[models] - row[1]
    };
    let forms = Form::ALL.map(|form| (Blocks::of(form), spell(form)));
    let of_form = |(blocks, form): (Blocks, &'static str)| {
        let rows = (blocks.all + 1..).zip(names());
        rows.map(move |(row, name)| (format!("{name} ({form})"), row))
    };
    let mut figures: Vec<(String, f32)> = { forms.into_iter().flat_map(of_form) }
        .map(|(name, row)| (name, gain(row)))
        .collect();
    figures.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    figures.truncate(TOLD);
    let spellings = sample.spellings.iter();
    let mut words: Vec<(String, f32)> = { spellings.flat_map(|spelling| Form::ALL.map(|form| (spelling, form))) }
        .filter_map(|((hash, word), form)| {
            let hash = word_of_form(*hash, form as u64);
            let row = GRAMS + bucket(hash, weights.head.buckets);
            let is_its_own = weights.values[row as usize * columns] == fingerprint(hash);
            is_its_own.then(|| (format!("{word} ({})", spell(form)), gain(row)))
        })
        .collect();
    words.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Learned {
        figures,
        words_for: words.iter().take(TOLD).filter(|word| word.1 > 0.0).cloned().collect(),
        words_against: words
            .iter()
            .rev()
            .take(TOLD)
            .filter(|word| word.1 < 0.0)
            .cloned()
            .collect(),
    }
}

fn spell(form: Form) -> &'static str {
    match form {
        Form::Choice => "with options",
        Form::Open => "open",
    }
}
