//! Topics with their labels and importance, and a summary of each: the sentences that say most of it.

use std::ops::Range;

use pointsman_policy::Memory;
use pointsman_policy::memory::{Section, Stretch, Topic};

use super::Book;
use super::topics::{Settings, segment};
use super::weights::Weights;
use crate::conversation::Line;

/// The last topic is open until this many messages stand behind its end.
const OPEN: usize = 40;
/// The open part is divided anew when so much of it was added, as a part of it, and at the latest after so many terms.
const PATIENCE: usize = 8;
const MOST_WAITING: usize = 600;
/// Divides what is not settled yet into topics, and writes their sections. Where little was said since that was done last,
/// the last topic goes on instead.
pub(super) fn settle(book: &mut Book, lines: &[Line]) {
    let read = book.state.read as usize;
    let from = book.state.settled as usize;
    let length = |range: Range<usize>| -> usize {
        let messages = range.map(|message| book.state.index.document(message));
        messages.flatten().map(|(_, count)| usize::from(*count)).sum()
    };
    if let Some(topic) = book.memory.topics.last() {
        let end = (topic.stretch.end as usize).max(from);
        let (open, new) = (length(from..end), length(end..read));
        if new < (open / PATIENCE).min(MOST_WAITING) {
            go_on(&mut book.memory, read as u32);
            return;
        }
    }
    book.memory.topics.retain(|topic| topic.stretch.end as usize <= from);
    book.memory
        .sections
        .retain(|section| section.stretch.end as usize <= from);
    let stretches = segment(&book.state.index, from..read, &Settings::default());
    let last = stretches.len().saturating_sub(1);
    if let Some(settled) = stretches[..last]
        .iter()
        .rev()
        .find(|stretch| stretch.end + OPEN <= read)
    {
        book.state.settled = settled.end as u32;
    }
    let mut weights = Weights::new(&book.state.index);
    for stretch in stretches {
        describe(&mut book.memory, &mut weights, lines, stretch);
    }
}

/// The last topic, and its section, end with what was read last.
fn go_on(memory: &mut Memory, read: u32) {
    let Some(topic) = memory.topics.last_mut() else { return };
    let section = memory
        .sections
        .last_mut()
        .filter(|section| section.stretch == topic.stretch);
    if let Some(section) = section {
        section.stretch.end = read;
    }
    topic.stretch.end = read;
}

fn describe(memory: &mut Memory, weights: &mut Weights, lines: &[Line], range: Range<usize>) {
    weights.weigh(range.clone());
    let importance = &memory.importance[range.clone()];
    let mean = importance.iter().sum::<f32>() / importance.len().max(1) as f32;
    let stretch = Stretch {
        start: range.start as u32,
        end: range.end as u32,
    };
    let label = weights.label(lines, range.clone());
    let text = weights.summary(lines, range, importance);
    memory.topics.push(Topic {
        label,
        stretch,
        importance: mean,
    });
    if !text.is_empty() {
        memory.sections.push(Section { text, stretch });
    }
}
