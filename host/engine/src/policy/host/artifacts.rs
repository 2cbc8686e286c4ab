//! Large read-only data, read by rows.

use wasmtime::component::Resource;

use super::wit::artifacts::ArtifactError;
use super::{ArtifactHandle, Call, wit};
use crate::artifact::Artifact;

/// Handles to artifacts that one call may open.
const HANDLES: u32 = 1_024;
/// Rows, and bytes of them, that one call reads at most: no deadline can cut the host's own work short.
const ROWS: usize = 1 << 16;
const ROW_BYTES: usize = 16 << 20;

impl wit::artifacts::HostArtifact for Call {
    fn open(&mut self, name: String) -> Option<Resource<ArtifactHandle>> {
        self.opened = self.opened.saturating_add(1);
        if self.opened > HANDLES {
            self.line(
                "error",
                "too many artifact handles were opened: open each artifact once",
            );
            return None;
        }
        let place = self.artifacts.keys().position(|known| *known == name)?;
        Some(Resource::new_own(place as u32))
    }

    fn digest(&mut self, handle: Resource<ArtifactHandle>) -> String {
        self.artifact(&handle)
            .map(|artifact| artifact.digest().to_owned())
            .unwrap_or_default()
    }

    fn shape(&mut self, handle: Resource<ArtifactHandle>) -> wit::artifacts::Shape {
        let (rows, columns) = self.artifact(&handle).map(Artifact::shape).unwrap_or_default();
        wit::artifacts::Shape { rows, columns }
    }

    fn text(&mut self, handle: Resource<ArtifactHandle>, offset: u32, length: u32) -> Result<Vec<u8>, ArtifactError> {
        let text = self.artifact(&handle).map(Artifact::text).unwrap_or_default();
        if length as usize > ROW_BYTES {
            return Err(ArtifactError::TooLarge);
        }
        let end = u64::from(offset) + u64::from(length);
        text.get(offset as usize..end as usize)
            .map(<[u8]>::to_vec)
            .ok_or(ArtifactError::OutOfRange(end))
    }

    fn rows(&mut self, handle: Resource<ArtifactHandle>, ids: Vec<u32>) -> Result<Vec<f32>, ArtifactError> {
        let artifact = self.artifact(&handle).ok_or_else(gone)?;
        if is_too_large(artifact, ids.len()) {
            return Err(ArtifactError::TooLarge);
        }
        let mut out = Vec::with_capacity(ids.len() * artifact.shape().1 as usize);
        for id in ids {
            out.extend_from_slice(artifact.row(id).ok_or(ArtifactError::OutOfRange(id.into()))?);
        }
        Ok(out)
    }

    fn weighted_sum(
        &mut self,
        handle: Resource<ArtifactHandle>,
        ids: Vec<u32>,
        weights: Vec<f32>,
    ) -> Result<Vec<f32>, ArtifactError> {
        let artifact = self.artifact(&handle).ok_or_else(gone)?;
        if ids.len() != weights.len() {
            return Err(ArtifactError::LengthMismatch);
        }
        // The sum is as long as a row, also where no row is added.
        if is_too_large(artifact, ids.len().max(1)) {
            return Err(ArtifactError::TooLarge);
        }
        let mut sum = vec![0.0; artifact.shape().1 as usize];
        for (id, weight) in ids.into_iter().zip(weights) {
            let row = artifact.row(id).ok_or(ArtifactError::OutOfRange(id.into()))?;
            for (sum, value) in sum.iter_mut().zip(row) {
                *sum += weight * value;
            }
        }
        Ok(sum)
    }

    fn drop(&mut self, _: Resource<ArtifactHandle>) -> wasmtime::Result<()> {
        Ok(())
    }
}

fn is_too_large(artifact: &Artifact, rows: usize) -> bool {
    let (_, columns) = artifact.shape();
    rows > ROWS || rows as u64 * u64::from(columns) * 4 > ROW_BYTES as u64
}

fn gone() -> ArtifactError {
    ArtifactError::Other("the artifact is not there".to_owned())
}

impl Call {
    fn artifact(&self, handle: &Resource<ArtifactHandle>) -> Option<&Artifact> {
        self.artifacts.values().nth(handle.rep() as usize)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::wit::artifacts::HostArtifact as _;
    use super::*;

    /// A call of a slot with one artifact.
    fn call(artifact: Artifact) -> Call {
        let mut call = Call::configuring([0; 32]);
        call.artifacts = Arc::new([("weights".to_owned(), artifact)].into());
        call
    }

    #[test]
    fn rows_and_sums_of_rows_beyond_16_mib_are_refused() {
        for (columns, fits) in [(64, true), (65, false)] {
            let mut call = call(Artifact::new(columns, vec![1.0; columns as usize], Vec::new()).unwrap());
            let ids = || vec![0; ROWS];
            let sum = call.weighted_sum(Resource::new_borrow(0), ids(), vec![0.5; ROWS]);
            let rows = call.rows(Resource::new_borrow(0), ids());
            if fits {
                assert_eq!(sum.unwrap(), vec![ROWS as f32 / 2.0; 64]);
                assert_eq!(rows.unwrap().len(), ROWS * 64);
            } else {
                assert!(matches!(sum, Err(ArtifactError::TooLarge)), "{sum:?}");
                assert!(matches!(rows, Err(ArtifactError::TooLarge)), "{rows:?}");
            }
        }
    }

    #[test]
    fn an_empty_sum_is_as_long_as_a_row_and_so_it_is_refused_too() {
        let mut call = call(Artifact::new(u32::MAX, Vec::new(), Vec::new()).unwrap());
        let sum = call.weighted_sum(Resource::new_borrow(0), Vec::new(), Vec::new());
        assert!(matches!(sum, Err(ArtifactError::TooLarge)));
    }
}
