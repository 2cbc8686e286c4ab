//! The weights as the host holds them.

use pointsman_policy::Problem;
use pointsman_policy::host::{Artifact, ArtifactError};
use router_learned_model::weights::{LENGTH_DIGITS, head_length};
use router_learned_model::{Head, Table, WeightsError};

/// The name under which a slot gives the weights.
const NAME: &str = "weights";

/// The slot's weights.
pub struct Weights {
    /// What they are of.
    pub head: Head,
    artifact: Artifact,
}

impl Weights {
    /// Opens the slot's weights.
    ///
    /// # Errors
    /// The slot has none, or they are of another make.
    pub fn open() -> Result<Self, Problem> {
        let artifact = Artifact::open(NAME).ok_or_else(|| {
            Problem::Declined(format!(
                "the slot has no artifact `{NAME}`: name a file that `pointsman train router` wrote, or the standard policy by its name"
            ))
        })?;
        let head = head(&artifact).map_err(failed)?;
        Ok(Weights { head, artifact })
    }
}

/// As the host's record says it.
pub fn failed(error: WeightsError) -> Problem {
    Problem::Failed(error.to_string())
}

fn head(artifact: &Artifact) -> Result<Head, WeightsError> {
    let text = |from: u32, length: u32| artifact.text(from, length).map_err(|error| read(&error));
    let length = head_length(&text(0, LENGTH_DIGITS)?)?;
    let shape = artifact.shape();
    Head::read(&text(LENGTH_DIGITS, length)?, (shape.rows, shape.columns))
}

impl Table for Weights {
    fn weighted_sum(&self, rows: &[u32], weights: &[f32]) -> Result<Vec<f32>, WeightsError> {
        self.artifact.weighted_sum(rows, weights).map_err(|error| read(&error))
    }

    fn rows(&self, rows: &[u32]) -> Result<Vec<f32>, WeightsError> {
        self.artifact.rows(rows).map_err(|error| read(&error))
    }
}

fn read(error: &ArtifactError) -> WeightsError {
    WeightsError::Read(format!("{error:?}"))
}
