//! Weights in memory as a table to predict by.

use super::{Weights, WeightsError};
use crate::predict::Table;

impl Table for Weights {
    fn weighted_sum(&self, rows: &[u32], weights: &[f32]) -> Result<Vec<f32>, WeightsError> {
        let mut sum = vec![0.0; self.head.columns()];
        for (row, weight) in rows.iter().zip(weights) {
            sum.iter_mut()
                .zip(self.row(*row)?)
                .for_each(|(sum, value)| *sum += weight * value);
        }
        Ok(sum)
    }

    fn rows(&self, rows: &[u32]) -> Result<Vec<f32>, WeightsError> {
        let rows: Result<Vec<&[f32]>, _> = rows.iter().map(|row| self.row(*row)).collect();
        Ok(rows?.concat())
    }
}

impl Weights {
    fn row(&self, row: u32) -> Result<&[f32], WeightsError> {
        let columns = self.head.columns();
        let start = row as usize * columns;
        let found = self.values.get(start..start + columns);
        found.ok_or_else(|| WeightsError::Read(format!("there is no row {row}")))
    }
}
