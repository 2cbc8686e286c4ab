//! What the weights are worth, in figures and words.

use serde::Serialize;

use super::curve::{Curve, Spending, apgr, at_least};
use super::sample::Sample;
use super::{Options, Weights};
use crate::features::names;
use crate::hash;
use crate::ngrams::{bucket, fingerprint};
use crate::predict::Prediction;
use crate::weights::{ALL, GRAMS};

/// The share of the dearest model's quality whose price is told with its interval.
const KEEP: f64 = 0.95;
/// Groups of equally many cases in which predicted and real quality are compared.
const BINS: usize = 10;
/// Figures, and words for and against the dearest model, that are told.
const TOLD: usize = 20;

/// What training can say of its weights. Everything is taken from predictions of cases by weights that have not seen
/// them.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// Cases that were read.
    pub read: usize,
    /// Those with outcomes of two models.
    pub usable: usize,
    /// Those that were kept.
    pub kept: usize,
    /// The models, the cheapest first.
    pub models: Vec<ModelReport>,
    /// The average performance gap recovered between the first model and the last.
    pub apgr: Option<Interval>,
    /// The same by the length of the prompt.
    pub apgr_of_length: Option<f64>,
    /// Quality against spending, by falling price.
    pub curve: Vec<Spending>,
    /// What keeps 95% of the dearest model's quality.
    pub at_95: Option<Spending>,
    /// The interval of its price.
    pub price_at_95: Option<Interval>,
    /// The interval of what it saves: the share of the way from the dearest model to the cheapest.
    pub saved_at_95: Option<Interval>,
    /// What speaks for the dearest model (positive) and against it.
    pub learned: Learned,
    /// What is not as it should be, in words.
    pub warnings: Vec<String>,
}

/// A figure with the bounds that nineteen of twenty resamples keep (percentile bootstrap).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The figure.
    pub value: f64,
    /// 2.5% of the resamples lie below.
    pub low: f64,
    /// 2.5% of the resamples lie above.
    pub high: f64,
}

/// One model.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ModelReport {
    /// Its name.
    pub name: String,
    /// Its mean quality.
    pub quality: f64,
    /// Its mean cost of a call in USD.
    pub cost_usd: Option<f64>,
    /// Predicted and real quality, by rising prediction.
    pub calibration: Vec<Bin>,
    /// The mean distance of predicted and real quality over the bins.
    pub calibration_error: f64,
}

/// Cases with predictions near each other.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Bin {
    /// How many.
    pub cases: usize,
    /// The mean of their predicted quality.
    pub predicted: f64,
    /// The mean of their real quality.
    pub real: f64,
}

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

pub(super) fn report(
    sample: &Sample,
    predictions: &[Prediction],
    curve: &Curve,
    weights: &Weights,
    options: &Options,
) -> Report {
    let last = sample.models.len() - 1;
    let gains: Vec<(f32, f64, f32)> = { sample.rows.iter().zip(predictions) }
        .filter_map(|(row, p)| {
            let real = f64::from(row.quality[last]?) - f64::from(row.quality[0]?);
            Some((p.quality[last] - p.quality[0], real, row.bytes as f32))
        })
        .collect();
    let by_gain = |rows: &[usize]| apgr(&rows.iter().map(|row| (gains[*row].0, gains[*row].1)).collect::<Vec<_>>());
    let at_95 = |rows: &[usize]| at_least(&curve.take(rows), KEEP);
    let known = curve.cases();
    Report {
        read: sample.read,
        usable: sample.usable,
        kept: sample.rows.len(),
        models: (0..=last).map(|model| model_report(sample, predictions, model)).collect(),
        apgr: interval(gains.len(), options, by_gain),
        apgr_of_length: apgr(&gains.iter().map(|gain| (gain.2, gain.1)).collect::<Vec<_>>()),
        curve: curve.points.clone(),
        at_95: at_least(&curve.points, KEEP),
        price_at_95: interval(known, options, |rows| at_95(rows).map(|point| f64::from(point.price))),
        saved_at_95: interval(known, options, |rows| at_95(rows).map(|point| 1.0 - point.spent)),
        learned: learned(sample, weights),
        warnings: warnings(sample, known),
    }
}

