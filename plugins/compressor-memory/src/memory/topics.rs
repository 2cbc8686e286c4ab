//! Where one subject ends and the next begins.
//!
//! Bayesian segmentation (Eisenstein and Barzilay, 2008): a segment is likely where its words come from one distribution of
//! its own, a Dirichlet compound multinomial; the best division is found by dynamic programming. Messages are first put
//! into blocks of about equal length, so that the time stays linear in them.

use std::ops::Range;

use super::index::Index;

/// Parameters of the segmentation; [`Default`] is what the policy runs with.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Terms of a block at least.
    pub block: u32,
    /// Concentration of the prior over words.
    pub prior: f64,
    /// Log-probability of each boundary, per term of the average block.
    pub boundary: f64,
    /// A segment has at most this many blocks.
    pub longest: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            block: 60,
            prior: 0.2,
            boundary: -30.0,
            longest: 120,
        }
    }
}

/// Divides the messages `range` of an index into topics that follow one another without a gap.
pub fn segment(index: &Index, range: Range<usize>, settings: &Settings) -> Vec<Range<usize>> {
    let blocks = blocks(index, range, settings.block);
    if blocks.len() < 2 {
        return blocks;
    }
    let all = range_length(index, &blocks);
    let logs = Logs::new(settings.prior, index.terms(), all);
    let mut best: Vec<(f64, usize)> = vec![(0.0, 0)];
    for end in 1..=blocks.len() {
        let mut counts = Segment::new(index.terms(), &logs);
        let mut choice = (f64::NEG_INFINITY, end - 1);
        for start in (end.saturating_sub(settings.longest)..end).rev() {
            blocks[start]
                .clone()
                .for_each(|message| counts.add(&index.documents()[message]));
            let score = best[start].0 + counts.likelihood + settings.boundary;
            if score > choice.0 {
                choice = (score, start);
            }
        }
        best.push(choice);
    }
    let mut cuts = Vec::new();
    let mut end = blocks.len();
    while end > 0 {
        let start = best[end].1;
        cuts.push(blocks[start].start..blocks[end - 1].end);
        end = start;
    }
    cuts.reverse();
    cuts
}

fn range_length(index: &Index, blocks: &[Range<usize>]) -> usize {
    let messages = blocks.iter().flat_map(|block| &index.documents()[block.clone()]);
    messages.flatten().map(|(_, count)| usize::from(*count)).sum()
}

fn blocks(index: &Index, range: Range<usize>, least: u32) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut length) = (range.start, 0);
    for message in range.clone() {
        length += index.documents()[message]
            .iter()
            .map(|(_, count)| u32::from(*count))
            .sum::<u32>();
        if length >= least {
            found.push(start..message + 1);
            (start, length) = (message + 1, 0);
        }
    }
    if start < range.end {
        found.push(start..range.end);
    }
    found
}

/// Counts of a growing segment, and the likelihood of them under a Dirichlet compound multinomial.
struct Segment<'a> {
    counts: Vec<u32>,
    total: usize,
    likelihood: f64,
    logs: &'a Logs,
}

/// Logarithms that are needed again and again: of `count + prior`, and of `total + prior × vocabulary`.
struct Logs {
    count: Vec<f64>,
    total: Vec<f64>,
}

impl Logs {
    fn new(prior: f64, vocabulary: usize, longest: usize) -> Self {
        let base = prior * vocabulary as f64;
        Self {
            count: (0..=longest).map(|count| (count as f64 + prior).ln()).collect(),
            total: (0..=longest).map(|total| (total as f64 + base).ln()).collect(),
        }
    }
}

impl<'a> Segment<'a> {
    fn new(vocabulary: usize, logs: &'a Logs) -> Self {
        Self {
            counts: vec![0; vocabulary],
            total: 0,
            likelihood: 0.0,
            logs,
        }
    }

    fn add(&mut self, document: &[(u32, u8)]) {
        for (term, count) in document {
            let known = &mut self.counts[*term as usize];
            // The ratio of two gamma functions, for counts that grow by one.
            for _ in 0..*count {
                self.likelihood += self.logs.count[*known as usize] - self.logs.total[self.total];
                *known += 1;
                self.total += 1;
            }
        }
    }
}
