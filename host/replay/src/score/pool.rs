//! A router among many models.

use std::path::Path;

use pointsman::Engine;
use serde::{Deserialize, Serialize};

use super::{Measure, Predicted, Prices, answer, id};
use crate::case::Case;
use crate::figures::{Figures, PoolRow, pool};

/// What a router's choices come to against always asking one model.
#[derive(Clone, Debug)]
pub struct Pool {
    /// The model that choices are held against.
    pub strong: String,
    /// What the router is told of the models' prices.
    pub prices: Prices,
}

/// The model that was chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PoolPrediction {
    id: serde_json::Value,
    model: String,
}

impl Measure for Pool {
    type Prediction = PoolPrediction;
    type Row = PoolRow;

    fn wants(&self, _: &Case<'_>) -> bool {
        true
    }

    async fn predict(
        &self,
        engine: &Engine,
        case: &Case<'_>,
        done: &[PoolPrediction],
    ) -> Result<Predicted<PoolPrediction>, String> {
        if !done.is_empty() {
            return Ok(Predicted::default());
        }
        case.outcome(&self.strong)?;
        let models = case.outcomes.keys().map(|name| self.prices.model(name));
        let request = case.request(None)?.candidate_models(models).seed(0).at_ms(0);
        let turn = engine.begin(request).await.map_err(|error| error.to_string())?;
        let answer = answer::choice(turn.record())?;
        let declined = usize::from(answer.said.is_none());
        Ok(Predicted {
            predictions: vec![PoolPrediction {
                id: id(case)?,
                // Who has nothing to say leaves it at what was asked before there was a router.
                model: answer.said.map_or_else(|| self.strong.clone(), |choice| choice.model),
            }],
            call_us: vec![answer.call_us],
            declined,
        })
    }

    fn row(&self, _: &Engine, case: &Case<'_>, predictions: &[PoolPrediction]) -> Result<PoolRow, String> {
        let chosen = case.outcome(&predictions.first().ok_or("has no prediction")?.model)?;
        let strong = case.outcome(&self.strong)?;
        Ok(PoolRow {
            chosen: (chosen.quality, chosen.cost_usd),
            strong: (strong.quality, strong.cost_usd),
        })
    }

    fn figures(&self, rows: Vec<PoolRow>, _: &Path) -> Result<Figures, String> {
        pool(&rows, &self.strong)
    }
}
