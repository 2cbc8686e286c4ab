//! How well scores rank what they should tell apart.

/// The area under the receiver operating characteristic: the chance that a score of a `true` row is above one of a
/// `false` row, ties counted half.
pub(crate) fn auroc(rows: &[(f32, bool)]) -> f64 {
    let (yes, no): (Vec<&(f32, bool)>, Vec<&(f32, bool)>) = rows.iter().partition(|(_, is_true)| *is_true);
    let beats = |a: f32, b: f32| {
        if a > b {
            1.0
        } else if a == b {
            0.5
        } else {
            0.0
        }
    };
    let won: f64 = yes.iter().flat_map(|a| no.iter().map(move |b| beats(a.0, b.0))).sum();
    won / (yes.len() * no.len()) as f64
}
