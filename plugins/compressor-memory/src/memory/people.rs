//! Reads messages for what people read of a memory.

use std::ops::Range;

use jiff::civil::Date;
use pointsman_policy::Memory;
use pointsman_policy::memory::Sentiment;

use super::facts::Ledger;
use super::reading::Reading;
use super::{Book, EACH, MOST, events, facts, oldest_out, questions, sections, sentiment};
use crate::conversation::Line;
use crate::reach::Reach;

/// A sentiment nearer to 0 than this is not worth an entry.
const FAINT: f32 = 0.15;

impl Book {
    /// Reads on for people, once all is indexed: messages of so many bytes as a turn reaches, one at least. What was much to
    /// read is divided into topics on a turn of its own. `said` gives the day on which a message was said. Says how many bytes
    /// it read.
    pub fn read_on(&mut self, lines: &[Line], reach: &Reach, said: impl Fn(usize) -> Option<Date>) -> usize {
        if !self.unread().is_empty() {
            return 0;
        }
        let most = reach.read;
        // Of what a tool says nothing is read but that it is there.
        let size = |place: usize| {
            EACH + if lines[place].is_talk() {
                lines[place].gist().len()
            } else {
                0
            }
        };
        let read = self.state.read as usize;
        let divided = self.memory.topics.last().map_or(0, |topic| topic.stretch.end as usize);
        let undivided: usize = (divided..read).map(size).sum();
        if undivided > most {
            sections::settle(self, lines);
            return most;
        }
        let unread = read..self.state.index.len();
        let mut bytes = 0;
        let fits = unread.clone().take_while(|place| {
            bytes += size(*place);
            bytes <= most
        });
        let range = unread.start..unread.start + fits.count().max(1).min(unread.len());
        if range.is_empty() {
            return 0;
        }
        let bytes: usize = range.clone().map(size).sum();
        self.state.read = range.end as u32;
        self.read(lines, range, said);
        self.shed();
        // Dividing is as much work as reading.
        if bytes <= most / 4 {
            sections::settle(self, lines);
        }
        bytes
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
            let (reading, message) = (Reading::of(&lines[place]), place as u32);
            let score = sentiment::score_of(&reading);
            if score.abs() >= FAINT {
                sentiments.push(Sentiment { message, score });
            }
            events::learn(events, &reading, said(place), message);
            facts.learn(&reading, message, importance[place]);
            questions::learn(questions, &reading, message);
        }
    }

    /// Keeps the lists within bounds.
    fn shed(&mut self) {
        let memory = &mut self.memory;
        oldest_out(&mut memory.sentiments, MOST);
        oldest_out(&mut memory.events, MOST);
        oldest_out(&mut memory.questions, MOST);
        facts::shed(&mut memory.facts, MOST);
    }
}
