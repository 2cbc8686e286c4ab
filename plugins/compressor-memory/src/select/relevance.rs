//! How well each message fits the question.

use std::collections::{BTreeMap, BTreeSet};

use crate::conversation::Line;
use crate::language::words::{Term, terms, words};
use crate::memory::index::{Document, Index};

/// A question, taken apart.
pub struct Question {
    terms: Vec<Term>,
    /// It asks for what was said on a subject, rather than for one fact.
    broad: bool,
}

impl Question {
    /// Reads a question.
    pub fn new(text: &str) -> Self {
        let broad = words(text).any(|word| {
            let lower = word.text.to_lowercase();
            BROAD.iter().any(|stem| lower.starts_with(stem))
        });
        Self {
            terms: terms(text),
            broad,
        }
    }

    /// How much of the question each message takes up, 0 to 1: the share of its terms, by their rarity. A term that was
    /// never said counts as the rarest.
    pub fn coverage(&self, index: &Index) -> Vec<f32> {
        let mut weights: BTreeMap<u32, f32> = BTreeMap::new();
        let mut total = 0.0;
        for term in &self.terms {
            let number = index.number(*term).unwrap_or(u32::MAX);
            total += index.rarity(number);
            weights.insert(number, index.rarity(number));
        }
        let covered = |document: &Document| {
            document
                .iter()
                .filter_map(|(number, _)| weights.get(number))
                .sum::<f32>()
        };
        index
            .documents()
            .iter()
            .map(|document| covered(document) / total.max(f32::MIN_POSITIVE))
            .collect()
    }
}

/// Stems of words that ask for what was said on a subject.
const BROAD: &[&str] = &[
    "summar",
    "discuss",
    "conversation",
    "opinion",
    "think",
    "thought",
    "conclu",
    "agree",
    "decid",
    "decision",
    "recommend",
    "propos",
    "suggest",
    "attitude",
    "view",
    "concern",
    "describe",
    "explain",
    "introduc",
    "meeting",
    "talk",
];

/// Scores of all messages against a question: 0 and up.
pub fn score(index: &Index, lines: &[Line], question: &Question) -> Vec<f32> {
    let query: Vec<(u32, f32)> = question
        .terms
        .iter()
        .filter_map(|term| Some((index.number(*term)?, 1.0)))
        .collect();
    let mut own = index.search(&query);
    // The question may stand among the messages, and would fit itself best.
    own.iter_mut()
        .zip(lines)
        .filter(|(_, line)| line.locked)
        .for_each(|(score, _)| *score = 0.0);
    let near = spread(&own, 3, |distance| NEAR[distance]);
    let wide = width(lines, question);
    if wide == 0.0 {
        return near;
    }
    let tokens: u32 = lines.iter().map(|line| line.tokens).sum();
    let reach = (REACH * lines.len() as f32 / tokens.max(1) as f32).round().max(3.0);
    let far = spread(&own, reach as usize, |distance| 1.0 - distance as f32 / (reach + 1.0));
    let (near_top, far_top) = (top(&near), top(&far));
    near.iter()
        .zip(&far)
        .map(|(near, far)| (1.0 - wide) * near / near_top + wide * far / far_top)
        .collect()
}

/// How much the messages at a distance of 0, 1, 2 and 3 share in a match.
const NEAR: [f32; 4] = [1.0, 0.7, 0.4, 0.2];
/// How far around a match its subject goes on, in tokens to each side, where a question is about a subject.
const REACH: f32 = 1000.0;

/// From 0 (a question for one fact, between two people) to 1 (a question for all that was said on a subject, in a meeting).
fn width(lines: &[Line], question: &Question) -> f32 {
    let speakers: BTreeSet<&str> = lines
        .iter()
        .filter(|line| line.is_talk() && !line.locked)
        .map(|line| line.speaker.as_str())
        .collect();
    0.5 * f32::from(u8::from(speakers.len() > 2)) + 0.5 * f32::from(u8::from(question.broad))
}

fn top(scores: &[f32]) -> f32 {
    scores.iter().copied().fold(f32::MIN_POSITIVE, f32::max)
}

/// Each message's score and its neighbours', weighted by distance.
fn spread(scores: &[f32], reach: usize, weight: impl Fn(usize) -> f32) -> Vec<f32> {
    let mut wide = vec![0.0; scores.len()];
    for (at, score) in scores.iter().enumerate().filter(|(_, score)| **score > 0.0) {
        let from = at.saturating_sub(reach);
        let to = (at + reach + 1).min(scores.len());
        (from..to).for_each(|near| wide[near] += score * weight(near.abs_diff(at)));
    }
    wide
}
