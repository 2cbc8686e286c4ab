//! Training: cases in, weights and a report out. Pure arithmetic in a fixed order: the same cases in the same order give
//! the same bytes.
//!
//! The way of the cases: `sample` reads them once and keeps a bounded number of them as features; `fit` makes weights of
//! some of them by `ridge` regression; `held_out` does so in folds, so that every case is predicted by weights that have
//! not seen it; from these predictions `calibration` and the `curve` of quality against spending are taken, and all
//! of it is told in the `report`.

mod calibration;
mod curve;
mod error;
mod fit;
mod held_out;
mod report;
mod ridge;
mod sample;

pub use curve::{Spending, apgr};
pub use error::TrainError;
pub use report::{Bin, Interval, Learned, ModelReport, Report};

use crate::case::Case;
use crate::weights::{Head, ModelHead, Weights};

/// How to train.
#[derive(Clone, Debug)]
pub struct Options {
    /// Cases that are kept; of more, so many are drawn, each with the same chance.
    pub max_cases: usize,
    /// Parts into which the cases are cut to predict each by weights that have not seen it.
    pub folds: usize,
    /// How much the weights are held to be small.
    pub penalty: f64,
    /// Scale of a dense feature beside an n-gram's.
    pub dense_scale: f64,
    /// Scale of the difficulty index beside an n-gram's.
    pub index_scale: f64,
    /// Cases in which an n-gram must stand to be known.
    pub min_cases: u32,
    /// Most buckets of n-grams.
    pub max_buckets: u32,
    /// Of the share of a prompt's n-grams that training knows: up to the first the words say nothing, from the second they
    /// count in full.
    pub words: [f32; 2],
    /// Of a structure's mean squared deviation, in that which one training case in a hundred exceeds: up to the first the
    /// structure counts in full, from the second it says nothing.
    pub deviation: [f32; 2],
    /// Times that the cases are drawn anew for an interval.
    pub resamples: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            max_cases: 20_000,
            folds: 5,
            penalty: 3.0,
            dense_scale: 0.03,
            index_scale: 0.2,
            min_cases: 3,
            max_buckets: 1 << 16,
            words: [0.25, 0.45],
            deviation: [1.0, 1.5],
            resamples: 200,
        }
    }
}

/// What training made.
#[derive(Clone, Debug)]
pub struct Trained {
    /// The weights, to be written as an artifact.
    pub weights: Weights,
    /// What they are worth, on cases that they have not seen.
    pub report: Report,
}

/// Trains. Reads the cases once; memory stays bounded, for at most [`Options::max_cases`] are kept.
///
/// # Errors
/// There are fewer than ten cases with outcomes, these are of one model only, or an outcome makes no sense.
pub fn train(cases: impl IntoIterator<Item = Case>, options: &Options) -> Result<Trained, TrainError> {
    let sample = sample::draw(cases, options.max_cases)?;
    let everything: Vec<usize> = (0..sample.rows.len()).collect();
    let held_out = held_out::predict(&sample, options);
    let lines = calibration::lines(&sample, &held_out);
    let calibrated: Vec<_> = { held_out.iter() }
        .map(|prediction| calibration::apply(&lines, prediction))
        .collect();
    let curve = curve::Curve::new(&sample, &calibrated);
    let mut weights = fit::fit(&sample, &everything, options);
    weights.head.keep = curve.keep();
    for (model, lines) in weights.head.models.iter_mut().zip(&lines) {
        model.calibration = *lines;
    }
    let report = report::report(&sample, &calibrated, &curve, &weights, options);
    Ok(Trained { weights, report })
}

/// Predictions of every case by weights that have not seen its group: `groups` has one name for each case that `train`
/// would keep, in their order. For measuring how weights do beyond their training.
///
/// # Errors
/// As [`train`].
pub fn across_groups(
    cases: impl IntoIterator<Item = Case>,
    groups: &[String],
    options: &Options,
) -> Result<Vec<crate::Prediction>, TrainError> {
    let sample = sample::draw(cases, usize::MAX)?;
    Ok(held_out::by_group(&sample, groups, options))
}
