//! The learned router's cases, and its training.

use std::path::PathBuf;
use std::sync::mpsc;

use router_learned_model::train;
use router_learned_model::train::{Options, TrainError, Trained};

use super::feedback::Feedback;
use super::lesson::{Lesson, read};
use crate::lines::{Source, SourceError};

/// Where a router's cases are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RouterCases {
    /// Files of labelled cases or of traces.
    pub files: Vec<PathBuf>,
    /// The split that is learned from, where cases name theirs; cases that name none are always learned from.
    pub split: String,
}

/// What training made, and what it left out.
#[derive(Clone, Debug)]
pub struct RouterTraining {
    /// The weights with their report.
    pub trained: Trained,
    /// Lines of other splits.
    pub other_splits: usize,
    /// Turns of which nothing is known: no feedback, and no verdict that kept an answer back.
    pub silent: usize,
    /// Lines that are neither a case nor a trace.
    pub faulty: usize,
    /// The first of them, with their places.
    pub faults: Vec<String>,
}

/// Why nothing was trained.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainingError {
    /// A file cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The cases do not allow it.
    #[error("{error}")]
    Train {
        /// Why.
        error: TrainError,
        /// Turns of which nothing is known.
        silent: usize,
        /// The first lines that are neither a case nor a trace, with their places.
        faults: Vec<String>,
    },
    /// The reading thread stopped.
    #[error("reading stopped in the middle")]
    Stopped,
}

/// Lines that are no cases, of which the places are kept.
const KEPT: usize = 100;
/// Cases that wait between the thread that reads and the one that learns.
const WAITING: usize = 1_024;

/// Fits weights. The same files in the same order give the same bytes. Blocks; `progress` is told how many bytes are read.
///
/// # Errors
/// See [`TrainingError`].
pub fn train_router(
    cases: &RouterCases,
    options: &Options,
    mut progress: impl FnMut(u64),
) -> Result<RouterTraining, TrainingError> {
    let feedback = Feedback::read(&cases.files)?;
    let source = Source::open(&cases.files)?;
    let (lines, incoming) = mpsc::sync_channel(WAITING);
    std::thread::scope(|scope| {
        let split = &cases.split;
        let feedback = &feedback;
        let reader = scope.spawn(move || {
            source.read(|line| {
                let text = line.text.as_deref().map_err(Clone::clone);
                let read = text.and_then(|text| read(text, split, feedback));
                let read = read.unwrap_or_else(|fault| Some(Lesson::Fault(format!("{}: {fault}", line.place()))));
                lines.send((line.position, read)).is_ok()
            })
        });
        let (mut faults, mut faulty, mut other_splits, mut silent) = (Vec::new(), 0, 0, 0);
        let learned = incoming.into_iter().filter_map(|(position, read)| {
            progress(position);
            match read? {
                Lesson::Case(case) => return Some(case),
                Lesson::OtherSplit => other_splits += 1,
                Lesson::Silent => silent += 1,
                Lesson::Fault(fault) => {
                    faulty += 1;
                    if faults.len() < KEPT {
                        faults.push(fault);
                    }
                }
            }
            None
        });
        let trained = train(learned, options);
        reader.join().map_err(|_| TrainingError::Stopped)??;
        match trained {
            Ok(trained) => Ok(RouterTraining {
                trained,
                other_splits,
                silent,
                faulty,
                faults,
            }),
            Err(error) => Err(TrainingError::Train { error, silent, faults }),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn file(lines: &[String]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(lines.join("\n").as_bytes()).unwrap();
        file
    }

    fn case(at: usize, split: &str) -> String {
        let hard = at.is_multiple_of(2);
        let prompt = if hard {
            format!("prove theorem {at}")
        } else {
            format!("greet guest {at}")
        };
        serde_json::json!({
            "id": at, "split": split, "messages": [{ "role": "user", "content": prompt }],
            "outcomes": {
                "small": { "quality": f64::from(u8::from(!hard)), "cost_usd": 0.1 },
                "large": { "quality": 1, "cost_usd": 1 },
            },
        })
        .to_string()
    }

    fn trained(files: Vec<PathBuf>) -> Result<RouterTraining, TrainingError> {
        let cases = RouterCases {
            files,
            split: "train".to_owned(),
        };
        train_router(&cases, &Options::default(), |_| {})
    }

    #[test]
    fn the_same_cases_give_the_same_bytes_and_other_splits_are_left_alone() {
        let mut lines: Vec<String> = (0..60).map(|at| case(at, "train")).collect();
        lines.push("nonsense".to_owned());
        let without = file(&lines);
        lines.extend((0..60).map(|at| case(at, "test")));
        let with = file(&lines);
        let one = trained(vec![without.path().to_owned()]).unwrap();
        let two = trained(vec![with.path().to_owned()]).unwrap();
        assert_eq!(one.trained.weights.to_bytes(), two.trained.weights.to_bytes());
        assert_eq!((one.other_splits, two.other_splits, one.faults.len()), (0, 60, 1));
        assert_eq!(one.trained.report.usable, 60);
    }

    #[test]
    fn too_few_cases_are_an_error_in_words() {
        let few = file(&[case(0, "train")]);
        let error = trained(vec![few.path().to_owned()]).unwrap_err().to_string();
        assert!(error.contains("ten at least"), "{error}");
    }
}
