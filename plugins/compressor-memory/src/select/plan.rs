//! The decision of a turn: the fate of each message, and how it came about.

use super::budget::Budget;
use super::cache::Cache;
use super::compact::Compaction;
use super::relevance::{self, Question};
use super::trim::trim;
use super::units::{Unit, group};
use crate::conversation::Line;
use crate::memory::Book;
use crate::memory::state::Fate;
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
    /// How well each message fits the question, where one is known: 0 to 1.
    pub relevance: Option<Vec<f32>>,
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
}

impl Desk<'_> {
    /// Decides.
    pub fn plan(&self, book: &mut Book) -> Plan {
        let relevance = self.question.map(|question| {
            let mut scores = relevance::score(&book.state.index, self.lines, &Question::new(question));
            let top = scores.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
            scores.iter_mut().for_each(|score| *score /= top);
            scores
        });
        let units = group(self.lines, book.state.known.len());
        let held = self.settings.hold && book.state.compactions > 0;
        let mut fates = self.fates(book, &units, held);
        let mut tokens = self.total(book, &fates);
        let mut course = if held { Course::Held } else { Course::Fits };
        if tokens > self.budget.tokens {
            let after = Compaction::new(self, &units, &fates, relevance.as_deref()).choose(book);
            let after_tokens = self.total(book, &after);
            let (saving, least) = (tokens.saturating_sub(after_tokens), self.least_saving(&fates, &after));
            course = if saving < least {
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
            relevance,
        }
    }

    /// What was decided before. A message that is locked stays as it is, whatever that was.
    fn fates(&self, book: &Book, units: &[Unit], held: bool) -> Vec<Fate> {
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
            Fate::Trimmed => all - self.saving(book, place),
            Fate::Dropped => 0,
        }
    }

    /// Tokens that trimming a message saves; counted once in a conversation.
    pub(super) fn saving(&self, book: &mut Book, place: usize) -> u32 {
        let Some(known) = book.state.known.get_mut(place) else {
            return 0;
        };
        *known.saving.get_or_insert_with(|| {
            let line = &self.lines[place];
            let text = line.is_talk().then(|| trim(&line.text, self.settings.trim)).flatten();
            text.map_or(0, |text| (self.count)(&line.text).saturating_sub((self.count)(&text)))
        })
    }
}

/// Remembers what was decided.
fn keep(book: &mut Book, fates: &[Fate]) {
    book.state.compactions += 1;
    let known = book.state.known.iter_mut().zip(fates);
    known.for_each(|(known, fate)| known.fate = *fate);
}
