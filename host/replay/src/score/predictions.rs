//! The file of predictions: written as they come, and gone on with where a run was stopped.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use pointsman::{Engine, PolicyRef};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

/// What predictions were made with: a run goes on with a file only where all of it is the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// What was measured, and how: every option that changes predictions.
    pub measure: serde_json::Value,
    /// The policies that were asked, by digest.
    pub policies: Vec<PolicyRef>,
    /// The files of cases with `xxh3:` of their bytes; empty where one cannot be read.
    pub cases: Vec<(PathBuf, String)>,
}

impl Provenance {
    /// What an engine's predictions for these cases are made with.
    pub(crate) async fn new(measure: serde_json::Value, engine: &Engine, cases: &[PathBuf]) -> Self {
        let revisions = engine.revisions().await.into_iter().filter(|revision| revision.active);
        let arms = revisions.flat_map(|revision| revision.slots).flat_map(|slot| slot.arms);
        Provenance {
            measure,
            policies: arms.map(|arm| arm.policy).collect(),
            // Opening the files comes first, and says what is wrong with them.
            cases: tokio::task::spawn_blocking({
                let cases = cases.to_vec();
                move || {
                    let digest = |path| contents(path).unwrap_or_default();
                    cases.iter().map(|path| (path.clone(), digest(path))).collect()
                }
            })
            .await
            .unwrap_or_default(),
        }
    }
}

/// `xxh3:` of a file's bytes, read as a stream. Cases of the same size may be others.
fn contents(path: &Path) -> std::io::Result<String> {
    let (mut file, mut hash) = (File::open(path)?, Xxh3::new());
    let mut piece = vec![0; 1 << 20];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(format!("xxh3:{:016x}", hash.digest())),
            read => hash.update(&piece[..read]),
        }
    }
}

/// Why a file of predictions cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PredictionsError {
    /// It cannot be read or written.
    #[error("{} cannot be read or written", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It was made by something else.
    #[error(
        "{} holds predictions of another run ({what}): name another file, or start it over with --again",
        path.display()
    )]
    OtherRun {
        /// The file.
        path: PathBuf,
        /// What differs.
        what: &'static str,
    },
    /// A line of it is no prediction.
    #[error("{}:{line}: not a prediction of this measure ({message}): name another file, or start it over with --again", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
}

/// An open file of predictions, and what stood in it.
pub(crate) struct Predictions<P> {
    /// By the name of the case.
    pub(crate) done: HashMap<String, Vec<P>>,
    path: PathBuf,
    file: BufWriter<File>,
}

#[derive(Deserialize)]
struct Named {
    id: serde_json::Value,
}

/// The name of a case as text, whether it is a word or a number there.
pub(crate) fn name(id: &serde_json::Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

impl<P: Serialize + DeserializeOwned> Predictions<P> {
    /// Opens a file, and reads what a run before left in it. A line that was cut off when that run was stopped is taken
    /// away. `again` starts it over.
    pub(crate) fn open(path: &Path, provenance: &Provenance, again: bool) -> Result<Self, PredictionsError> {
        let fault = |source| PredictionsError::File {
            path: path.to_owned(),
            source,
        };
        let beside = beside(path);
        let mut done = HashMap::new();
        let filled = std::fs::metadata(path).is_ok_and(|about| about.len() > 0);
        if filled && !again {
            same_run(path, &beside, provenance)?;
            let whole = read(path, &mut done)?;
            OpenOptions::new()
                .write(true)
                .open(path)
                .and_then(|file| file.set_len(whole))
                .map_err(fault)?;
        } else {
            File::create(path).map_err(fault)?;
            let text = serde_json::to_string_pretty(provenance).map_err(|error| fault(error.into()))?;
            std::fs::write(&beside, text + "\n").map_err(|source| PredictionsError::File { path: beside, source })?;
        }
        let file = OpenOptions::new().append(true).open(path).map_err(fault)?;
        Ok(Predictions {
            done,
            path: path.to_owned(),
            file: BufWriter::new(file),
        })
    }

    /// Writes the predictions of one case.
    pub(crate) fn write(&mut self, predictions: &[P]) -> Result<(), PredictionsError> {
        let mut lines = Vec::new();
        let written = predictions.iter().try_for_each(|prediction| {
            serde_json::to_writer(&mut lines, prediction)?;
            lines.push(b'\n');
            std::io::Result::Ok(())
        });
        written
            .and_then(|()| self.file.write_all(&lines))
            .map_err(|source| self.fault(source))
    }

    /// Lets what was written be seen.
    pub(crate) fn flush(&mut self) -> Result<(), PredictionsError> {
        self.file.flush().map_err(|source| self.fault(source))
    }

    fn fault(&self, source: std::io::Error) -> PredictionsError {
        PredictionsError::File {
            path: self.path.clone(),
            source,
        }
    }
}

/// The file beside the predictions that says what they were made with.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".run");
    path.with_file_name(name)
}

