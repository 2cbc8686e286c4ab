//! The decision of a turn: the fate of each message, and how it came about.

use std::cell::{Cell, RefCell};

use pointsman_policy::Role;

use super::budget::Budget;
use super::cache::Cache;
use super::compact::Compaction;
use super::matches::Matches;
use super::question::Question;
use super::relevance;
use super::units::{Units, group};
use crate::conversation::Line;
use crate::memory::Book;
use crate::memory::known::Fate;
use crate::reach::Reach;
use crate::settings::Settings;

/// Counts the tokens of a text.
pub type Count<'a> = &'a dyn Fn(&str) -> u32;

/// How a plan came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// Everything fits.
    Fits,
    /// What was compacted before holds, and is enough.
    Held,
    /// The conversation was compacted.
    Compacted,
    /// Compacting would save less than it costs.
    NotWorth {
        /// Tokens that it would save in each turn.
        saving: u32,
        /// Tokens that it would have to save.
        least: u32,
    },
}

/// What is to be done.
#[derive(Debug)]
pub struct Plan {
    /// How it came about.
    pub course: Course,
    /// The fate of each message.
    pub fates: Vec<Fate>,
    /// Tokens of what stays, without a note.
    pub tokens: u32,
    /// Only the messages that must stay are left, and they are more than the budget.
    pub overfull: bool,
    /// What had been compacted before all was read was chosen anew.
    pub anew: bool,
    /// What of the question each message has, where one is known.
    pub fits: Option<Fits>,
}

/// What of a question each message has.
#[derive(Debug)]
pub struct Fits {
    /// How well it fits, neighbours and subjects counted: 0 to 1.
    pub relevance: Vec<f32>,
    /// How much of the question it takes up: 0 to 1.
    pub coverage: Vec<f32>,
}

/// What a plan rests on.
pub struct Desk<'a> {
    /// The conversation.
    pub lines: &'a [Line],
    /// The budget.
    pub budget: Budget,
    /// What the settings say.
    pub settings: &'a Settings,
    /// The question, where it is known.
    pub question: Option<&'a str>,
    /// Whether more turns may follow, for which a compaction leaves room.
    pub goes_on: bool,
    /// What the provider's prompt cache is worth.
    pub cache: Cache,
    /// Counts tokens as the host does.
    pub count: Count<'a>,
    /// The part of a message that is all of it and a text, where there is one.
    pub only_part: &'a dyn Fn(usize) -> Option<u32>,
    /// How much text this turn works on.
    pub reach: Reach,
    /// Bytes of text that were trimmed on this turn.
    pub trimmed: Cell<usize>,
    /// Tokens that a message has beside its text, by role and by whether it has a name.
    pub framing: RefCell<Vec<(Role, bool, u32)>>,
}

impl Desk<'_> {
    /// Decides.
    pub fn plan(&self, book: &mut Book) -> Plan {
        let fits = self.question.map(|question| {
            let (question, seen) = (Question::new(question), book.state.known.len());
            let matches = Matches::of(&question, &book.state.index, self.lines, seen, self.reach.look);
            Fits {
                relevance: relevance::score(&matches, self.lines, &question),
                coverage: matches.coverage(),
            }
        });
        let relevance = fits.as_ref().map(|fits| fits.relevance.as_slice());
        let units = group(self.lines, book.state.known.len());
        let anew = book.state.provisional && book.unread().is_empty();
        if anew {
            book.state.undecide();
        }
        let held = self.settings.hold && book.state.compactions > 0;
        let mut fates = self.fates(book, &units, held);
        let mut tokens = self.total(book, &fates);
        let mut course = if held { Course::Held } else { Course::Fits };
        if tokens > self.budget.tokens {
            let after = Compaction::new(self, &units, &fates, relevance).choose(book);
            let after_tokens = self.total(book, &after);
            let (saving, least) = (tokens.saturating_sub(after_tokens), self.least_saving(&fates, &after));
            course = if saving < least && !anew {
                Course::NotWorth { saving, least }
            } else {
                keep(book, &after);
                (fates, tokens) = (after, after_tokens);
                Course::Compacted
            };
        }
        Plan {
            course,
            fates,
            tokens,
            // Where compacting does not pay, nothing was taken away: it is not that nothing could be.
            overfull: course == Course::Compacted && tokens > self.budget.tokens,
            anew,
            fits,
        }
    }

    /// What was decided before. A message that is locked stays as it is, whatever that was.
    fn fates(&self, book: &Book, units: &Units, held: bool) -> Vec<Fate> {
        let mut fates = vec![Fate::Open; self.lines.len()];
        if held {
            let known = fates.iter_mut().zip(&book.state.known);
            known.for_each(|(fate, known)| *fate = known.fate);
        }
        for unit in units.iter().filter(|unit| unit.locked) {
            unit.members.iter().for_each(|place| fates[*place] = Fate::Open);
        }
        fates
    }

    /// Tokens that a compaction must save to be worth it.
    fn least_saving(&self, before: &[Fate], after: &[Fate]) -> u32 {
        let settings = self.settings.min_saving;
        if !self.budget.soft {
            return settings;
        }
        let mut pairs = before.iter().zip(after);
        let change = pairs
            .position(|(before, after)| before != after)
            .unwrap_or(before.len());
        let behind = (change..self.lines.len()).filter(|place| after[*place] != Fate::Dropped);
        let read_anew = behind.map(|place| self.lines[place].tokens).sum();
        settings.max(self.cache.least_saving(read_anew))
    }

    fn total(&self, book: &mut Book, fates: &[Fate]) -> u32 {
        let each = fates.iter().enumerate();
        each.map(|(place, fate)| self.tokens(book, place, *fate)).sum()
    }

    /// Tokens of a message under a fate.
    pub(super) fn tokens(&self, book: &mut Book, place: usize, fate: Fate) -> u32 {
        let all = self.lines[place].tokens;
        match fate {
            Fate::Open | Fate::Kept => all,
            Fate::Trimmed => all.saturating_sub(self.saving(book, place)),
            Fate::Dropped => 0,
        }
    }
}

/// Remembers what was decided.
fn keep(book: &mut Book, fates: &[Fate]) {
    book.state.compactions += 1;
    book.state.provisional = !book.unread().is_empty();
    let known = book.state.known.iter_mut().zip(fates);
    known.for_each(|(known, fate)| known.fate = *fate);
}
