//! Where one subject ends and the next begins.
//!
//! Bayesian segmentation (Eisenstein and Barzilay, 2008): a segment is likely where its words come from one distribution of
//! its own, a Dirichlet compound multinomial; the best division is found by dynamic programming. Messages are first put
//! into blocks of about equal length, so that the time stays linear in them.

use std::ops::Range;

use super::index::Index;
use super::likelihood::{Logs, Segment};

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
            longest: 64,
        }
    }
}

/// Divides the messages `range` of an index into topics that follow one another without a gap.
pub fn segment(index: &Index, range: Range<usize>, settings: &Settings) -> Vec<Range<usize>> {
    let blocks = blocks(index, range, settings.block);
    if blocks.len() < 2 {
        return blocks;
    }
    let Contents {
        blocks: contents,
        different,
        most,
    } = Contents::of(index, &blocks);
    let logs = Logs::new(settings.prior, index.terms(), most, contents.iter().map(Vec::len).sum());
    let mut best: Vec<(f64, usize)> = vec![(0.0, 0)];
    let mut counts = Segment::new(different, &logs);
    for end in 1..=blocks.len() {
        counts.clear();
        let mut choice = (f64::NEG_INFINITY, end - 1);
        for start in (end.saturating_sub(settings.longest)..end).rev() {
            counts.add(&contents[start]);
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

/// What blocks say.
struct Contents {
    /// The terms of each, by numbers of their own, repeats included.
    blocks: Vec<Vec<u32>>,
    /// How many different terms there are.
    different: usize,
    /// How often the most frequent of them stands in all blocks.
    most: u32,
}

impl Contents {
    fn of(index: &Index, blocks: &[Range<usize>]) -> Self {
        let mut numbers = vec![u32::MAX; index.terms()];
        let mut counts: Vec<u32> = Vec::new();
        let content = |block: &Range<usize>| {
            let mut said = Vec::new();
            for (term, count) in block.clone().flat_map(|message| index.document(message)) {
                let number = &mut numbers[*term as usize];
                if *number == u32::MAX {
                    *number = counts.len() as u32;
                    counts.push(0);
                }
                counts[*number as usize] += u32::from(*count);
                said.extend(std::iter::repeat_n(*number, usize::from(*count)));
            }
            said
        };
        let contents = blocks.iter().map(content).collect();
        Self {
            blocks: contents,
            different: counts.len(),
            most: counts.into_iter().max().unwrap_or(0),
        }
    }
}

fn blocks(index: &Index, range: Range<usize>, least: u32) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut length) = (range.start, 0);
    for message in range.clone() {
        let document = index.document(message);
        length += document.iter().map(|(_, count)| u32::from(*count)).sum::<u32>();
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