fn same_run(path: &Path, beside: &Path, provenance: &Provenance) -> Result<(), PredictionsError> {
    let other = |what| PredictionsError::OtherRun {
        path: path.to_owned(),
        what,
    };
    let text = std::fs::read_to_string(beside).map_err(|_| other("nothing beside it says of which"))?;
    let before: Provenance = serde_json::from_str(&text).map_err(|_| other("nothing beside it says of which"))?;
    match () {
        () if before.policies != provenance.policies => Err(other("another policy, or other settings")),
        () if before.cases != provenance.cases => Err(other("other cases")),
        () if before.measure != provenance.measure => Err(other("other options")),
        () => Ok(()),
    }
}

/// Reads the whole lines of a file, and gives their length in bytes.
fn read<P: DeserializeOwned>(path: &Path, done: &mut HashMap<String, Vec<P>>) -> Result<u64, PredictionsError> {
    let fault = |source| PredictionsError::File {
        path: path.to_owned(),
        source,
    };
    let mut file = BufReader::new(File::open(path).map_err(fault)?);
    let (mut whole, mut text) = (0, String::new());
    for line in 1.. {
        text.clear();
        let read = file.read_line(&mut text).map_err(fault)?;
        if !text.ends_with('\n') {
            break;
        }
        whole += read as u64;
        let wrong = |error: serde_json::Error| PredictionsError::Line {
            path: path.to_owned(),
            line,
            message: error.to_string(),
        };
        let Named { id } = serde_json::from_str(&text).map_err(wrong)?;
        done.entry(name(&id))
            .or_default()
            .push(serde_json::from_str(&text).map_err(wrong)?);
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn provenance(measure: &str) -> Provenance {
        Provenance {
            measure: measure.into(),
            policies: vec![PolicyRef::default()],
            cases: vec![("cases.jsonl".into(), "xxh3:07".to_owned())],
        }
    }

    #[test]
    fn a_run_that_was_stopped_in_the_middle_of_a_line_goes_on_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.jsonl");
        let mut first = Predictions::<Value>::open(&path, &provenance("a"), false).unwrap();
        first.write(&[serde_json::json!({"id": "x", "score": 0.1})]).unwrap();
        drop(first);
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(br#"{"id":"y","sc"#).unwrap();
        let mut second = Predictions::<Value>::open(&path, &provenance("a"), false).unwrap();
        assert_eq!(second.done.keys().collect::<Vec<_>>(), ["x"]);
        second.write(&[serde_json::json!({"id": "y", "score": 0.2})]).unwrap();
        second.flush().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, "{\"id\":\"x\",\"score\":0.1}\n{\"id\":\"y\",\"score\":0.2}\n");
    }

    #[test]
    fn predictions_of_another_run_are_left_as_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.jsonl");
        std::fs::write(&path, "{\"id\":\"x\"}\n").unwrap();
        let open = |measure: &str, again| Predictions::<Value>::open(&path, &provenance(measure), again).map(drop);
        assert!(open("a", false).unwrap_err().to_string().contains("nothing beside it"));
        open("a", true).unwrap();
        std::fs::write(&path, "{\"id\":\"x\"}\n").unwrap();
        assert!(open("b", false).unwrap_err().to_string().contains("other options"));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "{\"id\":\"x\"}\n");
        open("a", false).unwrap();
    }
}
