//! What is remembered of a conversation: merged turn by turn, readable by a person, and carrying the index that selection
//! works on.

pub mod bm25;
pub mod events;
pub mod facts;
pub mod importance;
pub mod index;
pub mod known;
mod likelihood;
mod matter;
mod matter_han;
mod packed;
mod people;
mod pieces;
pub mod questions;
pub mod reading;
pub mod sections;
pub mod sentiment;
mod sentiment_han;
mod sentiment_words;
mod size;
pub mod state;
mod stored;
pub mod topics;
pub mod vocabulary;
mod weights;

use pointsman_policy::Memory;

use crate::conversation::Line;
use crate::language::terms::{Term, terms};
use state::{State, VERSION};

/// Entries of one kind that a memory holds at most: the least important, or the oldest, go first.
const MOST: usize = 1500;
/// What a message takes to read beside its text, as bytes of text.
const EACH: usize = 16;

/// A memory that is open for reading and writing.
#[derive(Debug, Default)]
pub struct Book {
    /// What people read.
    pub memory: Memory,
    /// What this policy reads.
    pub state: State,
}

impl Book {
    /// Opens what was remembered of this conversation. What was changed since is forgotten from there on.
    pub fn open(remembered: Option<Memory>, lines: &[Line]) -> Self {
        let Some(memory) = remembered.filter(|memory| memory.version == VERSION) else {
            return Self::default();
        };
        let state = State::decode(&memory.state);
        let mut book = Self { memory, state };
        let same = book.state.same(lines);
        if same < book.state.known.len() || book.memory.covered as usize != book.state.index.len() {
            book.forget(same);
        }
        book
    }

    fn forget(&mut self, from: usize) {
        self.state.truncate(from);
        let end = self.state.index.len() as u32;
        let memory = &mut self.memory;
        memory.covered = end;
        memory.sentiments.retain(|entry| entry.message < end);
        memory.events.retain(|entry| entry.message < end);
        memory.questions.retain(|entry| entry.message < end);
        memory.facts.retain(|entry| entry.message < end);
        let facts = memory.facts.len() as u32;
        for fact in &mut memory.facts {
            fact.superseded_by = fact.superseded_by.filter(|place| *place < facts);
        }
        memory.importance.truncate(end as usize);
        memory.topics.retain(|topic| topic.stretch.end <= end);
        memory.sections.retain(|section| section.stretch.end <= end);
        self.state.settled = memory.topics.last().map_or(0, |topic| topic.stretch.end);
    }
}

/// What a message is found by: its speaker's name, and its words.
pub fn indexed(line: &Line) -> Vec<Term> {
    let mut found = terms(&line.speaker);
    found.extend(terms(line.gist()));
    found
}

fn oldest_out<T>(list: &mut Vec<T>, most: usize) {
    list.drain(..list.len().saturating_sub(most));
}

#[cfg(test)]
mod tests;
