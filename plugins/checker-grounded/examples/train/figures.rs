//! Figures of scores and labels.

use crate::measure::Judged;

/// A score, and whether the thing is bad.
pub(crate) type Pair = (f64, bool);

/// Samples of the bootstrap.
const SAMPLES: u64 = 1_000;

/// The area under the ROC curve; ties count half.
pub(crate) fn auroc(pairs: &[Pair]) -> f64 {
    let mut sorted = pairs.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let bad = sorted.iter().filter(|it| it.1).count() as f64;
    let good = sorted.len() as f64 - bad;
    let mut ranks = 0.0;
    let mut at = 0;
    while at < sorted.len() {
        let end = at + sorted[at..].iter().take_while(|it| it.0 == sorted[at].0).count();
        ranks += sorted[at..end].iter().filter(|it| it.1).count() as f64 * (at + end + 1) as f64 / 2.0;
        at = end;
    }
    (ranks - bad * (bad + 1.0) / 2.0) / (bad * good)
}

/// F1 of the bad class at 0.5.
pub(crate) fn f1(pairs: &[Pair]) -> f64 {
    let [hits, false_alarms, misses, _] = table(pairs);
    2.0 * hits / (2.0 * hits + false_alarms + misses).max(1.0)
}

/// The mean of recall and specificity at 0.5.
pub(crate) fn balanced_accuracy(pairs: &[Pair]) -> f64 {
    let [hits, false_alarms, misses, passes] = table(pairs);
    (hits / (hits + misses).max(1.0) + passes / (passes + false_alarms).max(1.0)) / 2.0
}

/// Hits, false alarms, misses and right passes at 0.5.
fn table(pairs: &[Pair]) -> [f64; 4] {
    let mut counts = [0.0; 4];
    for (score, bad) in pairs {
        counts[usize::from(*score < 0.5) * 2 + usize::from(*bad == (*score < 0.5))] += 1.0;
    }
    [counts[0], counts[1], counts[3], counts[2]]
}

/// The mean square of what probabilities are off.
pub(crate) fn brier(pairs: &[Pair]) -> f64 {
    let off = |it: &Pair| (it.0 - f64::from(u8::from(it.1))).powi(2);
    pairs.iter().map(off).sum::<f64>() / pairs.len().max(1) as f64
}

/// An interval of 95% by a bootstrap over sources, for replies to one source go wrong together.
pub(crate) fn interval(of: &[&Judged<'_>], figure: &dyn Fn(&[&Judged<'_>]) -> f64) -> (f64, f64) {
    let mut groups: Vec<u64> = of.iter().map(|it| it.case.group).collect();
    groups.sort_unstable();
    groups.dedup();
    // Knuth's generator: the same samples in every run.
    let mut state = 1_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    let mut values: Vec<f64> = (0..SAMPLES)
        .map(|_| {
            let mut sample = Vec::new();
            for _ in 0..groups.len() {
                let group = groups[next() % groups.len()];
                sample.extend(of.iter().copied().filter(|it| it.case.group == group));
            }
            figure(&sample)
        })
        .collect();
    values.sort_by(f64::total_cmp);
    let at = |share: f64| values[(share * (values.len() - 1) as f64) as usize];
    (at(0.025), at(0.975))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_counts_pairs_in_order_and_ties_half() {
        assert_eq!(auroc(&[(0.1, false), (0.4, true), (0.4, false), (0.9, true)]), 0.875);
    }

    #[test]
    fn rates_are_taken_at_one_half() {
        let pairs = [(0.5, true), (0.6, false), (0.4, true), (0.1, false), (0.2, false)];
        assert_eq!(table(&pairs), [1.0, 1.0, 1.0, 2.0]);
        assert_eq!(f1(&pairs), 0.5);
    }
}
