//! A router between two models.

use std::path::Path;

use pointsman::{Choice, Engine};
use serde::{Deserialize, Serialize};

use super::{DEV, Measure, Predicted, Prices, answer, id, in_split};
use crate::case::Case;
use crate::figures::{Figures, RoutingRow, RoutingRows, routing};

/// How much a router closes of the gap between two models.
#[derive(Clone, Debug)]
pub struct Routing {
    /// The cheap model.
    pub weak: String,
    /// The good one.
    pub strong: String,
    /// The split to measure; all cases where none is named.
    pub split: Option<String>,
    /// What the router is told of the models' prices.
    pub prices: Prices,
}

/// A higher score asks more for the strong model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoutingPrediction {
    pub(super) id: serde_json::Value,
    pub(super) score: f64,
}

/// A row, and the splits that it counts in.
#[derive(Clone, Debug)]
pub struct SplitRow {
    pub(super) row: RoutingRow,
    measured: bool,
    dev: bool,
}

/// Confidence of a router that states none.
const UNSTATED: f32 = 0.5;

/// What a choice says for the strong model: the quality that it expects of it beyond the weak one's, and where it
/// expects nothing of both, its confidence in the one that it chose.
pub(super) fn score(choice: &Choice, weak: &str, strong: &str) -> f64 {
    let quality = |model: &str| {
        let mut estimates = choice.estimates.iter();
        estimates.find(|estimate| estimate.model == model)?.quality
    };
    if let (Some(strong), Some(weak)) = (quality(strong), quality(weak)) {
        return f64::from(strong) - f64::from(weak);
    }
    let sure = f64::from(choice.confidence.unwrap_or(UNSTATED));
    if choice.model == strong { sure } else { -sure }
}

impl Routing {
    /// The case as a request with the two models to choose among.
    pub(super) fn request(&self, case: &Case<'_>) -> Result<pointsman::Request, String> {
        let names = [&self.weak, &self.strong];
        for name in names {
            case.outcome(name)?;
        }
        let models = names.map(|name| self.prices.model(name));
        Ok(case.request(None)?.candidate_models(models).seed(0).at_ms(0))
    }

    pub(super) fn split_row(&self, case: &Case<'_>, score: f64) -> Result<SplitRow, String> {
        let (weak, strong) = (case.outcome(&self.weak)?, case.outcome(&self.strong)?);
        let split = case.split.as_deref();
        Ok(SplitRow {
            row: RoutingRow {
                score,
                weak_quality: weak.quality,
                strong_quality: strong.quality,
                weak_cost: weak.cost_usd,
                strong_cost: strong.cost_usd,
            },
            measured: self.split.is_none() || split == self.split.as_deref(),
            dev: split == Some(DEV) && self.split.as_deref() != Some(DEV),
        })
    }
}

/// The rows by the part that they count in.
pub(super) fn parts(rows: &[SplitRow]) -> RoutingRows {
    let of = |part: fn(&SplitRow) -> bool| rows.iter().filter(|row| part(row)).map(|row| row.row).collect();
    RoutingRows {
        part: of(|row| row.measured),
        dev: of(|row| row.dev),
        weak_is_paid: false,
    }
}

impl SplitRow {
    pub(super) fn is_dev(&self) -> bool {
        self.dev
    }
}

impl Measure for Routing {
    type Prediction = RoutingPrediction;
    type Row = SplitRow;

    fn wants(&self, case: &Case<'_>) -> bool {
        in_split(case, self.split.as_deref())
    }

    async fn predict(
        &self,
        engine: &Engine,
        case: &Case<'_>,
        done: &[RoutingPrediction],
    ) -> Result<Predicted<RoutingPrediction>, String> {
        if !done.is_empty() {
            return Ok(Predicted::default());
        }
        let turn = engine
            .begin(self.request(case)?)
            .await
            .map_err(|error| error.to_string())?;
        let answer = answer::choice(turn.record())?;
        let score = answer
            .said
            .as_ref()
            .map(|choice| score(choice, &self.weak, &self.strong));
        Ok(Predicted {
            predictions: vec![RoutingPrediction {
                id: id(case)?,
                // It speaks for neither.
                score: score.unwrap_or(0.0),
            }],
            call_us: vec![answer.call_us],
            declined: usize::from(score.is_none()),
        })
    }

    fn row(&self, _: &Engine, case: &Case<'_>, predictions: &[RoutingPrediction]) -> Result<SplitRow, String> {
        let score = predictions.first().ok_or("has no prediction")?.score;
        self.split_row(case, score)
    }

    fn figures(&self, rows: Vec<SplitRow>, _: &Path) -> Result<Figures, String> {
        routing(&parts(&rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pointsman::Estimate;

    fn choice(model: &str, confidence: Option<f32>, estimates: &[(&str, Option<f32>)]) -> Choice {
        Choice {
            model: model.to_owned(),
            confidence,
            estimates: estimates
                .iter()
                .map(|(model, quality)| Estimate {
                    model: (*model).to_owned(),
                    quality: *quality,
                    cost_usd: None,
                })
                .collect(),
            ..Choice::default()
        }
    }

    #[test]
    fn estimates_of_both_models_count_before_the_choice() {
        let both = [("weak", Some(0.25)), ("strong", Some(0.75))];
        assert_eq!(score(&choice("weak", Some(0.9), &both), "weak", "strong"), 0.5);
        let one = [("weak", Some(0.25)), ("strong", None)];
        assert_eq!(score(&choice("strong", Some(0.75), &one), "weak", "strong"), 0.75);
    }

    #[test]
    fn without_estimates_confidence_speaks_for_the_choice_and_half_where_none_is_stated() {
        assert_eq!(score(&choice("weak", Some(0.75), &[]), "weak", "strong"), -0.75);
        assert_eq!(score(&choice("strong", None, &[]), "weak", "strong"), 0.5);
    }
}
