//! Cases through a measure: read on a thread of their own, asked side by side, written down in the order of the files.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use pointsman::{Encoding, Engine};

use super::predictions::{Predictions, PredictionsError, Provenance, name};
use super::{Measure, Predicted, id};
use crate::case::Case;
use crate::figures::Figures;
use crate::lines::{Line, Source, SourceError};
use crate::stream::{batches, cores};

/// Why there are no figures.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScoreError {
    /// The cases cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The predictions cannot be written, or gone on with.
    #[error(transparent)]
    Predictions(#[from] PredictionsError),
    /// The cases do not allow it.
    #[error("{0}")]
    Figures(String),
    /// The work was cut off.
    #[error("the work was cut off: {0}")]
    Interrupted(#[from] tokio::task::JoinError),
}

/// What happens on the way.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Progress {
    /// So many bytes of the files are done.
    At(u64),
    /// A line that could not be asked, with its place.
    Fault(String),
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// What the predictions come to.
    pub figures: Figures,
    /// Cases that were asked or stood in the file.
    pub cases: usize,
    /// Cases that stood in the file, so that they were not asked again.
    pub resumed: usize,
    /// Lines that could not be asked.
    pub faults: usize,
    /// Calls that the policy had nothing to say to.
    pub declined: usize,
    /// Microseconds of a call, instance included: the median, and what 99 of 100 calls stay below. `None` where none was made.
    pub call_us: Option<(f32, f32)>,
    /// Calls that were made, and the seconds in which all cases were read, asked and written down.
    pub speed: (usize, f64),
}

/// Predictions that stood in the file, by the name of their case.
type Done<M> = HashMap<String, Vec<<M as Measure>::Prediction>>;

/// What came of one line.
enum Came<M: Measure> {
    Skipped,
    Fault(String),
    Row {
        id: u64,
        row: M::Row,
        predicted: Predicted<M::Prediction>,
    },
}

struct Batch<M: Measure> {
    position: u64,
    lines: Vec<(String, Came<M>)>,
}

/// Asks for what `out` does not hold yet, and measures all of it. `again` starts `out` over. Cases that cannot be asked are told to
/// `progress`, and left out.
///
/// # Errors
/// See [`ScoreError`].
pub async fn run<M: Measure>(
    measure: Arc<M>,
    options: serde_json::Value,
    engine: &Engine,
    cases: &[PathBuf],
    out: (&Path, bool),
    mut progress: impl FnMut(Progress),
) -> Result<Scored, ScoreError> {
    let source = Source::open(cases)?;
    let provenance = Provenance::new(options, engine, cases).await;
    let mut predictions = Predictions::open(out.0, &provenance, out.1)?;
    let done = Arc::new(std::mem::take(&mut predictions.done));
    let (asked, by) = (measure.clone(), engine.clone());
    let mut batches = batches(source, cores(), move |lines| {
        batch(asked.clone(), by.clone(), done.clone(), lines)
    });

    let mut scored = Scored {
        figures: Figures::default(),
        cases: 0,
        resumed: 0,
        faults: 0,
        declined: 0,
        call_us: None,
        speed: (0, 0.0),
    };
    // Its tables are read when they are first needed: a tenth of a second that belongs to no call.
    engine.counter().text("", Encoding::o200k());
    let started = Instant::now();
    let (mut rows, mut call_us, mut ids) = (Vec::new(), Vec::new(), HashSet::new());
    while let Some(batch) = batches.next().await {
        let Batch { position, lines } = batch?;
        for (place, came) in lines {
            let fault = match came {
                Came::Skipped => continue,
                Came::Fault(fault) => fault,
                Came::Row { id, .. } if !ids.insert(id) => "its `id` stands in the cases twice".to_owned(),
                Came::Row { row, predicted, .. } => {
                    predictions.write(&predicted.predictions)?;
                    scored.resumed += usize::from(predicted.predictions.is_empty());
                    scored.cases += 1;
                    scored.declined += predicted.declined;
                    call_us.extend(predicted.call_us);
                    rows.push(row);
                    continue;
                }
            };
            scored.faults += 1;
            progress(Progress::Fault(format!("{place}: {fault}")));
        }
        predictions.flush()?;
        progress(Progress::At(position));
    }
    batches.finish().await??;
    scored.speed = (call_us.len(), started.elapsed().as_secs_f64());
    scored.call_us = quantiles(call_us);
    let path = out.0.to_owned();
    let figures = tokio::task::spawn_blocking(move || measure.figures(rows, &path)).await?;
    scored.figures = figures.map_err(ScoreError::Figures)?;
    Ok(scored)
}

async fn batch<M: Measure>(measure: Arc<M>, engine: Engine, done: Arc<Done<M>>, lines: Vec<Line>) -> Batch<M> {
    let mut batch = Batch {
        position: lines.last().map_or(0, |line| line.position),
        lines: Vec::with_capacity(lines.len()),
    };
    for line in lines.iter().filter(|line| !line.is_blank()) {
        let came = one(&*measure, &engine, &done, line).await.unwrap_or_else(Came::Fault);
        batch.lines.push((line.place(), came));
    }
    batch
}

async fn one<M: Measure>(measure: &M, engine: &Engine, done: &Done<M>, line: &Line) -> Result<Came<M>, String> {
    let case = Case::read(line.text.as_ref().map_err(Clone::clone)?)?;
    if !measure.wants(&case) {
        return Ok(Came::Skipped);
    }
    let name = name(&id(&case)?);
    let before = done.get(&name).map_or(&[][..], Vec::as_slice);
    let predicted = measure.predict(engine, &case, before).await?;
    let all = [before, &predicted.predictions].concat();
    let mut hash = DefaultHasher::new();
    name.hash(&mut hash);
    Ok(Came::Row {
        id: hash.finish(),
        row: measure.row(engine, &case, &all)?,
        predicted,
    })
}

fn quantiles(mut us: Vec<f32>) -> Option<(f32, f32)> {
    us.sort_by(f32::total_cmp);
    let at = |q: f64| us.get((us.len().saturating_sub(1) as f64 * q) as usize).copied();
    at(0.5).zip(at(0.99))
}
