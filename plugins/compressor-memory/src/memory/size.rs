//! Keeps a memory within what the host takes: the index lets go of the oldest messages, then the lists of their entries.

use pointsman_policy::Memory;

use super::known::Fate;
use super::{Book, facts, oldest_out};

/// Bytes that a memory may have: the host refuses more than 1 MiB, and with it the whole answer.
const MOST: usize = 960 << 10;
/// Of these the index gives way down to so many, before anything that people read does.
const LEAST_INDEX: usize = 128 << 10;

impl Book {
    /// The memory to keep.
    pub fn close(mut self) -> Memory {
        for known in self.state.known.iter_mut().filter(|known| known.fate != Fate::Trimmed) {
            if let Some(trimming) = &mut known.trimming {
                trimming.cuts = Vec::new();
            }
        }
        loop {
            self.memory.state = self.state.encode();
            let excess = bytes(&self.memory).saturating_sub(MOST);
            if excess == 0 {
                return self.memory;
            }
            let index = self.state.index.bytes();
            if index > LEAST_INDEX {
                // A little more than must be, so that this is not to be done again on the next turn.
                let left = (index - excess.min(index)).max(LEAST_INDEX);
                self.state.index.let_go_of(left - left / 8);
            } else if !self.halve() {
                // Nothing is left to give way: a conversation of so many messages is begun anew on each turn.
                return Memory::default();
            }
        }
    }

    /// Halves the lists that people read; says whether there was anything to halve.
    fn halve(&mut self) -> bool {
        let memory = &mut self.memory;
        let before = bytes(memory);
        newer_half(&mut memory.topics);
        newer_half(&mut memory.sections);
        newer_half(&mut memory.sentiments);
        newer_half(&mut memory.events);
        newer_half(&mut memory.questions);
        let facts = memory.facts.len() / 2;
        facts::shed(&mut memory.facts, facts);
        bytes(memory) < before
    }
}

fn newer_half<T>(list: &mut Vec<T>) {
    let most = list.len() / 2;
    oldest_out(list, most);
}

/// About how many bytes a memory has, not less than the host counts.
fn bytes(memory: &Memory) -> usize {
    let topics = memory.topics.iter().map(|topic| topic.label.len() + 16);
    let events = memory.events.iter();
    let events = events.map(|event| event.text.len() + event.date.as_ref().map_or(0, String::len) + 16);
    let facts = memory
        .facts
        .iter()
        .map(|fact| fact.text.len() + fact.speaker.len() + 32);
    let questions = memory.questions.iter();
    let questions = questions.map(|question| question.text.len() + question.speaker.len() + 16);
    let sections = memory.sections.iter().map(|section| section.text.len() + 16);
    let lists = topics.chain(events).chain(facts).chain(questions).chain(sections);
    lists.sum::<usize>() + memory.sentiments.len() * 8 + memory.importance.len() * 4 + memory.state.len()
}
