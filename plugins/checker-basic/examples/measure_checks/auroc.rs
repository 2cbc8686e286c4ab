//! How well scores rank what they should tell apart.

/// The area under the receiver operating characteristic: the chance that a score of a `true` row is above one of a
/// `false` row, ties counted half.
pub(crate) fn auroc(rows: &[(f32, bool)]) -> f64 {
    let of = |is_true: bool| rows.iter().filter(move |row| row.1 == is_true).map(|row| row.0);
    let (yes, no): (Vec<f32>, Vec<f32>) = (of(true).collect(), of(false).collect());
    let beats = |a: f32, b: f32| {
        if a > b {
            1.0
        } else if a == b {
            0.5
        } else {
            0.0
        }
    };
    let won: f64 = yes.iter().flat_map(|a| no.iter().map(move |b| beats(*a, *b))).sum();
    won / (yes.len() * no.len()) as f64
}
