//! Topics with their labels and importance, and a summary of each: the sentences that say most of it.

use std::collections::HashMap;
use std::ops::Range;

use pointsman_policy::memory::{Section, Stretch, Topic};

use super::Book;
use super::topics::{Settings, segment};
use crate::conversation::Line;
use crate::language::sentences::{is_question, sentences};
use crate::language::words::{term, terms, words};

/// The last topic is open until this many messages stand behind its end.
const OPEN: usize = 40;
/// Words of a label.
const LABEL: usize = 3;
/// Sentences of a summary, and the most bytes of one.
const SENTENCES: usize = 3;
const LONGEST: usize = 200;

/// Divides what is not settled yet into topics, and writes their sections.
pub(super) fn settle(book: &mut Book, lines: &[Line]) {
    let known = book.state.read as usize;
    let from = book.state.settled as usize;
    book.memory.topics.retain(|topic| topic.stretch.end as usize <= from);
    book.memory
        .sections
        .retain(|section| section.stretch.end as usize <= from);
    let stretches = segment(&book.state.index, from..known, &Settings::default());
    let last = stretches.len().saturating_sub(1);
    for (place, stretch) in stretches.into_iter().enumerate() {
        if place != last && stretch.end + OPEN <= known {
            book.state.settled = stretch.end as u32;
        }
        describe(book, lines, stretch);
    }
}

fn describe(book: &mut Book, lines: &[Line], range: Range<usize>) {
    let weights = weights(book, range.clone());
    let importance = &book.memory.importance[range.clone()];
    let mean = importance.iter().sum::<f32>() / importance.len().max(1) as f32;
    let stretch = Stretch {
        start: range.start as u32,
        end: range.end as u32,
    };
    let label = label(lines, range.clone(), &weights);
    let text = summary(lines, range, importance, &weights);
    book.memory.topics.push(Topic {
        label,
        stretch,
        importance: mean,
    });
    if !text.is_empty() {
        book.memory.sections.push(Section { text, stretch });
    }
}

/// How much each term marks the stretch: often here, rare elsewhere.
fn weights(book: &Book, range: Range<usize>) -> HashMap<u32, f32> {
    let index = &book.state.index;
    let mut counts: HashMap<u32, f32> = HashMap::new();
    for document in &index.documents()[range] {
        document
            .iter()
            .for_each(|(term, _)| *counts.entry(*term).or_default() += 1.0);
    }
    counts
        .iter_mut()
        .for_each(|(term, count)| *count *= index.rarity(*term));
    let spelt = counts
        .into_iter()
        .filter_map(|(number, weight)| Some((index.term(number)?, weight)));
    spelt.collect()
}

fn label(lines: &[Line], range: Range<usize>, weights: &HashMap<u32, f32>) -> String {
    let mut best: Vec<(f32, u32)> = weights.iter().map(|(term, weight)| (*weight, *term)).collect();
    best.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let speakers: Vec<u32> = lines[range.clone()]
        .iter()
        .flat_map(|line| terms(&line.speaker))
        .collect();
    let best = best
        .into_iter()
        .filter(|(_, term)| !speakers.contains(term))
        .take(LABEL);
    let spelt = best.filter_map(|(_, wanted)| {
        lines[range.clone()]
            .iter()
            .find_map(|line| spelling(line.gist(), wanted))
    });
    spelt.collect::<Vec<_>>().join(", ")
}

/// How a term is written where it stands first.
fn spelling(text: &str, wanted: u32) -> Option<String> {
    words(text).find_map(|word| {
        if !word.unspaced {
            return (term(word.text) == Some(wanted)).then(|| word.text.to_lowercase());
        }
        let starts: Vec<usize> = word
            .text
            .char_indices()
            .map(|(at, _)| at)
            .chain([word.text.len()])
            .collect();
        let pair = starts
            .windows(3)
            .find(|at| terms(&word.text[at[0]..at[2]]) == [wanted])?;
        Some(word.text[pair[0]..pair[2]].to_owned())
    })
}

fn summary(lines: &[Line], range: Range<usize>, importance: &[f32], weights: &HashMap<u32, f32>) -> String {
    let mut best: Vec<(f32, usize, Range<usize>)> = Vec::new();
    for (line, (place, matters)) in lines[range.clone()].iter().zip(range.clone().zip(importance)) {
        if !line.is_talk() {
            continue;
        }
        for span in sentences(line.gist()) {
            let sentence = &line.gist()[span.clone()];
            let found = terms(sentence);
            if found.len() < 3 || sentence.len() > LONGEST || is_question(sentence) {
                continue;
            }
            let told: f32 = found.iter().filter_map(|term| weights.get(term)).sum();
            best.push((told / (found.len() as f32 + 6.0) * (0.3 + matters), place, span));
        }
    }
    best.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    best.truncate(SENTENCES.min(1 + range.len() / 8));
    best.sort_by_key(|(_, place, span)| (*place, span.start));
    let told = best
        .iter()
        .map(|(_, place, span)| format!("{}: {}", lines[*place].speaker, &lines[*place].text[span.clone()]));
    told.collect::<Vec<_>>().join(" ")
}
