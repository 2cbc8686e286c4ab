//! Grows boosted trees by Newton's steps on binned inputs (as XGBoost does; Chen and Guestrin 2016).

use checker_grounded::model::{Boosted, DEPTH, INPUTS, Tree, probability};

const TREES: usize = 120;
const RATE: f64 = 0.06;
/// Penalty on the square of a leaf.
const RIDGE: f64 = 5.0;
/// Rows that a leaf must hold.
const LEAST: u32 = 20;
const BINS: usize = 64;
const NODES: usize = (1 << DEPTH) - 1;

/// Rows of inputs by bins.
struct Binned {
    /// The upper bound of each bin of an input.
    bounds: Vec<Vec<f32>>,
    /// By input, then by row.
    bins: Vec<Vec<u8>>,
}

/// Fits the log-odds of `bad`.
pub(crate) fn fit(rows: &[[f32; INPUTS]], bad: &[bool]) -> Boosted {
    let binned = bin(rows);
    let share = bad.iter().filter(|it| **it).count() as f64 / bad.len().max(1) as f64;
    let base = (share / (1.0 - share)).ln();
    let mut sums = vec![base; rows.len()];
    let mut trees = Vec::with_capacity(TREES);
    for _ in 0..TREES {
        let steps: Vec<(f64, f64)> = sums
            .iter()
            .zip(bad)
            .map(|(sum, bad)| {
                let p = f64::from(probability(*sum as f32));
                (f64::from(u8::from(*bad)) - p, p * (1.0 - p))
            })
            .collect();
        let tree = grow(&binned, &steps);
        for (sum, row) in sums.iter_mut().zip(rows) {
            *sum += f64::from(tree.value(row));
        }
        trees.push(tree);
    }
    Boosted {
        base: base as f32,
        trees,
    }
}

fn bin(rows: &[[f32; INPUTS]]) -> Binned {
    let mut binned = Binned {
        bounds: Vec::new(),
        bins: Vec::new(),
    };
    for input in 0..INPUTS {
        let mut values: Vec<f32> = rows.iter().map(|row| row[input]).collect();
        values.sort_by(f32::total_cmp);
        let mut bounds: Vec<f32> = (1..BINS).map(|bin| values[bin * (values.len() - 1) / BINS]).collect();
        let mut distinct = values.clone();
        distinct.dedup();
        if distinct.len() <= BINS {
            bounds = distinct[..distinct.len() - 1].to_vec();
        }
        bounds.dedup();
        binned.bins.push(
            rows.iter()
                .map(|row| bounds.partition_point(|bound| *bound < row[input]) as u8)
                .collect(),
        );
        binned.bounds.push(bounds);
    }
    binned
}

fn grow(binned: &Binned, steps: &[(f64, f64)]) -> Tree {
    let mut tree = Tree {
        inputs: [0; NODES],
        bounds: [f32::MAX; NODES],
        leaves: [0.0; NODES + 1],
    };
    let mut node = vec![0_usize; steps.len()];
    let mut first = 0;
    for depth in 0..DEPTH {
        let count = 1 << depth;
        let mut best: Vec<Option<(f64, usize, usize)>> = vec![None; count];
        for (input, bins) in binned.bins.iter().enumerate() {
            split(input, bins, binned.bounds[input].len(), first, &node, steps, &mut best);
        }
        let mut cut = vec![(0_usize, usize::MAX); count];
        for (at, best) in best.iter().enumerate() {
            if let Some((_, input, bin)) = best {
                tree.inputs[first + at] = *input as u16;
                tree.bounds[first + at] = binned.bounds[*input][*bin];
                cut[at] = (*input, *bin);
            }
        }
        for (row, node) in node.iter_mut().enumerate() {
            let (input, bin) = cut[*node - first];
            let left = bin == usize::MAX || usize::from(binned.bins[input][row]) <= bin;
            *node = 2 * *node + if left { 1 } else { 2 };
        }
        first += count;
    }
    let mut sums = [(0.0, 0.0); NODES + 1];
    for (node, step) in node.iter().zip(steps) {
        let sum = &mut sums[node - NODES];
        *sum = (sum.0 + step.0, sum.1 + step.1);
    }
    for (leaf, (gradient, hessian)) in tree.leaves.iter_mut().zip(sums) {
        *leaf = (RATE * gradient / (hessian + RIDGE)) as f32;
    }
    tree
}

/// Looks for a better split by one input, of all nodes of a level.
fn split(
    input: usize,
    bins: &[u8],
    bounds: usize,
    first: usize,
    node: &[usize],
    steps: &[(f64, f64)],
    best: &mut [Option<(f64, usize, usize)>],
) {
    let mut sums = vec![[(0.0_f64, 0.0_f64, 0_u32); BINS]; best.len()];
    for ((bin, node), step) in bins.iter().zip(node).zip(steps) {
        let sum = &mut sums[node - first][usize::from(*bin)];
        *sum = (sum.0 + step.0, sum.1 + step.1, sum.2 + 1);
    }
    let gain = |sum: (f64, f64, u32)| sum.0 * sum.0 / (sum.1 + RIDGE);
    for (sums, best) in sums.iter().zip(best) {
        let add = |a: (f64, f64, u32), b: &(f64, f64, u32)| (a.0 + b.0, a.1 + b.1, a.2 + b.2);
        let all = sums.iter().fold((0.0, 0.0, 0), add);
        let mut left = (0.0, 0.0, 0);
        for (bin, sum) in sums.iter().enumerate().take(bounds) {
            left = add(left, sum);
            let right = (all.0 - left.0, all.1 - left.1, all.2 - left.2);
            if left.2 < LEAST || right.2 < LEAST {
                continue;
            }
            let gained = gain(left) + gain(right) - gain(all);
            if gained > 1e-9 && best.is_none_or(|it| gained > it.0) {
                *best = Some((gained, input, bin));
            }
        }
    }
}
