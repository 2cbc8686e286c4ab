//! Intervals by drawing rows again and again, the same in every run.

/// The 2.5th and 97.5th percentile of `figure` over samples drawn from `rows` with replacement.
pub(crate) fn interval<T: Clone>(rows: &[T], figure: impl Fn(&[T]) -> f64) -> (f64, f64) {
    const SAMPLES: usize = 1_000;
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut below = |limit: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % limit.max(1)
    };
    let mut drawn = Vec::with_capacity(rows.len());
    let mut figures: Vec<f64> = (0..SAMPLES)
        .map(|_| {
            drawn.clear();
            drawn.extend((0..rows.len()).map(|_| rows[below(rows.len())].clone()));
            figure(&drawn)
        })
        .filter(|figure| figure.is_finite())
        .collect();
    figures.sort_by(f64::total_cmp);
    let at = |share: f64| {
        figures
            .get((share * figures.len() as f64) as usize)
            .copied()
            .unwrap_or(f64::NAN)
    };
    (at(0.025), at(0.975))
}
