//! How near the predictions of one model come to what happened.

use serde::Serialize;

use crate::predict::Prediction;
use crate::train::sample::Sample;

/// Groups of equally many cases in which predicted and real quality are compared.
const BINS: usize = 10;

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

pub(super) fn report(sample: &Sample, predictions: &[Prediction], model: usize) -> ModelReport {
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
    let distance: f64 = calibration
        .iter()
        .map(|bin| (bin.predicted - bin.real).abs() * bin.cases as f64)
        .sum();
    let known = &sample.models[model];
    ModelReport {
        name: known.name.clone(),
        quality: known.quality,
        cost_usd: known.cost_usd,
        calibration_error: distance / pairs.len().max(1) as f64,
        calibration,
    }
}
