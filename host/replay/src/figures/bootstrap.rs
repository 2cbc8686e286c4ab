//! Intervals by resampling: the percentile bootstrap (Efron 1979), the same for the same cases on every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde::Serialize;

/// Where a measure lies with 95% confidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Resamples of small sets. Percentiles at 2.5% need no more.
const RESAMPLES: usize = 1_000;
/// Resamples of sets so large that their intervals are narrow anyway.
const FEWEST: usize = 100;
/// Draws of all resamples together.
const DRAWS: usize = 50_000_000;

/// An interval for each of the values that `measure` gives, `None` where too few resamples allow it to be measured.
///
/// `sizes` are the numbers of cases of each part that is resampled by itself, such as a test and a dev split. `measure` is
/// given, for each part, how often each of its cases was drawn.
pub fn bootstrap(sizes: &[usize], measure: impl Fn(&[Vec<u32>]) -> Vec<f64> + Sync) -> Vec<Option<Interval>> {
    let cases: usize = sizes.iter().sum();
    let resamples = (DRAWS / cases.max(1)).clamp(FEWEST, RESAMPLES);
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(resamples);
    let one = |resample: usize| {
        let mut rng = ChaCha8Rng::seed_from_u64(resample as u64);
        let drawn: Vec<Vec<u32>> = sizes.iter().map(|size| draw(*size, &mut rng)).collect();
        measure(&drawn)
    };
    let one = &one;
    let mut all: Vec<Vec<f64>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|first| scope.spawn(move || (first..resamples).step_by(threads).map(one).collect::<Vec<_>>()))
            .collect();
        // A worker that panicked would have panicked on the first resample too: its absence shows as no interval.
        workers
            .into_iter()
            .filter_map(|worker| worker.join().ok())
            .flatten()
            .collect()
    });
    let values = all.first().map_or(0, Vec::len);
    (0..values)
        .map(|value| percentiles(all.iter_mut().map(|measured| measured[value]).collect()))
        .collect()
}

fn draw(size: usize, rng: &mut ChaCha8Rng) -> Vec<u32> {
    let mut counts = vec![0; size];
    for _ in 0..size {
        // Lemire's multiply-shift; the bias of 2⁻³² times the size is far below what a resample can show.
        let at = (u64::from(rng.next_u32()) * size as u64) >> 32;
        counts[at as usize] += 1;
    }
    counts
}

fn percentiles(mut values: Vec<f64>) -> Option<Interval> {
    let all = values.len();
    values.retain(|value| value.is_finite());
    if values.len() * 2 < all || values.is_empty() {
        return None;
    }
    values.sort_by(f64::total_cmp);
    let at = |q: f64| values[((values.len() - 1) as f64 * q).round() as usize];
    Some(Interval {
        low: at(0.025),
        high: at(0.975),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean_of(values: &[f64], counts: &[u32]) -> Vec<f64> {
        let sum: f64 = values.iter().zip(counts).map(|(value, n)| value * f64::from(*n)).sum();
        vec![sum / values.len() as f64]
    }

    #[test]
    fn the_interval_of_a_mean_is_as_wide_as_theory_says_and_the_same_each_time() {
        let values: Vec<f64> = (0..400).map(|i| f64::from(i % 2)).collect();
        let run = || bootstrap(&[values.len()], |counts| mean_of(&values, &counts[0]))[0].unwrap();
        let Interval { low, high } = run();
        // 1.96 · √(0.25 / 400) = 0.049 to either side.
        assert!(
            (low - 0.451).abs() < 0.01 && (high - 0.549).abs() < 0.01,
            "{low} {high}"
        );
        assert_eq!(run(), run());
    }

    #[test]
    fn what_cannot_be_measured_has_no_interval() {
        assert_eq!(bootstrap(&[3], |_| vec![f64::NAN]), [None]);
        assert_eq!(bootstrap(&[], |_| Vec::new()), []);
    }
}
