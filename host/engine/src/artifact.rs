//! Large read-only data beside a component: a table of floats and a text, held once and lent to policies row by row.

use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

/// The first bytes of an artifact file.
const MAGIC: &[u8; 4] = b"PMA1";

/// A table of `rows` × `columns` 32-bit floats with a text.
///
/// The file form, all numbers little-endian: `PMA1`, rows, columns and bytes of text as `u32`, the floats row by row, the
/// text.
#[derive(Clone, Debug)]
pub struct Artifact {
    digest: Arc<str>,
    rows: u32,
    columns: u32,
    values: Arc<[f32]>,
    text: Arc<[u8]>,
}

impl Artifact {
    /// Makes an artifact of values in memory.
    ///
    /// # Errors
    /// The number of values is not a multiple of `columns`, or one of them is not finite.
    pub fn new(columns: u32, values: Vec<f32>, text: Vec<u8>) -> Result<Self, String> {
        let rows = if columns == 0 {
            0
        } else {
            values.len() / columns as usize
        };
        if rows * columns as usize != values.len() {
            return Err(format!("{} values are no multiple of {columns} columns", values.len()));
        }
        if let Some(bad) = values.iter().position(|value| !value.is_finite()) {
            return Err(format!("value {bad} is not a finite number"));
        }
        let rows = u32::try_from(rows).map_err(|_| "too many rows".to_owned())?;
        let mut artifact = Artifact {
            digest: Arc::from(""),
            rows,
            columns,
            values: values.into(),
            text: text.into(),
        };
        artifact.digest = Arc::from(digest(&artifact.to_bytes()));
        Ok(artifact)
    }

    /// Reads the file form.
    ///
    /// # Errors
    /// The file cannot be read, is cut short, or holds a value that is not finite.
    pub fn from_file(path: &Path) -> Result<Self, String> {
        let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Artifact::from_bytes(&bytes).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Reads the file form from memory.
    ///
    /// # Errors
    /// As [`Artifact::from_file`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let cut = || "not an artifact, or cut short: it starts with PMA1 and three numbers".to_owned();
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(cut)?;
        let (head, rest) = rest.split_at_checked(12).ok_or_else(cut)?;
        let number = |at: usize| {
            head[at..at + 4]
                .iter()
                .rev()
                .fold(0_u32, |n, byte| n << 8 | u32::from(*byte))
        };
        let (rows, columns, text) = (number(0), number(4), number(8));
        // In 128 bits no product of these overflows.
        let table = u128::from(rows) * u128::from(columns) * 4;
        let expected = table + u128::from(text);
        if rest.len() as u128 != expected {
            return Err(format!(
                "{rows} rows of {columns} and {text} bytes of text need {expected} bytes, there are {}",
                rest.len()
            ));
        }
        let (table, text) = rest.split_at(table as usize);
        let values = table
            .chunks_exact(4)
            .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
            .collect();
        Artifact::new(columns, values, text.to_vec())
    }

    /// The file form.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        for number in [self.rows, self.columns, self.text.len() as u32] {
            out.extend(number.to_le_bytes());
        }
        out.extend(self.values.iter().flat_map(|value| value.to_le_bytes()));
        out.extend_from_slice(&self.text);
        out
    }

    /// `sha256:` of the file form.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Rows and columns.
    pub fn shape(&self) -> (u32, u32) {
        (self.rows, self.columns)
    }

    /// One row.
    pub fn row(&self, row: u32) -> Option<&[f32]> {
        let columns = self.columns as usize;
        (row < self.rows).then(|| &self.values[row as usize * columns..][..columns])
    }

    /// Whatever else the policy needs.
    pub fn text(&self) -> &[u8] {
        &self.text
    }
}

/// `sha256:` and 64 hexadecimal digits.
pub(crate) fn digest(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    digest_bytes(bytes)
        .iter()
        .fold(String::from("sha256:"), |mut out, byte| {
            // Writing to a string cannot fail.
            let _ = write!(out, "{byte:02x}");
            out
        })
}

/// SHA-256.
pub(crate) fn digest_bytes(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_artifact_survives_its_file_form() {
        let made = Artifact::new(2, vec![1.0, 2.0, 3.0, 4.0], b"a b".to_vec()).unwrap();
        let read = Artifact::from_bytes(&made.to_bytes()).unwrap();
        assert_eq!((read.digest(), read.shape()), (made.digest(), (2, 2)));
        assert_eq!((read.row(1), read.row(2)), (Some([3.0, 4.0].as_slice()), None));
    }

    #[test]
    fn what_is_cut_short_or_not_finite_is_refused() {
        let mut bytes = Artifact::new(1, vec![1.0], Vec::new()).unwrap().to_bytes();
        bytes.pop();
        assert!(Artifact::from_bytes(&bytes).unwrap_err().contains("need 4 bytes"));
        assert!(Artifact::new(1, vec![f32::NAN], Vec::new()).is_err());
    }

    #[test]
    fn a_table_larger_than_any_number_of_64_bits_is_refused_and_not_taken_for_an_empty_one() {
        for side in [u32::MAX, 1 << 31] {
            let bytes = [&MAGIC[..], &side.to_le_bytes(), &side.to_le_bytes(), &[0; 4]].concat();
            let error = Artifact::from_bytes(&bytes).unwrap_err();
            assert!(error.contains("there are 0"), "{error}");
        }
    }
}
