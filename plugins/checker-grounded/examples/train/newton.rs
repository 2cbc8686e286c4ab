//! Logistic regression with a ridge, by Newton's method on standardised inputs.
//!
//! All forms of source share the weights, and each has a base of its own: with weights of their own they did worse.

use checker_grounded::Form;
use checker_grounded::model::{Logistic, TALLIED};

/// Penalty on the square of a weight; a base has none.
const RIDGE: f64 = 20.0;
const STEPS: usize = 25;
/// The forms, in the order of their numbers.
const FORMS: [Form; 3] = [Form::Fields, Form::Question, Form::Text];
const N: usize = TALLIED + FORMS.len();

/// Fits the log-odds of `bad`, for each form of source, by the first numbers of each row.
pub(crate) fn fit(rows: &[[f32; TALLIED]], numbers: usize, forms: &[Form], bad: &[bool]) -> [Logistic; 3] {
    let n = rows.len().max(1) as f64;
    let mean = |of: &dyn Fn(&[f32; TALLIED]) -> f64| rows.iter().map(of).sum::<f64>() / n;
    let means: Vec<f64> = (0..TALLIED).map(|at| mean(&|row| f64::from(row[at]))).collect();
    let deviations: Vec<f64> = (0..TALLIED)
        .map(|at| mean(&|row| (f64::from(row[at]) - means[at]).powi(2)).sqrt().max(1e-6))
        .collect();
    let standard: Vec<[f64; N]> = rows
        .iter()
        .zip(forms)
        .map(|(row, form)| {
            std::array::from_fn(|at| match row.get(at) {
                // The ridge keeps the weight of what is always 0 at 0.
                Some(_) if at >= numbers => 0.0,
                Some(value) => (f64::from(*value) - means[at]) / deviations[at],
                None => f64::from(u8::from(FORMS[at - TALLIED] == *form)),
            })
        })
        .collect();
    let mut weights = [0.0; N];
    for _ in 0..STEPS {
        let mut gradient = [0.0; N];
        let mut hessian = [[0.0; N]; N];
        for (at, row) in hessian.iter_mut().enumerate().skip(TALLIED) {
            // Keeps the matrix regular where a form has no rows.
            row[at] = 1e-3;
        }
        for at in 0..TALLIED {
            gradient[at] = -RIDGE * weights[at];
            hessian[at][at] = RIDGE;
        }
        for (row, bad) in standard.iter().zip(bad) {
            let sum: f64 = row.iter().zip(weights).map(|(input, weight)| input * weight).sum();
            let p = 1.0 / (1.0 + (-sum).exp());
            for i in 0..N {
                gradient[i] += row[i] * (f64::from(u8::from(*bad)) - p);
                for j in 0..N {
                    hessian[i][j] += p * (1.0 - p) * row[i] * row[j];
                }
            }
        }
        for (weight, step) in weights.iter_mut().zip(solve(hessian, gradient)) {
            *weight += step;
        }
    }
    let own: Vec<f64> = (0..numbers).map(|at| weights[at] / deviations[at]).collect();
    let shift: f64 = own.iter().zip(&means).map(|(weight, mean)| weight * mean).sum();
    std::array::from_fn(|form| Logistic {
        base: (weights[TALLIED + form] - shift) as f32,
        weights: own.iter().map(|weight| *weight as f32).collect(),
    })
}

/// Solves a system of a positive definite matrix, by elimination.
fn solve(mut matrix: [[f64; N]; N], mut right: [f64; N]) -> [f64; N] {
    for i in 0..N {
        for j in i + 1..N {
            let factor = matrix[j][i] / matrix[i][i].max(1e-9);
            let above = matrix[i];
            for (value, above) in matrix[j].iter_mut().zip(above) {
                *value -= factor * above;
            }
            right[j] -= factor * right[i];
        }
    }
    for i in (0..N).rev() {
        let known: f64 = (i + 1..N).map(|k| matrix[i][k] * right[k]).sum();
        right[i] = (right[i] - known) / matrix[i][i].max(1e-9);
    }
    right
}
