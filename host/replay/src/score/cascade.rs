//! A cascade: the weak model is asked, its answer is checked, and what router and checker make of it together says whether
//! the strong model is asked too.

use std::io::Write;
use std::path::Path;

use pointsman::Engine;
use serde::{Deserialize, Serialize};

use super::check::{UNJUDGED, review};
use super::routing::{Routing, SplitRow, parts, score};
use super::{Measure, Predicted, answer, id};
use crate::case::Case;
use crate::figures::{Blend, Figures, RoutingRows, routing};

/// How much a router and a checker of the weak model's answer close together of the gap between two models.
///
/// Their scores become one by [`Blend`]: what the strong model gains on the cases of the dev split, fitted by least squares
/// to the two scores, with weights of 0 or more. Without a dev split both count alike.
#[derive(Clone, Debug)]
pub struct Cascade {
    /// The models and the split.
    pub models: Routing,
}

/// A higher score asks more for the strong model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CascadePrediction {
    id: serde_json::Value,
    score: f64,
    /// What the router alone says.
    router: f64,
    /// How bad the checker finds the weak model's answer, 0 to 1.
    checker: f64,
}

/// A case with what router and checker say.
#[derive(Clone, Debug)]
pub struct CascadeRow {
    prediction: CascadePrediction,
    row: SplitRow,
}

impl Measure for Cascade {
    type Prediction = CascadePrediction;
    type Row = CascadeRow;

    fn wants(&self, case: &Case<'_>) -> bool {
        self.models.wants(case)
    }

    async fn predict(
        &self,
        engine: &Engine,
        case: &Case<'_>,
        done: &[CascadePrediction],
    ) -> Result<Predicted<CascadePrediction>, String> {
        if !done.is_empty() {
            return Ok(Predicted::default());
        }
        let Routing { weak, strong, .. } = &self.models;
        let text = case.outcome(weak)?.text.as_deref();
        let text =
            text.ok_or_else(|| format!("has no `text` of `{weak}`: a cascade needs the answer that is checked"))?;
        let record = review(engine, self.models.request(case)?, text, None).await?;
        let (choice, verdict) = (answer::choice(&record)?, answer::verdict(&record)?);
        let router = choice.said.as_ref().map_or(0.0, |choice| score(choice, weak, strong));
        let checker = verdict.said.as_ref().map_or(UNJUDGED, |verdict| {
            f64::from(
                verdict
                    .score
                    .unwrap_or(f32::from(u8::from(verdict.action.severity() > 0))),
            )
        });
        Ok(Predicted {
            predictions: vec![CascadePrediction {
                id: id(case)?,
                score: Blend::ALIKE.of(router, checker),
                router,
                checker,
            }],
            call_us: vec![choice.call_us + verdict.call_us],
            declined: usize::from(choice.said.is_none()) + usize::from(verdict.said.is_none()),
        })
    }

    fn row(&self, _: &Engine, case: &Case<'_>, predictions: &[CascadePrediction]) -> Result<CascadeRow, String> {
        let prediction = predictions.first().ok_or("has no prediction")?.clone();
        Ok(CascadeRow {
            row: self.models.split_row(case, prediction.score)?,
            prediction,
        })
    }

    fn figures(&self, mut rows: Vec<CascadeRow>, predictions: &Path) -> Result<Figures, String> {
        let dev: Vec<_> = rows.iter().filter(|row| row.row.is_dev()).collect();
        let gain = |row: &CascadeRow| row.row.row.strong_quality - row.row.row.weak_quality;
        let seen: Vec<_> = dev
            .iter()
            .map(|row| (row.prediction.router, row.prediction.checker, gain(row)))
            .collect();
        let blend = Blend::fit(&seen);
        for row in &mut rows {
            let prediction = &mut row.prediction;
            prediction.score = blend.unwrap_or(Blend::ALIKE).of(prediction.router, prediction.checker);
            row.row.row.score = prediction.score;
        }
        write(&rows, predictions).map_err(|error| format!("{}: {error}", predictions.display()))?;
        let split: Vec<SplitRow> = rows.into_iter().map(|row| row.row).collect();
        let mut figures = routing(&RoutingRows {
            weak_is_paid: true,
            ..parts(&split)
        })?;
        figures.notes.push(match blend {
            Some(blend) => format!("the score is {blend}, fitted on {} cases of dev", seen.len()),
            None => format!("the score is {}: there is no dev split to fit it on", Blend::ALIKE),
        });
        Ok(figures)
    }
}

/// Puts the final scores in the place of the first ones, all at once.
fn write(rows: &[CascadeRow], path: &Path) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    let mut file = std::io::BufWriter::new(std::fs::File::create(&new)?);
    for row in rows {
        serde_json::to_writer(&mut file, &row.prediction)?;
        file.write_all(b"\n")?;
    }
    file.into_inner()?.sync_all()?;
    std::fs::rename(new, path)
}
