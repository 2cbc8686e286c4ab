//! Ridge regression on sparse rows, by conjugate gradients on the normal equations (Hestenes and Stiefel, 1952).

/// Steps at most; the residual is small long before.
const STEPS: usize = 60;
/// The share of the first residual at which to stop.
const ENOUGH: f64 = 1e-4;

/// A sparse matrix: for each row the numbers of its columns and their values.
#[derive(Debug, Default)]
pub(super) struct Sparse {
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f32>,
    width: usize,
}

impl Sparse {
    /// No rows yet, of so many columns.
    pub(super) fn new(width: usize) -> Self {
        Sparse {
            starts: vec![0],
            width,
            ..Sparse::default()
        }
    }

    /// Adds a row.
    pub(super) fn push(&mut self, row: impl Iterator<Item = (u32, f32)>) {
        for (column, value) in row {
            self.columns.push(column);
            self.values.push(value);
        }
        self.starts.push(self.columns.len());
    }

    fn rows(&self) -> impl Iterator<Item = (&[u32], &[f32])> {
        self.starts
            .windows(2)
            .map(|ends| (&self.columns[ends[0]..ends[1]], &self.values[ends[0]..ends[1]]))
    }

    /// The matrix, transposed, times the matrix, restricted to the rows with a weight, times a vector.
    fn normal(&self, used: &[bool], vector: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; self.width];
        for ((columns, values), _) in self.rows().zip(used).filter(|(_, used)| **used) {
            let product: f64 = columns
                .iter()
                .zip(values)
                .map(|(c, v)| vector[*c as usize] * f64::from(*v))
                .sum();
            columns
                .iter()
                .zip(values)
                .for_each(|(c, v)| out[*c as usize] += product * f64::from(*v));
        }
        out
    }

    fn transposed(&self, targets: &[Option<f64>]) -> Vec<f64> {
        let mut out = vec![0.0; self.width];
        for ((columns, values), target) in self.rows().zip(targets) {
            if let Some(target) = target {
                columns
                    .iter()
                    .zip(values)
                    .for_each(|(c, v)| out[*c as usize] += target * f64::from(*v));
            }
        }
        out
    }
}

/// The constant, and the coefficients that minimise the squared error plus `penalty` times their squares. Rows without a
/// target are left out. The constant is the mean of the targets and is not penalised.
pub(super) fn ridge(matrix: &Sparse, targets: &[Option<f32>], penalty: f64) -> (f64, Vec<f64>) {
    let known: Vec<f64> = targets.iter().flatten().map(|target| f64::from(*target)).collect();
    if known.is_empty() {
        return (0.0, vec![0.0; matrix.width]);
    }
    let mean = known.iter().sum::<f64>() / known.len() as f64;
    let centred: Vec<Option<f64>> = targets
        .iter()
        .map(|target| target.map(|t| f64::from(t) - mean))
        .collect();
    let used: Vec<bool> = targets.iter().map(Option::is_some).collect();

    let mut solution = vec![0.0; matrix.width];
    let mut residual = matrix.transposed(&centred);
    let mut direction = residual.clone();
    let first = dot(&residual, &residual);
    let mut size = first;
    for _ in 0..STEPS {
        if size <= first * ENOUGH * ENOUGH || size == 0.0 {
            break;
        }
        let mut image = matrix.normal(&used, &direction);
        image
            .iter_mut()
            .zip(&direction)
            .for_each(|(image, value)| *image += penalty * value);
        let step = size / dot(&direction, &image);
        solution
            .iter_mut()
            .zip(&direction)
            .for_each(|(value, d)| *value += step * d);
        residual
            .iter_mut()
            .zip(&image)
            .for_each(|(value, image)| *value -= step * image);
        let next = dot(&residual, &residual);
        direction
            .iter_mut()
            .zip(&residual)
            .for_each(|(d, r)| *d = r + next / size * *d);
        size = next;
    }
    (mean, solution)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_and_a_penalty_flattens_it() {
        let mut matrix = Sparse::new(1);
        let xs = [-2.0_f32, -1.0, 0.0, 1.0, 2.0];
        xs.iter().for_each(|x| matrix.push([(0, *x)].into_iter()));
        let targets: Vec<Option<f32>> = xs.iter().map(|x| Some(3.0 + 0.5 * x)).collect();
        let (mean, slope) = ridge(&matrix, &targets, 0.0);
        assert!((mean - 3.0).abs() < 1e-6 && (slope[0] - 0.5).abs() < 1e-6);
        // Ten is the sum of the squares of x: a penalty of as much halves the slope.
        assert!((ridge(&matrix, &targets, 10.0).1[0] - 0.25).abs() < 1e-6);
    }

    #[test]
    fn rows_without_a_target_count_for_nothing() {
        let mut matrix = Sparse::new(1);
        [1.0_f32, -1.0, 1_000.0]
            .iter()
            .for_each(|x| matrix.push([(0, *x)].into_iter()));
        let (mean, slope) = ridge(&matrix, &[Some(1.0), Some(0.0), None], 0.0);
        assert!((mean - 0.5).abs() < 1e-9 && (slope[0] - 0.5).abs() < 1e-9);
        assert_eq!(ridge(&matrix, &[None, None, None], 1.0), (0.0, vec![0.0]));
    }
}
