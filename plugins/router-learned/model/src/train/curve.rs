//! Quality against spending: what a price for going from the cheapest model to the dearest leads to.

use serde::Serialize;

use super::sample::Sample;
use crate::choose::{best, places};
use crate::predict::Prediction;

/// Prices that are tried.
const PRICES: usize = 100;

/// What one price leads to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Spending {
    /// The price of going from the cheapest model to the dearest, in quality.
    pub price: f32,
    /// Mean quality, as a share of what the dearest model alone achieves.
    pub quality: f64,
    /// Mean place of the chosen models between the cheapest, 0, and the dearest, 1.
    pub spent: f64,
}

/// The curve, and what it was taken from.
pub(super) struct Curve {
    /// By falling price.
    pub(super) points: Vec<Spending>,
    rows: Vec<Known>,
    places: Vec<f32>,
}

/// A case with what is predicted of each model, and what is known or else predicted.
struct Known {
    predicted: Vec<f32>,
    quality: Vec<f32>,
}

impl Curve {
    /// Takes the curve from all cases; where a model has no outcome, what is predicted stands in its place.
    pub(super) fn new(sample: &Sample, predictions: &[Prediction]) -> Self {
        let costs: Vec<Option<f64>> = sample.models.iter().map(|model| model.cost_usd).collect();
        let known = sample.rows.iter().zip(predictions).map(|(row, prediction)| {
            let qualities = row.quality.iter().zip(&prediction.quality);
            let quality = qualities.map(|(real, predicted)| real.unwrap_or(*predicted)).collect();
            Known {
                predicted: prediction.quality.clone(),
                quality,
            }
        });
        let mut curve = Curve {
            points: Vec::new(),
            rows: known.collect(),
            places: places(&costs),
        };
        curve.points = curve.take(&(0..curve.rows.len()).collect::<Vec<_>>());
        curve
    }

    /// How many cases it is taken from.
    pub(super) fn cases(&self) -> usize {
        self.rows.len()
    }

    /// The curve of these cases, of which one may stand several times.
    pub(super) fn take(&self, chosen: &[usize]) -> Vec<Spending> {
        let mut gains: Vec<f32> = { chosen.iter() }
            .map(|row| &self.rows[*row].predicted)
            .filter_map(|predicted| Some(predicted.last()? - predicted.first()?))
            .collect();
        gains.sort_unstable_by(|a, b| b.total_cmp(a));
        let last = gains.len().saturating_sub(1);
        let prices = (0..=PRICES).filter_map(|step| gains.get(last * step / PRICES));
        // Below every gain, so that everything goes to the dearest model.
        let mut prices: Vec<f32> = prices.copied().chain([-2.0]).collect();
        prices.dedup();
        prices.into_iter().map(|price| self.at(price, chosen)).collect()
    }

    fn at(&self, price: f32, chosen: &[usize]) -> Spending {
        let (mut quality, mut dearest, mut spent) = (0.0, 0.0, 0.0);
        for row in chosen.iter().map(|row| &self.rows[*row]) {
            let model = best(&row.predicted, &self.places, price);
            quality += f64::from(row.quality[model]);
            dearest += row.quality.last().map_or(0.0, |quality| f64::from(*quality));
            spent += f64::from(self.places[model]);
        }
        Spending {
            price,
            quality: if dearest > 0.0 { quality / dearest } else { 1.0 },
            spent: spent / chosen.len().max(1) as f64,
        }
    }

    /// For shares from .5 to 1 the highest price that keeps them.
    pub(super) fn keep(&self) -> Vec<[f32; 2]> {
        let shares = (50..=100).map(|percent| percent as f32 / 100.0);
        shares
            .filter_map(|share| Some([share, at_least(&self.points, f64::from(share))?.price]))
            .collect()
    }
}

/// The point with the highest price whose quality is this at least; the last one, everything to the dearest, where none
/// is.
pub(super) fn at_least(points: &[Spending], quality: f64) -> Option<Spending> {
    points
        .iter()
        .find(|point| point.quality >= quality)
        .or(points.last())
        .copied()
}

/// The average performance gap recovered, as RouteLLM defines it (Ong et al., 2024): the mean share of the gain from the
/// weak to the strong model, over shares of strong calls from 0 to 1 in tenths. Equal scores are shared out evenly. `None`
/// where the strong model gains nothing.
pub fn apgr(cases: &[(f32, f64)]) -> Option<f64> {
    let mut sorted: Vec<(f32, f64)> = cases.to_vec();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let total: f64 = sorted.iter().map(|case| case.1).sum();
    if total.abs() < 1e-12 {
        return None;
    }
    let mut points = vec![(0.0, 0.0)];
    let (mut taken, mut gained) = (0_usize, 0.0);
    for equal in sorted.chunk_by(|a, b| a.0 == b.0) {
        taken += equal.len();
        gained += equal.iter().map(|case| case.1).sum::<f64>();
        points.push((taken as f64 / sorted.len() as f64, gained / total));
    }
    let at = |x: f64| {
        let span = points.windows(2).find(|span| x <= span[1].0 + 1e-12);
        span.map_or(1.0, |span| {
            let ((x0, y0), (x1, y1)) = (span[0], span[1]);
            y0 + (y1 - y0) * ((x - x0) / (x1 - x0)).clamp(0.0, 1.0)
        })
    };
    Some(
        (0..10)
            .map(|tenth| (at(f64::from(tenth) / 10.0) + at(f64::from(tenth + 1) / 10.0)) / 20.0)
            .sum(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recovered_gap_is_a_half_by_chance_and_more_by_a_good_score() {
        let gains: Vec<(f32, f64)> = (0..100).map(|case| (0.0, f64::from(u8::from(case % 4 == 0)))).collect();
        assert!((apgr(&gains).unwrap() - 0.5).abs() < 1e-9);
        let sorted: Vec<(f32, f64)> = gains.iter().map(|(_, gain)| (*gain as f32, *gain)).collect();
        assert!(apgr(&sorted).unwrap() > 0.85);
        assert_eq!(apgr(&[(0.0, 0.0)]), None);
    }
}
