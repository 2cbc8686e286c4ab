//! Intervals by resampling.

use serde::Serialize;

use crate::hash;
use crate::train::Options;

/// A figure with the bounds that nineteen of twenty resamples keep (percentile bootstrap).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The figure.
    pub value: f64,
    /// 2.5% of the resamples lie below.
    pub low: f64,
    /// 2.5% of the resamples lie above.
    pub high: f64,
}

/// The figure of all cases, and its bounds over cases drawn anew, each with the same chance.
pub(super) fn interval(cases: usize, options: &Options, figure: impl Fn(&[usize]) -> Option<f64>) -> Option<Interval> {
    let value = figure(&(0..cases).collect::<Vec<_>>())?;
    let mut state = 0_u64;
    let mut draw = |_| {
        state += 1;
        (hash::finish(state.wrapping_mul(0x9e37_79b9_7f4a_7c15)) % cases as u64) as usize
    };
    let mut drawn: Vec<f64> = Vec::with_capacity(options.resamples);
    for _ in 0..options.resamples {
        drawn.extend(figure(&(0..cases).map(&mut draw).collect::<Vec<_>>()));
    }
    drawn.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| {
        drawn
            .get(((drawn.len() as f64 - 1.0) * share).round() as usize)
            .copied()
            .unwrap_or(value)
    };
    Some(Interval {
        value,
        low: at(0.025),
        high: at(0.975),
    })
}
