//! What predictions come to: the measures of routing, compression and checking, each with its interval.
//!
//! Pure arithmetic on labelled predictions. The lines that a [`Figures`] prints are, to the last digit, those that the
//! scoring script of the data sets prints; intervals and what the script does not measure come after them.

mod blend;
mod bootstrap;
mod compression;
mod curve;
mod detection;
mod pool;
mod routing;
mod spans;

use std::fmt;

use serde::Serialize;

pub use self::blend::Blend;
pub use self::bootstrap::{Interval, bootstrap};
pub(crate) use self::compression::survives;
pub use self::compression::{CompressionRow, compression};
pub use self::curve::{Curve, RoutingRow};
pub use self::detection::{DetectionRow, auroc, detection};
pub use self::pool::{PoolRow, pool};
pub use self::routing::{RoutingRows, routing};
pub use self::spans::{SpanRow, spans};

/// One measure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// Such as `APGR` or `qa AUROC`.
    pub name: String,
    /// Its value; `None` where the cases do not allow it to be measured.
    pub value: Option<f64>,
    /// Where it lies with 95% confidence, by resampling the cases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
}

/// All measures of one set of predictions.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// The lines for people, as the scoring script prints them.
    pub lines: Vec<String>,
    /// The measures with their intervals.
    pub figures: Vec<Figure>,
    /// What is to be known when they are read.
    pub notes: Vec<String>,
}

impl Figures {
    /// A measure by its name.
    pub fn get(&self, name: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.name == name)
    }

    fn add(&mut self, names: &[String], values: &[f64], intervals: &[Option<Interval>]) {
        let all = names.iter().zip(values).zip(intervals);
        self.figures.extend(all.map(|((name, value), interval)| Figure {
            name: name.clone(),
            value: value.is_finite().then_some(*value),
            interval: *interval,
        }));
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            writeln!(f, "{line}")?;
        }
        writeln!(f, "\n95% intervals, from resampled cases:")?;
        let width = self.figures.iter().map(|figure| figure.name.len()).max().unwrap_or(0);
        for figure in &self.figures {
            let value = figure.value.map_or("unknown".to_owned(), |value| fixed(value, 3));
            write!(f, "  {:<width$}  {value:>7}", figure.name)?;
            match figure.interval {
                Some(Interval { low, high }) => writeln!(f, "   {low:.3} to {high:.3}")?,
                None => writeln!(f)?,
            }
        }
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        Ok(())
    }
}

/// A number with so many decimals; one that is no number as the scoring script spells it.
pub(crate) fn fixed(value: f64, decimals: usize) -> String {
    if value.is_nan() {
        "nan".to_owned()
    } else {
        format!("{value:.decimals$}")
    }
}

/// The mean in the order given; of nothing, not a number.
pub(crate) fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut sum, mut n) = (0.0, 0_usize);
    for value in values {
        sum += value;
        n += 1;
    }
    if n == 0 { f64::NAN } else { sum / n as f64 }
}
