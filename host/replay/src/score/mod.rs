//! A policy on labelled cases: predictions in the data sets' own form, and the figures that they come to.
//!
//! One file for each thing that can be measured ([`Routing`], [`Pool`], [`Compression`], [`Check`], [`Spans`], [`Cascade`]):
//! what of a case is asked, what is predicted, and what its labels say. [`run`] takes the cases through: read as a stream,
//! asked side by side, written down in the order of the files. What stands in the predictions' file already is not asked
//! again.

mod answer;
mod cascade;
mod check;
mod compression;
mod pool;
mod predictions;
mod prices;
mod routing;
mod run;
mod spans;

use std::future::Future;

use pointsman::Engine;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use self::cascade::Cascade;
pub use self::check::{Check, Field};
pub use self::compression::Compression;
pub use self::pool::Pool;
pub(crate) use self::predictions::{Predictions, name};
pub use self::predictions::{PredictionsError, Provenance};
pub use self::prices::Prices;
pub use self::routing::Routing;
pub use self::run::{Progress, ScoreError, Scored, run};
pub use self::spans::Spans;

use crate::case::Case;
use crate::figures::Figures;

/// Something that can be measured of a policy.
pub trait Measure: Send + Sync + 'static {
    /// A line of the predictions' file.
    type Prediction: Serialize + DeserializeOwned + Clone + Send + Sync;
    /// What the figures need of a case and its predictions.
    type Row: Send;

    /// Whether a case is asked at all.
    fn wants(&self, case: &Case<'_>) -> bool;

    /// Asks for what `done` does not hold yet.
    ///
    /// # Errors
    /// In words: the case cannot be asked, or the policy failed.
    fn predict(
        &self,
        engine: &Engine,
        case: &Case<'_>,
        done: &[Self::Prediction],
    ) -> impl Future<Output = Result<Predicted<Self::Prediction>, String>> + Send;

    /// What the case's labels make of its predictions.
    ///
    /// # Errors
    /// In words: a label is missing.
    fn row(&self, engine: &Engine, case: &Case<'_>, predictions: &[Self::Prediction]) -> Result<Self::Row, String>;

    /// The figures of all rows. `predictions` may be written anew, where a prediction depends on all others.
    ///
    /// # Errors
    /// In words: nothing can be measured on these cases.
    fn figures(&self, rows: Vec<Self::Row>, predictions: &std::path::Path) -> Result<Figures, String>;
}

/// What a policy said of one case.
#[derive(Clone, Debug)]
pub struct Predicted<P> {
    /// The lines.
    pub predictions: Vec<P>,
    /// Microseconds of each call.
    pub call_us: Vec<f32>,
    /// How often the policy had nothing to say.
    pub declined: usize,
}

impl<P> Default for Predicted<P> {
    fn default() -> Self {
        Predicted {
            predictions: Vec::new(),
            call_us: Vec::new(),
            declined: 0,
        }
    }
}

/// The name of a case as it stands there; the scoring script knows cases by nothing else.
fn id(case: &Case<'_>) -> Result<serde_json::Value, String> {
    case.id
        .clone()
        .ok_or_else(|| "has no `id`: predictions are told apart by it".to_owned())
}

/// Whether a case is of the split that is asked for, or of the dev split that the threshold is taken from.
fn in_split(case: &Case<'_>, wanted: Option<&str>) -> bool {
    let split = case.split.as_deref();
    wanted.is_none() || split == wanted || split == Some(DEV)
}

/// The split that thresholds are taken from.
const DEV: &str = "dev";
/// The split that nothing is taken from.
const TEST: &str = "test";