/// The figure of all cases, and its bounds over cases drawn anew, each with the same chance.
fn interval(cases: usize, options: &Options, figure: impl Fn(&[usize]) -> Option<f64>) -> Option<Interval> {
    let value = figure(&(0..cases).collect::<Vec<_>>())?;
    let mut state = 0_u64;
    let mut draw = |_| {
        state += 1;
        (hash::finish(state.wrapping_mul(0x9e37_79b9_7f4a_7c15)) % cases as u64) as usize
    };
    let mut drawn: Vec<f64> = Vec::with_capacity(options.resamples);
    for _ in 0..options.resamples {
        drawn.extend(figure(&(0..cases).map(&mut draw).collect::<Vec<_>>()));
    }
    drawn.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| drawn.get(((drawn.len() as f64 - 1.0) * share).round() as usize).copied().unwrap_or(value);
    Some(Interval { value, low: at(0.025), high: at(0.975) })
}

fn model_report(sample: &Sample, predictions: &[Prediction], model: usize) -> ModelReport {
    let mut pairs: Vec<(f32, f32)> = { sample.rows.iter().zip(predictions) }
        .filter_map(|(row, p)| Some((p.quality[model], row.quality[model]?)))
        .collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let bin = |pairs: &[(f32, f32)]| {
        let mean = |values: &mut dyn Iterator<Item = f32>| values.map(f64::from).sum::<f64>() / pairs.len() as f64;
        Bin {
            cases: pairs.len(),
            predicted: mean(&mut pairs.iter().map(|pair| pair.0)),
            real: mean(&mut pairs.iter().map(|pair| pair.1)),
        }
    };
    let calibration: Vec<Bin> = pairs.chunks(pairs.len().div_ceil(BINS).max(1)).map(bin).collect();
    let distance: f64 = calibration.iter().map(|bin| (bin.predicted - bin.real).abs() * bin.cases as f64).sum();
    let known = &sample.models[model];
    ModelReport {
        name: known.name.clone(),
        quality: known.quality,
        cost_usd: known.cost_usd,
        calibration_error: distance / pairs.len().max(1) as f64,
        calibration,
    }
}

fn learned(sample: &Sample, weights: &Weights) -> Learned {
    let columns = weights.head.columns();
    let models = sample.models.len();
    let gain = |row: u32| {
        let row = &weights.values[row as usize * columns..][..columns];
        row[models] - row[1]
    };
    let mut figures: Vec<(String, f32)> = { (ALL + 1..).zip(names()) }
        .map(|(row, name)| (name.to_owned(), gain(row)))
        .collect();
    figures.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    figures.truncate(TOLD);
    let mut words: Vec<(String, f32)> = { sample.spellings.iter() }
        .filter_map(|(hash, word)| {
            let row = GRAMS + bucket(*hash, weights.head.buckets);
            let is_its_own = weights.values[row as usize * columns] == fingerprint(*hash);
            is_its_own.then(|| (word.clone(), gain(row)))
        })
        .collect();
    words.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Learned {
        figures,
        words_for: words.iter().take(TOLD).filter(|word| word.1 > 0.0).cloned().collect(),
        words_against: words.iter().rev().take(TOLD).filter(|word| word.1 < 0.0).cloned().collect(),
    }
}

fn warnings(sample: &Sample, known: usize) -> Vec<String> {
    let mut warnings = Vec::new();
    let rows = &sample.rows;
    if rows.len() < 500 {
        warnings.push(format!("{} cases are few: expect little more than the length of a prompt tells", rows.len()));
    }
    if known < rows.len() {
        let without = rows.len() - known;
        warnings.push(format!("{without} of {} cases lack a model's outcome: the curve leaves them out", rows.len()));
    }
    for (at, model) in sample.models.iter().enumerate() {
        let mut qualities = rows.iter().filter_map(|row| row.quality[at]);
        let first = qualities.next();
        if first.is_some_and(|first| qualities.all(|quality| quality == first)) {
            warnings.push(format!("`{}` has the same quality in every case: nothing is learned of it", model.name));
        }
        if model.cost_usd.is_none() {
            warnings.push(format!("no case has a cost of `{}`: models stand in the order of their quality", model.name));
        }
    }
    warnings
}
