//! The plain baseline: TextTiling (Hearst, 1997) with its published parameters.

use std::collections::HashMap;

use compressor_memory::conversation::Line;
use compressor_memory::language::terms::terms;

/// Terms of a pseudo-sentence, and pseudo-sentences of a block.
const WIDTH: usize = 20;
const BLOCK: usize = 10;

/// The messages at which a topic begins.
pub(crate) fn boundaries(lines: &[Line]) -> Vec<usize> {
    let stream: Vec<(u32, usize)> = lines
        .iter()
        .enumerate()
        .flat_map(|(place, line)| terms(&line.text).into_iter().map(move |term| (term, place)))
        .collect();
    let pieces: Vec<&[(u32, usize)]> = stream.chunks(WIDTH).collect();
    let scores: Vec<f64> = (1..pieces.len())
        .map(|gap| {
            let size = BLOCK.min(gap).min(pieces.len() - gap);
            similarity(&pieces[gap - size..gap], &pieces[gap..gap + size])
        })
        .collect();
    let depths: Vec<f64> = (0..scores.len()).map(|gap| depth(&scores, gap)).collect();
    let mean = depths.iter().sum::<f64>() / depths.len().max(1) as f64;
    let deviation = (depths.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / depths.len().max(1) as f64).sqrt();
    let peaks = (0..depths.len()).filter(|gap| {
        let near = &depths[gap.saturating_sub(2)..(gap + 3).min(depths.len())];
        depths[*gap] > mean - deviation / 2.0 && near.iter().all(|other| *other <= depths[*gap])
    });
    let mut found: Vec<usize> = peaks
        .filter_map(|gap| Some(pieces[gap + 1].first()?.1))
        .filter(|place| *place > 0)
        .collect();
    found.dedup();
    found
}

fn similarity(left: &[&[(u32, usize)]], right: &[&[(u32, usize)]]) -> f64 {
    let count = |block: &[&[(u32, usize)]]| {
        let mut counts: HashMap<u32, f64> = HashMap::new();
        block
            .iter()
            .flat_map(|piece| *piece)
            .for_each(|(term, _)| *counts.entry(*term).or_default() += 1.0);
        counts
    };
    let (left, right) = (count(left), count(right));
    let dot: f64 = left.iter().filter_map(|(term, n)| Some(n * right.get(term)?)).sum();
    let norm = |counts: &HashMap<u32, f64>| counts.values().map(|n| n * n).sum::<f64>().sqrt();
    dot / (norm(&left) * norm(&right)).max(1e-9)
}

fn depth(scores: &[f64], gap: usize) -> f64 {
    let climb = |steps: &mut dyn Iterator<Item = usize>| {
        let mut top = scores[gap];
        for place in steps {
            if scores[place] < top {
                break;
            }
            top = scores[place];
        }
        top
    };
    let left = climb(&mut (0..gap).rev());
    let right = climb(&mut (gap + 1..scores.len()));
    left + right - 2.0 * scores[gap]
}
