//! Every case predicted by weights that have not seen it.

use super::Options;
use super::fit::fit;
use super::sample::Sample;
use crate::hash;
use crate::predict::{Prediction, predict as predict_one};

/// Predictions of all rows, in their order, each by weights of the other folds.
pub(super) fn predict(sample: &Sample, options: &Options) -> Vec<Prediction> {
    let count = sample.rows.len();
    let folds = options.folds.clamp(2, count.max(2)) as u64;
    // Neighbours in a file are often alike, so that a row's fold is drawn by a hash of its number.
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|at| hash::finish(*at as u64 + 1));
    let mut fold_of = vec![0; count];
    order
        .iter()
        .zip(0_u64..)
        .for_each(|(at, place)| fold_of[*at] = place % folds);
    by_fold(sample, &fold_of, options)
}

/// Predictions of all rows, each by weights of the other groups.
pub(super) fn by_group(sample: &Sample, groups: &[String], options: &Options) -> Vec<Prediction> {
    let mut names: Vec<&String> = groups.iter().collect();
    names.sort_unstable();
    names.dedup();
    let number = |group: &String| names.binary_search(&group).unwrap_or_default() as u64;
    by_fold(sample, &groups.iter().map(number).collect::<Vec<_>>(), options)
}

fn by_fold(sample: &Sample, fold_of: &[u64], options: &Options) -> Vec<Prediction> {
    let folds = fold_of.iter().copied().max().map_or(0, |last| last + 1);
    let mut predictions: Vec<Option<Prediction>> = vec![None; fold_of.len()];
    for fold in 0..folds {
        let others: Vec<usize> = (0..fold_of.len()).filter(|row| fold_of[*row] != fold).collect();
        let weights = fit(sample, &others, options);
        for row in (0..fold_of.len()).filter(|row| fold_of[*row] == fold) {
            predictions[row] = predict_one(&sample.rows[row].features, &weights.head, &weights).ok();
        }
    }
    // Weights that were just made have every row that a prediction asks for.
    predictions.into_iter().flatten().collect()
}
