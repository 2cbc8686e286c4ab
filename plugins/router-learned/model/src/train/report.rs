//! What the weights are worth, in figures and words.

mod interval;
mod learned;
mod model;

use serde::Serialize;

pub use self::interval::Interval;
pub use self::learned::Learned;
pub use self::model::{Bin, ModelReport};

use self::interval::interval;
use super::curve::{Curve, Spending, apgr, at_least};
use super::sample::Sample;
use super::{Options, Weights};
use crate::predict::Prediction;

/// The share of the dearest model's quality whose price is told with its interval.
const KEEP: f64 = 0.95;

/// What training can say of its weights. Everything is taken from predictions of cases by weights that have not seen
/// them.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// Cases that were read.
    pub read: usize,
    /// Those with an outcome.
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
    let by_gain = |rows: &[usize]| {
        apgr(
            &rows
                .iter()
                .map(|row| (gains[*row].0, gains[*row].1))
                .collect::<Vec<_>>(),
        )
    };
    let at_95 = |rows: &[usize]| at_least(&curve.take(rows), KEEP);
    let known = curve.cases();
    Report {
        read: sample.read,
        usable: sample.usable,
        kept: sample.rows.len(),
        models: (0..=last)
            .map(|model| model::report(sample, predictions, model))
            .collect(),
        apgr: interval(gains.len(), options, by_gain),
        apgr_of_length: apgr(&gains.iter().map(|gain| (gain.2, gain.1)).collect::<Vec<_>>()),
        curve: curve.points.clone(),
        at_95: at_least(&curve.points, KEEP),
        price_at_95: interval(known, options, |rows| at_95(rows).map(|point| f64::from(point.price))),
        saved_at_95: interval(known, options, |rows| at_95(rows).map(|point| 1.0 - point.spent)),
        learned: learned::learned(sample, weights),
        warnings: warnings(sample),
    }
}

fn warnings(sample: &Sample) -> Vec<String> {
    let mut warnings = Vec::new();
    let rows = &sample.rows;
    if rows.len() < 500 {
        warnings.push(format!(
            "{} cases are few: expect little more than the length of a prompt tells",
            rows.len()
        ));
    }
    let without = rows.iter().filter(|row| row.quality.contains(&None)).count();
    if without > 0 {
        warnings.push(format!(
            "{without} of {} cases lack a model's outcome: the curve takes what is predicted in its place",
            rows.len()
        ));
    }
    for (at, model) in sample.models.iter().enumerate() {
        let mut qualities = rows.iter().filter_map(|row| row.quality[at]);
        let first = qualities.next();
        if first.is_some_and(|first| qualities.all(|quality| quality == first)) {
            warnings.push(format!(
                "`{}` has the same quality in every case: nothing is learned of it",
                model.name
            ));
        }
        if model.cost_usd.is_none() {
            warnings.push(format!(
                "no case has a cost of `{}`: models stand in the order of their quality",
                model.name
            ));
        }
    }
    warnings
}
