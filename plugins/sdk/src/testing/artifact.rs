//! Artifacts of a unit test: tables that it puts in the place of the operator's files.
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use crate::host::{ArtifactError, Shape};

thread_local! {
    static ARTIFACTS: RefCell<BTreeMap<String, Artifact>> = const { RefCell::new(BTreeMap::new()) };
}

/// Gives this thread's policies an artifact: a text, and a table with this many columns, row after row. Floats beyond
/// the last full row are left out.
pub fn put_artifact(name: impl Into<String>, columns: u32, floats: impl Into<Vec<f32>>, text: impl Into<Vec<u8>>) {
    let table = Table {
        columns,
        floats: floats.into(),
        text: text.into(),
    };
    ARTIFACTS.with_borrow_mut(|all| all.insert(name.into(), Artifact(Rc::new(table))));
}

#[derive(Debug)]
struct Table {
    columns: u32,
    floats: Vec<f32>,
    text: Vec<u8>,
}

/// Large read-only data beside a policy, such as weights: a table of 32-bit floats, and a text for whatever else
/// belongs to it. The host holds it; a policy asks for what it needs.
#[derive(Clone, Debug)]
pub struct Artifact(Rc<Table>);

impl Artifact {
    /// The artifact that the slot's configuration gives this name.
    pub fn open(name: &str) -> Option<Self> {
        ARTIFACTS.with_borrow(|all| all.get(name).cloned())
    }

    /// `sha256:` and 64 hexadecimal digits; natively they are all 0.
    pub fn digest(&self) -> String {
        format!("sha256:{:064}", 0)
    }

    /// Rows and columns.
    pub fn shape(&self) -> Shape {
        let rows = self.0.floats.len().checked_div(self.0.columns as usize).unwrap_or(0);
        Shape {
            rows: u32::try_from(rows).unwrap_or(u32::MAX),
            columns: self.0.columns,
        }
    }

    /// `length` bytes of the text from `offset`.
    ///
    /// # Errors
    /// [`ArtifactError::OutOfRange`] where the text ends earlier.
    pub fn text(&self, offset: u32, length: u32) -> Result<Vec<u8>, ArtifactError> {
        let end = u64::from(offset) + u64::from(length);
        let range = self
            .0
            .text
            .get(offset as usize..usize::try_from(end).unwrap_or(usize::MAX));
        range.map(<[u8]>::to_vec).ok_or(ArtifactError::OutOfRange(end))
    }

    /// The rows of these numbers, one after the other.
    ///
    /// # Errors
    /// [`ArtifactError::OutOfRange`] with the first number that is no row.
    pub fn rows(&self, ids: &[u32]) -> Result<Vec<f32>, ArtifactError> {
        let rows: Result<Vec<&[f32]>, _> = ids.iter().map(|&id| self.row(id)).collect();
        Ok(rows?.concat())
    }

    /// The sum of these rows, each times its weight, added in the order of the list.
    ///
    /// # Errors
    /// [`ArtifactError::OutOfRange`] with the first number that is no row, [`ArtifactError::LengthMismatch`] where
    /// there is not one weight for each row.
    pub fn weighted_sum(&self, ids: &[u32], weights: &[f32]) -> Result<Vec<f32>, ArtifactError> {
        if ids.len() != weights.len() {
            return Err(ArtifactError::LengthMismatch);
        }
        let mut sum = vec![0.0; self.0.columns as usize];
        for (&id, weight) in ids.iter().zip(weights) {
            for (total, value) in sum.iter_mut().zip(self.row(id)?) {
                *total += weight * value;
            }
        }
        Ok(sum)
    }

    fn row(&self, id: u32) -> Result<&[f32], ArtifactError> {
        if id >= self.shape().rows {
            return Err(ArtifactError::OutOfRange(id.into()));
        }
        let columns = self.0.columns as usize;
        let start = id as usize * columns;
        Ok(&self.0.floats[start..start + columns])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights() -> Artifact {
        put_artifact("weights", 2, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], "a b c");
        Artifact::open("weights").unwrap()
    }

    #[test]
    fn rows_come_in_the_order_of_their_numbers() {
        assert_eq!(weights().shape(), Shape { rows: 3, columns: 2 });
        assert_eq!(weights().rows(&[2, 0]), Ok(vec![5.0, 6.0, 1.0, 2.0]));
    }

    #[test]
    fn a_weighted_sum_adds_rows_times_weights() {
        assert_eq!(weights().weighted_sum(&[0, 2], &[2.0, -1.0]), Ok(vec![-3.0, -2.0]));
        assert_eq!(weights().weighted_sum(&[], &[]), Ok(vec![0.0, 0.0]));
    }

    #[test]
    fn what_is_not_there_is_an_error_and_not_a_zero() {
        assert_eq!(weights().rows(&[1, 3]), Err(ArtifactError::OutOfRange(3)));
        assert_eq!(weights().weighted_sum(&[1], &[]), Err(ArtifactError::LengthMismatch));
        assert_eq!(weights().text(3, 3), Err(ArtifactError::OutOfRange(6)));
        assert!(Artifact::open("others").is_none());
    }

    #[test]
    fn the_text_is_read_in_pieces() {
        assert_eq!(weights().text(2, 3), Ok(b"b c".to_vec()));
    }
}
