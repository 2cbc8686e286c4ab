//! What marks a stretch of a conversation: the words of its label, and the sentences of its summary.

use std::collections::BTreeSet;
use std::ops::Range;

use super::index::Index;
use crate::conversation::Line;
use crate::language::lexicon::hash;
use crate::language::sentences::{is_question, sentences};
use crate::language::terms::{Term, term, terms};
use crate::language::words::words;

/// A summary is made of the sentences of so many messages, those that matter most.
const WEIGHED: usize = 48;
/// Words of a label.
const LABEL: usize = 3;
/// Sentences of a summary, and the most bytes of one.
const SENTENCES: usize = 3;
const LONGEST: usize = 200;

/// How much each term marks a stretch: often here, rare elsewhere.
pub(super) struct Weights<'a> {
    index: &'a Index,
    rarities: Vec<f32>,
    /// By number, 0 for what is not said in the stretch.
    weights: Vec<f32>,
    /// What is said in it.
    said: Vec<u32>,
}

impl<'a> Weights<'a> {
    pub(super) fn new(index: &'a Index) -> Self {
        Self {
            index,
            rarities: index.rarities(),
            weights: vec![0.0; index.terms()],
            said: Vec::new(),
        }
    }

    /// Takes up another stretch.
    pub(super) fn weigh(&mut self, range: Range<usize>) {
        for number in self.said.drain(..) {
            self.weights[number as usize] = 0.0;
        }
        for (number, _) in range.flat_map(|message| self.index.document(message)) {
            let weight = &mut self.weights[*number as usize];
            if *weight == 0.0 {
                self.said.push(*number);
            }
            *weight += 1.0;
        }
        for number in &self.said {
            self.weights[*number as usize] *= self.rarities[*number as usize];
        }
    }

    /// The words that mark it most, as they are written where they stand first; no names of speakers.
    pub(super) fn label(&self, lines: &[Line], range: Range<usize>) -> String {
        let speakers: BTreeSet<&str> = lines[range.clone()].iter().map(|line| &*line.speaker).collect();
        let speakers: Vec<Term> = speakers.into_iter().flat_map(terms).collect();
        let mut best: Vec<(f32, Term, u32)> = Vec::with_capacity(LABEL + 1);
        for number in &self.said {
            let (weight, Some(term)) = (self.weights[*number as usize], self.index.term(*number)) else {
                continue;
            };
            let place =
                best.partition_point(|(other, known, _)| other.total_cmp(&weight).then(term.cmp(known)).is_gt());
            if place < LABEL && !speakers.contains(&term) {
                best.insert(place, (weight, term, *number));
                best.truncate(LABEL);
            }
        }
        let spelt = best.iter().filter_map(|(_, term, number)| {
            let says = |message: &usize| self.index.document(*message).iter().any(|(said, _)| said == number);
            let first = range.clone().filter(says);
            first
                .into_iter()
                .find_map(|message| spelling(lines[message].gist(), *term))
        });
        spelt.collect::<Vec<_>>().join(", ")
    }

    pub(super) fn summary(&self, lines: &[Line], range: Range<usize>, importance: &[f32]) -> String {
        let mut messages: Vec<usize> = range.clone().filter(|place| lines[*place].is_talk()).collect();
        let matters = |place: usize| importance[place - range.start];
        messages.sort_by(|a, b| matters(*b).total_cmp(&matters(*a)).then(a.cmp(b)));
        let mut best: Vec<(f32, usize, Range<usize>)> = Vec::new();
        for place in messages.into_iter().take(WEIGHED) {
            let line = &lines[place];
            for span in sentences(line.gist()) {
                let sentence = &line.gist()[span.clone()];
                if sentence.len() > LONGEST || is_question(sentence) {
                    continue;
                }
                let found = terms(sentence);
                if found.len() < 3 {
                    continue;
                }
                let numbers = found.iter().filter_map(|term| self.index.number(*term));
                let told: f32 = numbers.map(|number| self.weights[number as usize]).sum();
                best.push((told / (found.len() as f32 + 6.0) * (0.3 + matters(place)), place, span));
            }
        }
        best.sort_by(|a, b| {
            let by_place = a.1.cmp(&b.1).then(a.2.start.cmp(&b.2.start));
            b.0.total_cmp(&a.0).then(by_place)
        });
        best.truncate(SENTENCES.min(1 + range.len() / 8));
        best.sort_by_key(|(_, place, span)| (*place, span.start));
        let told = best
            .iter()
            .map(|(_, place, span)| format!("{}: {}", lines[*place].speaker, &lines[*place].text[span.clone()]));
        told.collect::<Vec<_>>().join(" ")
    }
}

/// How a term is written where it stands first.
fn spelling(text: &str, wanted: Term) -> Option<String> {
    words(text).find_map(|word| {
        if !word.unspaced {
            return (term(word.text) == Some(wanted)).then(|| word.text.to_lowercase());
        }
        let starts = word.text.char_indices().map(|(at, _)| at);
        let ends = word.text.char_indices().skip(1).map(|(at, c)| at + c.len_utf8());
        let mut pairs = starts.zip(ends).map(|(start, end)| &word.text[start..end]);
        pairs.find(|pair| hash(pair.as_bytes()) == wanted).map(str::to_owned)
    })
}
