//! What is remembered of a conversation: merged turn by turn, readable by a person, and carrying the index that selection
//! works on.

pub mod events;
pub mod facts;
pub mod importance;
pub mod index;
mod matter;
mod matter_han;
pub mod questions;
pub mod sections;
pub mod sentiment;
mod sentiment_han;
mod sentiment_words;
pub mod state;
pub mod topics;

use std::ops::Range;

use jiff::civil::Date;
use pointsman_policy::Memory;
use pointsman_policy::memory::Sentiment;

use crate::conversation::Line;
use crate::language::words::{Term, terms};
use facts::Ledger;
use state::{Known, State, VERSION, fingerprint};

/// Entries of one kind that a memory holds at most: the least important, or the oldest, go first.
const MOST: usize = 1500;
/// A sentiment nearer to 0 than this is not worth an entry.
const FAINT: f32 = 0.15;
/// Bytes that are read on one turn for what people will read. A long history that comes at once is indexed at once, so that it
/// can be selected from, and read in the course of the turns that follow.
const READ_AT_ONCE: usize = 32 << 10;
/// Bytes that a state may take; beyond it the index is not kept, and made anew on each turn.
const STATE: usize = 800 << 10;

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
        if same < book.state.known.len() || book.memory.covered as usize != same {
            book.forget(same);
        }
        let unindexed = book.state.index.len()..same;
        lines[unindexed]
            .iter()
            .for_each(|line| book.state.index.add(&indexed(line)));
        book
    }

    fn forget(&mut self, from: usize) {
        self.state.truncate(from);
        let end = from as u32;
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
        memory.topics.retain(|topic| topic.stretch.end <= end);
        memory.sections.retain(|section| section.stretch.end <= end);
        self.state.settled = memory.topics.last().map_or(0, |topic| topic.stretch.end);
    }

    /// Takes in the messages up to `until` that it does not know yet. `said` gives the day on which a message was said.
    pub fn learn(&mut self, lines: &[Line], until: usize, said: impl Fn(usize) -> Option<Date>) {
        let from = self.state.known.len();
        for place in from..until {
            let line = &lines[place];
            self.state.index.add(&indexed(line));
            self.state.known.push(Known {
                fingerprint: fingerprint(line),
                cues: importance::cues(line, place.checked_sub(1).map(|before| &lines[before])),
                saving: None,
                fate: state::Fate::Open,
            });
        }
        if from < until {
            self.memory.version = VERSION;
            self.memory.covered = until as u32;
            self.memory.importance = self.importance();
        }
        let new: usize = lines[from..until].iter().map(|line| line.gist().len()).sum();
        if new > READ_AT_ONCE {
            return;
        }
        let unread = self.state.read as usize..until;
        let mut bytes = 0;
        let most = unread.clone().take_while(|place| {
            bytes += lines[*place].gist().len();
            bytes <= READ_AT_ONCE
        });
        // A message of more than that alone is read all the same.
        let range = unread.start..unread.start + most.count().max(1).min(unread.len());
        if !range.is_empty() {
            self.state.read = range.end as u32;
            self.read(lines, range, said);
            sections::settle(self, lines);
            self.shed();
        }
    }

    /// Importance of every known message, 0 to 1.
    pub fn importance(&self) -> Vec<f32> {
        let cues: Vec<f32> = self.state.known.iter().map(|known| known.cues).collect();
        importance::all(&self.state.index, &cues)
    }

    fn read(&mut self, lines: &[Line], range: Range<usize>, said: impl Fn(usize) -> Option<Date>) {
        let Memory {
            sentiments,
            events,
            facts,
            questions,
            importance,
            ..
        } = &mut self.memory;
        let mut facts = Ledger::open(facts);
        for place in range.filter(|place| lines[*place].is_talk()) {
            let (line, message) = (&lines[place], place as u32);
            let score = sentiment::score(line.gist());
            if score.abs() >= FAINT {
                sentiments.push(Sentiment { message, score });
            }
            events::learn(events, line, said(place), message);
            facts.learn(line, message, importance[place]);
            questions::learn(questions, line, message);
        }
    }

    /// Keeps the lists within bounds.
    fn shed(&mut self) {
        let memory = &mut self.memory;
        oldest_out(&mut memory.sentiments);
        oldest_out(&mut memory.events);
        oldest_out(&mut memory.questions);
        facts::shed(&mut memory.facts, MOST);
    }

    /// The memory to keep.
    pub fn close(mut self) -> Memory {
        self.memory.state = self.state.encode();
        if self.memory.state.len() > STATE {
            self.memory.state = self.state.without_index().encode();
        }
        self.memory
    }
}

/// What a message is found by: its words, and its speaker's name.
pub fn indexed(line: &Line) -> Vec<Term> {
    let mut found = terms(&line.speaker);
    found.extend(terms(line.gist()));
    found
}

fn oldest_out<T>(list: &mut Vec<T>) {
    list.drain(..list.len().saturating_sub(MOST));
}

#[cfg(test)]
mod tests;
