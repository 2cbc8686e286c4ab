//! How often each message says what a question asks for: by the index where it was read, else by looking it over.

use std::collections::HashMap;
use std::ops::Range;

use super::question::Question;
use crate::conversation::Line;
use crate::memory::bm25::{matched, rarity};
use crate::memory::index::Index;

/// The terms of a question in each message.
#[derive(Debug)]
pub struct Matches {
    /// How rare each term of the question is, and how often it is asked for.
    terms: Vec<(f32, u32)>,
    /// A term's place and how often it stands in a message, message after message.
    hits: Vec<(u32, u32)>,
    /// The hits of each message.
    spans: Vec<Range<u32>>,
    /// How many terms each message has.
    lengths: Vec<f32>,
    average: f32,
}

impl Matches {
    /// Looks for a question in the first `until` messages; of those that no index holds in the newest, as many as have `most`
    /// bytes.
    pub fn of(question: &Question, index: &Index, lines: &[Line], until: usize, most: usize) -> Self {
        let mut matches = Self {
            terms: Vec::new(),
            hits: Vec::new(),
            spans: vec![0..0; until],
            lengths: vec![0.0; until],
            average: 0.0,
        };
        let mut frequencies = matches.in_index(question, index);
        let looked_over = matches.look_over(question, index, lines, most, &mut frequencies);
        let messages = index.held() + looked_over;
        let each = question.terms().zip(&frequencies);
        matches.terms = each
            .map(|((_, times), found)| (rarity(messages, *found as usize), times))
            .collect();
        matches.average = matches.lengths.iter().sum::<f32>() / messages.max(1) as f32;
        matches
    }

    /// How often each term stands in the messages of an index, whose hits and lengths are noted.
    fn in_index(&mut self, question: &Question, index: &Index) -> Vec<u32> {
        let mut places = vec![u8::MAX; index.terms()];
        let mut frequencies = Vec::with_capacity(question.terms().len());
        for (place, (term, _)) in question.terms().enumerate() {
            let number = index.number(term);
            frequencies.push(number.map_or(0, |number| index.frequency(number)));
            if let Some(number) = number {
                places[number as usize] = place as u8; // there are fewer than 255
            }
        }
        let spans = self.spans.iter_mut().zip(&mut self.lengths);
        for (document, (span, length)) in index.documents().zip(spans) {
            let start = self.hits.len() as u32;
            let mut all = 0;
            for (number, count) in document {
                all += u32::from(*count);
                let place = places[*number as usize];
                if place != u8::MAX {
                    self.hits.push((u32::from(place), u32::from(*count)));
                }
            }
            *length = all as f32;
            *span = start..self.hits.len() as u32;
        }
        frequencies
    }

    /// Looks over what no index holds, the newest first; says how many messages that were.
    fn look_over(
        &mut self,
        question: &Question,
        index: &Index,
        lines: &[Line],
        most: usize,
        frequencies: &mut [u32],
    ) -> usize {
        let held = index.let_go()..index.len();
        // How long a message is in terms is guessed by its bytes, as those of the index have them.
        let bytes: usize = lines[held.clone()].iter().map(|line| line.gist().len()).sum();
        let each = index.length() as f32 / bytes.max(1) as f32;
        let mut speakers: HashMap<&str, Vec<usize>> = HashMap::new();
        let unread = (held.end..self.spans.len()).rev().chain((0..held.start).rev());
        let (mut looked_over, mut bytes) = (0, 0);
        for message in unread {
            let line = &lines[message];
            bytes += line.gist().len();
            if bytes > most {
                break;
            }
            looked_over += 1;
            let start = self.hits.len();
            let mut hit = |place: usize| match self.hits[start..].iter_mut().find(|(known, _)| *known == place as u32) {
                Some((_, count)) => *count += 1,
                None => self.hits.push((place as u32, 1)),
            };
            let named = speakers.entry(&line.speaker).or_insert_with(|| {
                let mut found = Vec::new();
                question.find(&line.speaker, |place| found.push(place));
                found
            });
            named.iter().for_each(|place| hit(*place));
            question.find(line.gist(), hit);
            for (place, _) in &self.hits[start..] {
                if let Some(frequency) = frequencies.get_mut(*place as usize) {
                    *frequency += 1;
                }
            }
            self.spans[message] = start as u32..self.hits.len() as u32;
            self.lengths[message] = line.gist().len() as f32 * each;
        }
        looked_over
    }

    fn hits(&self, message: usize) -> &[(u32, u32)] {
        let span = &self.spans[message];
        &self.hits[span.start as usize..span.end as usize]
    }

    /// How well each message matches, by BM25: 0 and up.
    pub fn scores(&self) -> Vec<f32> {
        let weights = self.terms.iter().map(|(rarity, times)| rarity * *times as f32);
        let weights: Vec<f32> = weights.collect();
        let score = |message: usize| {
            let hits = self.hits(message).iter();
            let each = hits.filter_map(|(place, count)| {
                let weight = *weights.get(*place as usize)?;
                Some(matched(weight, *count, self.lengths[message], self.average))
            });
            each.sum()
        };
        (0..self.spans.len()).map(score).collect()
    }

    /// How much of the question each message takes up, 0 to 1: the share of its terms, by their rarity. A term that was never
    /// said counts as the rarest.
    pub fn coverage(&self) -> Vec<f32> {
        let total: f32 = self.terms.iter().map(|(rarity, times)| rarity * *times as f32).sum();
        let covered = |message: usize| {
            let hits = self.hits(message).iter();
            let each = hits.filter_map(|(place, _)| Some(self.terms.get(*place as usize)?.0));
            each.sum::<f32>() / total.max(f32::MIN_POSITIVE)
        };
        (0..self.spans.len()).map(covered).collect()
    }
}
