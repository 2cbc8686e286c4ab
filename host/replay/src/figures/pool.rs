//! A choice among many models, against always asking one.

use super::{Figures, bootstrap, mean};

/// One case: quality and cost (USD) of the chosen model and of the one that it is held against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PoolRow {
    /// Quality (0 to 1) and cost (USD) of the chosen model.
    pub chosen: (f64, f64),
    /// The same of the strong one.
    pub strong: (f64, f64),
}

/// Quality and cost of the choices against always asking `strong`.
///
/// # Errors
/// In words: there are no cases, or the strong model is never right or costs nothing.
pub fn pool(rows: &[PoolRow], strong: &str) -> Result<Figures, String> {
    if rows.is_empty() {
        return Err("there are no cases to measure".to_owned());
    }
    let sum = |of: fn(&PoolRow) -> f64| rows.iter().map(of).sum::<f64>();
    if sum(|row| row.strong.0) == 0.0 || sum(|row| row.strong.1) == 0.0 {
        return Err(format!(
            "`{strong}` has a quality or a cost of 0 on all cases: nothing can be held against it"
        ));
    }
    let measure = |times: &dyn Fn(usize) -> f64| {
        let sum = |of: fn(&PoolRow) -> f64| {
            rows.iter()
                .enumerate()
                .map(|(at, row)| times(at) * of(row))
                .sum::<f64>()
        };
        let quality = sum(|row| row.chosen.0) / sum(|row| row.strong.0);
        vec![
            100.0 * quality,
            100.0 * (1.0 - sum(|row| row.chosen.1) / sum(|row| row.strong.1)),
        ]
    };
    let quality = 100.0 * mean(rows.iter().map(|row| row.chosen.0)) / mean(rows.iter().map(|row| row.strong.0));
    let values = measure(&|_| 1.0);
    let mut figures = Figures {
        lines: vec![format!(
            "n={} quality {quality:.1}% of {strong}, cost saved {:.1}%",
            rows.len(),
            values[1]
        )],
        ..Figures::default()
    };
    let intervals = bootstrap(&[rows.len()], |counts| measure(&|at| f64::from(counts[0][at])));
    figures.add(&["quality".to_owned(), "saved".to_owned()], &values, &intervals);
    Ok(figures)
}
