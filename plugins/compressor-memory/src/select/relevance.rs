//! How well each message fits the question.

use super::matches::Matches;
use super::question::Question;
use crate::conversation::Line;

/// Scores of all messages that were looked at against a question, beside the best of them: 0 to 1.
pub fn score(matches: &Matches, lines: &[Line], question: &Question) -> Vec<f32> {
    let mut own = matches.scores();
    // The question may stand among the messages, and would fit itself best.
    own.iter_mut()
        .zip(lines)
        .filter(|(_, line)| line.locked)
        .for_each(|(score, _)| *score = 0.0);
    let mut all = spread(&own, 3, |distance| NEAR[distance]);
    let wide = width(lines, question);
    if wide > 0.0 {
        let tokens: u32 = lines.iter().map(|line| line.tokens).sum();
        let reach = (REACH * lines.len() as f32 / tokens.max(1) as f32).round().max(3.0);
        let far = spread(&own, reach as usize, |distance| 1.0 - distance as f32 / (reach + 1.0));
        let (near_top, far_top) = (top(&all), top(&far));
        all.iter_mut()
            .zip(&far)
            .for_each(|(near, far)| *near = (1.0 - wide) * *near / near_top + wide * far / far_top);
    }
    let best = top(&all);
    all.iter_mut().for_each(|score| *score /= best);
    all
}

/// How much the messages at a distance of 0, 1, 2 and 3 share in a match.
const NEAR: [f32; 4] = [1.0, 0.7, 0.4, 0.2];
/// How far around a match its subject goes on, in tokens to each side, where a question is about a subject.
const REACH: f32 = 1000.0;

/// So many speakers make a meeting.
const MEETING: usize = 3;

/// From 0 (a question for one fact, between two people) to 1 (a question for all that was said on a subject, in a meeting).
fn width(lines: &[Line], question: &Question) -> f32 {
    let mut speakers: Vec<&str> = Vec::new();
    for line in lines.iter().filter(|line| line.is_talk() && !line.locked) {
        if speakers.len() < MEETING && !speakers.contains(&&*line.speaker) {
            speakers.push(&line.speaker);
        }
    }
    0.5 * f32::from(u8::from(speakers.len() == MEETING)) + 0.5 * f32::from(u8::from(question.is_broad()))
}

fn top(scores: &[f32]) -> f32 {
    scores.iter().copied().fold(f32::MIN_POSITIVE, f32::max)
}

/// Each message's score and its neighbours', weighted by distance.
fn spread(scores: &[f32], reach: usize, weight: impl Fn(usize) -> f32) -> Vec<f32> {
    let weights: Vec<f32> = (0..=reach).map(weight).collect();
    let mut wide = vec![0.0; scores.len()];
    for (at, score) in scores.iter().enumerate().filter(|(_, score)| **score > 0.0) {
        let from = at.saturating_sub(reach);
        let to = (at + reach + 1).min(scores.len());
        (from..to).for_each(|near| wide[near] += score * weights[near.abs_diff(at)]);
    }
    wide
}
