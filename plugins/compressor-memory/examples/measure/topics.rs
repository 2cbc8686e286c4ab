//! Are topic boundaries where people put them? Pk (Beeferman and others, 1999) and WindowDiff (Pevzner and Hearst, 2002):
//! shares of windows that are judged wrongly, so less is better.

use compressor_memory::memory::index::Index;
use compressor_memory::memory::indexed;
use compressor_memory::memory::topics::{Settings, segment};

use crate::cases::Case;
use crate::texttiling;

pub(crate) fn run(qmsum: &[Case]) {
    println!(
        "\ntopics, {} meetings of qmsum-val   Pk     WindowDiff  topics found for each that there is",
        qmsum.len()
    );
    let none = |_: &Case| Vec::new();
    row("no boundary at all", qmsum, none);
    row("TextTiling", qmsum, |case| texttiling::boundaries(&case.lines()));
    row("compressor-memory", qmsum, |case| own(case, &Settings::default()));
}

fn own(case: &Case, settings: &Settings) -> Vec<usize> {
    let mut index = Index::default();
    case.lines().iter().for_each(|line| index.add(&indexed(line)));
    let segments = segment(&index, 0..index.len(), settings);
    segments.iter().skip(1).map(|segment| segment.start).collect()
}

fn row(name: &str, set: &[Case], find: impl Fn(&Case) -> Vec<usize>) {
    let (mut pk, mut diff, mut ratio, mut n) = (0.0, 0.0, 0.0, 0.0);
    for case in set {
        let length = case.messages.len();
        let gold = gold(case);
        let found = find(case);
        let window = (length as f64 / (gold.len() + 1) as f64 / 2.0).round().max(2.0) as usize;
        if window >= length {
            continue;
        }
        let (a, b) = windows(length, &gold, &found, window);
        pk += a;
        diff += b;
        ratio += (found.len() + 1) as f64 / (gold.len() + 1) as f64;
        n += 1.0;
    }
    println!("{name:<34} {:<6.3} {:<11.3} {:.1}", pk / n, diff / n, ratio / n);
}

/// Where the subject changes. A message may belong to several spans: the last that begins counts.
fn gold(case: &Case) -> Vec<usize> {
    let mut owner = vec![usize::MAX; case.messages.len()];
    let mut spans: Vec<(usize, usize, usize)> = case
        .topics
        .iter()
        .enumerate()
        .flat_map(|(at, topic)| topic.spans.iter().map(move |span| (span[0], span[1], at)))
        .collect();
    spans.sort_unstable();
    for (from, to, topic) in spans {
        let to = to.min(owner.len().saturating_sub(1));
        owner.iter_mut().take(to + 1).skip(from).for_each(|own| *own = topic);
    }
    (1..owner.len())
        .filter(|place| owner[*place] != owner[place - 1])
        .collect()
}

fn windows(length: usize, gold: &[usize], found: &[usize], window: usize) -> (f64, f64) {
    let within = |cuts: &[usize], from: usize| cuts.iter().filter(|cut| **cut > from && **cut <= from + window).count();
    let (mut pk, mut diff) = (0, 0);
    let places = length - window;
    for from in 0..places {
        let (a, b) = (within(gold, from), within(found, from));
        pk += usize::from((a == 0) != (b == 0));
        diff += usize::from(a != b);
    }
    (pk as f64 / places as f64, diff as f64 / places as f64)
}
