//! From features and weights to what each model is expected to achieve.

use crate::features::{DENSE, Features};
use crate::ngrams::{bucket, fingerprint};
use crate::weights::{Blocks, GRAMS, Head, WeightsError};

/// A dense feature counts as this many deviations at most.
const REACH: f32 = 4.0;
/// Of what is foreign to the training it tells more, so that there it counts as more.
const FOREIGN_REACH: f32 = 20.0;

/// The table of the weights, wherever it lies.
pub trait Table {
    /// The sum of these rows, each times its weight, added in the order of the list.
    ///
    /// # Errors
    /// The table has no such row, or cannot be read.
    fn weighted_sum(&self, rows: &[u32], weights: &[f32]) -> Result<Vec<f32>, WeightsError>;

    /// These rows, one behind the other.
    ///
    /// # Errors
    /// The table has no such row, or cannot be read.
    fn rows(&self, rows: &[u32]) -> Result<Vec<f32>, WeightsError>;
}

/// What the weights say of one prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// Expected quality of each model in the head's order, 0 to 1.
    pub quality: Vec<f32>,
    /// The chance of each model that no other does better, 0 to 1.
    pub unbeaten: Vec<f32>,
    /// How like the training the prompt is.
    pub familiar: Familiar,
}

/// How like the training a prompt is, from 0, not at all, to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Familiar {
    /// Its words, pairs and triples.
    pub words: f32,
    /// Its structure.
    pub structure: f32,
}

/// Predicts: by words and structure where both are familiar, by structure alone where the words are not, and by the
/// index where nothing is; in between by a blend.
///
/// # Errors
/// The table cannot be read.
pub fn predict(features: &Features, head: &Head, table: &impl Table) -> Result<Prediction, WeightsError> {
    let columns = head.columns();
    let models = head.models.len();
    let blocks = Blocks::of(features.form);
    let scale = table.rows(&(blocks.scale..blocks.all).collect::<Vec<u32>>())?;
    let scaled = standardize(&features.dense, &scale, columns);

    let (known, grams) = known(&features.grams, head, table)?;
    let dense_weights: Vec<f32> = [1.0].into_iter().chain(scaled.iter().copied()).collect();
    let block = |first: u32| -> Vec<u32> { (first..=first + DENSE as u32).collect() };
    let all = table.weighted_sum(&block(blocks.all), &dense_weights)?;
    let structure = table.weighted_sum(&block(blocks.structure), &dense_weights)?;
    let index = table.weighted_sum(&[blocks.index, blocks.index + 1], &[1.0, scaled[DENSE - 1]])?;

    let familiar = Familiar {
        words: between(known, head.words),
        structure: 1.0
            - between(
                deviation(&features.dense, &scale, columns),
                head.deviation[features.form as usize],
            ),
    };
    let blend = |column: usize| {
        let column = column + 1;
        let by_words = all[column] + grams[column];
        let by_structure = structure[column] + familiar.words * (by_words - structure[column]);
        index[column] + familiar.structure * (by_structure - index[column])
    };
    let calibrated = |model: usize, which: usize| {
        let line = head.models[model].calibration[which];
        line.at(blend(which * models + model)).clamp(0.0, 1.0)
    };
    Ok(Prediction {
        quality: (0..models).map(|model| calibrated(model, 0)).collect(),
        unbeaten: (0..models).map(|model| calibrated(model, 1)).collect(),
        familiar,
    })
}

/// The share of the n-grams that training knows, and the sum of their rows.
fn known(grams: &[(u64, f32)], head: &Head, table: &impl Table) -> Result<(f32, Vec<f32>), WeightsError> {
    let columns = head.columns();
    let ids: Vec<u32> = grams
        .iter()
        .map(|(hash, _)| GRAMS + bucket(*hash, head.buckets))
        .collect();
    let rows = table.rows(&ids)?;
    let mut sum = vec![0.0; columns];
    let (mut known, mut total) = (0.0, 0.0);
    for ((hash, weight), row) in grams.iter().zip(rows.chunks_exact(columns)) {
        total += weight;
        if row[0] == fingerprint(*hash) {
            known += weight;
            sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += weight * value);
        }
    }
    Ok((if total > 0.0 { known / total } else { 0.0 }, sum))
}

/// Deviations from the mean, by the rows of the scale.
pub(crate) fn standardize(dense: &[f32], scale: &[f32], columns: usize) -> Vec<f32> {
    deviations(dense, scale, columns)
        .map(|deviation| deviation.clamp(-REACH, REACH))
        .collect()
}

/// How far a structure lies from the training's, as the mean square of its deviations: about 1 in training.
pub(crate) fn deviation(dense: &[f32], scale: &[f32], columns: usize) -> f32 {
    let squares =
        deviations(dense, scale, columns).map(|deviation| deviation.clamp(-FOREIGN_REACH, FOREIGN_REACH).powi(2));
    squares.sum::<f32>() / dense.len().max(1) as f32
}

fn deviations<'d>(dense: &'d [f32], scale: &'d [f32], columns: usize) -> impl Iterator<Item = f32> + 'd {
    dense
        .iter()
        .zip(scale.chunks_exact(columns))
        .map(|(value, row)| (value - row[0]) * row[1])
}

/// Where a value stands between two, from 0 to 1.
pub(crate) fn between(value: f32, [low, high]: [f32; 2]) -> f32 {
    if high > low {
        ((value - low) / (high - low)).clamp(0.0, 1.0)
    } else {
        f32::from(u8::from(value >= high))
    }
}
