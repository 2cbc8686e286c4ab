//! The answer options: how many, how long, how like each other and the question.

use super::{Named, log, mark, share};
use crate::hash;
use crate::text::{Class, Kind, Sought, Text, Word};

pub(super) const FIGURES: usize = 22;

pub(super) fn figures(text: &Text) -> [Named; FIGURES] {
    let options: Vec<&[Word]> = text.options().collect();
    let count = options.len();
    let sets: Vec<Vec<u64>> = options.iter().map(|option| set(option)).collect();
    let stem = set(text.stem());
    let lengths: Vec<usize> = options.iter().map(|option| option.len()).collect();
    let mean = share(lengths.iter().sum(), count);
    let spread = { lengths.iter() }
        .map(|&length| (length as f32 - mean).powi(2))
        .sum::<f32>()
        / count.max(1) as f32;
    let pairs = (0..count).flat_map(|a| (0..a).map(move |b| (a, b)));
    let alike: Vec<f32> = pairs.map(|(a, b)| likeness(&sets[a], &sets[b])).collect();
    let to_stem = sets.iter().map(|set| likeness(set, &stem)).sum::<f32>();
    let taken: Vec<f32> = sets.iter().map(|set| share(common(set, &stem), set.len())).collect();
    let of = |holds: &dyn Fn(&[Word]) -> bool| share(options.iter().filter(|option| holds(option)).count(), count);
    let in_options = { options.iter().copied().flatten() }.fold(0, |all, word| all | 1_u64 << word.sought as u8);
    let says = |wanted: Sought| in_options & 1 << wanted as u8 != 0;
    let opens = |option: &[Word], wanted: &[Sought]| option.first().is_some_and(|w| wanted.contains(&w.sought));
    let mut openings: Vec<u64> = options
        .iter()
        .filter_map(|option| option.first())
        .map(|word| word.hash)
        .collect();
    openings.sort_unstable();
    openings.dedup();
    let highest = |values: &[f32]| values.iter().copied().fold(0.0, f32::max);
    let lowest = |values: &[f32]| {
        values
            .iter()
            .copied()
            .fold(f32::INFINITY, f32::min)
            .min(highest(values))
    };
    [
        ("options", count as f32),
        ("has options", mark(count > 0)),
        ("words in an option", libm::log1pf(mean)),
        (
            "words in the longest option",
            log(lengths.iter().copied().max().unwrap_or(0)),
        ),
        (
            "words in the shortest option",
            log(lengths.iter().copied().min().unwrap_or(0)),
        ),
        ("spread of the options' lengths", spread.sqrt() / (mean + 1.0)),
        (
            "likeness of the options",
            alike.iter().sum::<f32>() / alike.len().max(1) as f32,
        ),
        ("highest likeness of two options", highest(&alike)),
        ("likeness of options and question", to_stem / count.max(1) as f32),
        (
            "share of options' words in the question",
            taken.iter().sum::<f32>() / count.max(1) as f32,
        ),
        (
            "spread of options' words in the question",
            highest(&taken) - lowest(&taken),
        ),
        (
            "share of options with numbers",
            of(&|option| option.iter().any(|word| word.kind == Kind::Number)),
        ),
        (
            "share of options with negations",
            of(&|option| option.iter().any(|w| w.class.any(Class::NEGATION))),
        ),
        ("share of options of one word", of(&|option| option.len() <= 1)),
        (
            "share of options with a capital",
            of(&|option| option.first().is_some_and(|word| word.capital)),
        ),
        (
            "share of options with a full stop",
            of(&|option| option.last().is_some_and(|w| w.sought == Sought::Stop)),
        ),
        ("share of different openings", share(openings.len(), count)),
        (
            "options of the above",
            mark(
                text.has_phrase(&[Sought::Of, Sought::The, Sought::Above])
                    || text.has_phrase(&[Sought::Of, Sought::These]),
            ),
        ),
        ("options with and", mark(says(Sought::And) || says(Sought::Both))),
        ("options with only", mark(says(Sought::Only))),
        (
            "options true and false",
            mark(says(Sought::True) && says(Sought::False)),
        ),
        (
            "options yes and no",
            mark(of(&|option| opens(option, &[Sought::Yes, Sought::Negative])) * count as f32 >= 2.0),
        ),
    ]
}

/// The different words, in a fixed order.
fn set(words: &[Word]) -> Vec<u64> {
    let mut hashes: Vec<u64> = words.iter().map(|word| word.hash).collect();
    hash::sort(&mut hashes);
    hashes.dedup();
    hashes
}

/// How many stand in both of two sets.
fn common(a: &[u64], b: &[u64]) -> usize {
    a.iter().filter(|hash| b.binary_search(hash).is_ok()).count()
}

/// Jaccard's index.
fn likeness(a: &[u64], b: &[u64]) -> f32 {
    let both = common(a, b);
    share(both, a.len() + b.len() - both)
}
