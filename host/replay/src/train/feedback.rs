//! How good a turn turned out to be: said in its trace, or later in a line of its own.

use std::collections::HashMap;
use std::path::PathBuf;

use serde::Deserialize;

use crate::lines::{Source, SourceError};

/// Scores of turns, 0 to 1, by the turn's name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Feedback {
    scores: HashMap<String, f64>,
}

/// A line that says nothing but how a turn turned out.
#[derive(Deserialize)]
struct Later {
    turn: String,
    feedback: f64,
}

impl Feedback {
    /// Reads the lines `{"turn": "…", "feedback": 0.8}` of some files; the last word on a turn counts. Blocks.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn read(files: &[PathBuf]) -> Result<Self, SourceError> {
        let mut feedback = Feedback::default();
        Source::open(files)?.read(|line| {
            // Traces and cases are far longer, and are read for their own sake later.
            if let Ok(text) = &line.text
                && text.len() < 4096
                && let Ok(Later { turn, feedback: score }) = serde_json::from_str(text)
            {
                feedback.scores.insert(turn, score);
            }
            true
        })?;
        Ok(feedback)
    }

    /// What was said of a turn.
    pub fn of(&self, turn: &str) -> Option<f64> {
        self.scores.get(turn).copied()
    }

    /// Whether a line is feedback and nothing else.
    pub(super) fn is_line(text: &str) -> bool {
        text.len() < 4096 && serde_json::from_str::<Later>(text).is_ok()
    }
}
