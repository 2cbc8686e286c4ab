//! The decision of a turn: the fate of each message, and how it came about.

use super::budget::Budget;
use super::cache::Cache;
use super::fill::{Candidate, fill};
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
    /// The messages that must stay are more than the budget.
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
        let mut fates = vec![Fate::Open; self.lines.len()];
        let held = self.settings.hold && book.state.compactions > 0;
        if held {
            fates
                .iter_mut()
                .zip(&book.state.known)
                .for_each(|(fate, known)| *fate = known.fate);
        }
        self.unlock(&units, &mut fates);
        let mut tokens = self.total(book, &fates);
        let course = match (tokens <= self.budget.tokens, held) {
            (true, true) => Course::Held,
            (true, false) => Course::Fits,
            (false, _) => {
                let before = (fates.clone(), tokens);
                tokens = self.compact(book, &units, &mut fates, relevance.as_deref());
                match self
                    .least_saving(&before.0, &fates)
                    .filter(|least| before.1 - tokens.min(before.1) < *least)
                {
                    Some(least) => {
                        let saving = before.1.saturating_sub(tokens);
                        (fates, tokens) = before;
                        Course::NotWorth { saving, least }
                    }
                    None => {
                        self.keep(book, &fates);
                        Course::Compacted
                    }
                }
            }
        };
        Plan {
            course,
            fates,
            tokens,
            overfull: tokens > self.budget.tokens,
            relevance,
        }
    }

    /// Tokens that a compaction must save to be worth it, where there is such a bound.
    fn least_saving(&self, before: &[Fate], after: &[Fate]) -> Option<u32> {
        let settings = self.settings.min_saving;
        if !self.budget.soft {
            return (settings > 0).then_some(settings);
        }
        let change = before
            .iter()
            .zip(after)
            .position(|(before, after)| before != after && *after != Fate::Kept)?;
        let behind = (change..self.lines.len()).filter(|place| after[*place] != Fate::Dropped);
        let read_anew = behind.map(|place| self.lines[place].tokens).sum();
        Some(settings.max(self.cache.least_saving(read_anew)))
    }

    /// Remembers what was decided.
    fn keep(&self, book: &mut Book, fates: &[Fate]) {
        book.state.compactions += 1;
        for (known, fate) in book.state.known.iter_mut().zip(fates) {
            known.fate = *fate;
        }
    }

    /// A message that is locked stays as it is, whatever was decided before.
    fn unlock(&self, units: &[Unit], fates: &mut [Fate]) {
        for unit in units.iter().filter(|unit| unit.locked) {
            unit.members.iter().for_each(|place| fates[*place] = Fate::Open);
        }
    }

    fn total(&self, book: &mut Book, fates: &[Fate]) -> u32 {
        (0..fates.len())
            .map(|place| self.tokens(book, place, fates[place]))
            .sum()
    }

    /// Tokens of a message under a fate.
    fn tokens(&self, book: &mut Book, place: usize, fate: Fate) -> u32 {
        let all = self.lines[place].tokens;
        match fate {
            Fate::Open | Fate::Kept => all,
            Fate::Trimmed => all - self.saving(book, place),
            Fate::Dropped => 0,
        }
    }

    /// Tokens that trimming a message saves; counted once in a conversation.
    fn saving(&self, book: &mut Book, place: usize) -> u32 {
        let Some(known) = book.state.known.get_mut(place) else {
            return 0;
        };
        *known.saving.get_or_insert_with(|| {
            let line = &self.lines[place];
            let text = line.is_talk().then(|| trim(&line.text, self.settings.trim)).flatten();
            text.map_or(0, |text| (self.count)(&line.text).saturating_sub((self.count)(&text)))
        })
    }

    /// Chooses what stays, and says how many tokens that has.
    fn compact(&self, book: &mut Book, units: &[Unit], fates: &mut [Fate], relevance: Option<&[f32]>) -> u32 {
        let target = match book.state.compactions {
            1.. if self.settings.hold => (f64::from(self.budget.tokens) * (1.0 - self.settings.headroom)) as u32,
            _ => self.budget.tokens,
        };
        let locked: u32 = self.tokens_of(units.iter().filter(|unit| unit.locked));
        let free: Vec<&Unit> = units
            .iter()
            .filter(|unit| !unit.locked && fates[unit.members[0]] != Fate::Dropped)
            .collect();
        let mut room = target.max(locked) - locked;
        let newest = self.newest(&free, &mut room);
        let (older, newer) = free.split_at(newest);
        newer
            .iter()
            .flat_map(|unit| &unit.members)
            .for_each(|place| fates[*place] = Fate::Kept);

        let importance = book.importance();
        let candidates: Vec<Candidate> = older
            .iter()
            .map(|unit| {
                let tokens = unit
                    .members
                    .iter()
                    .map(|place| self.tokens(book, *place, self.shortest(unit)))
                    .sum();
                Candidate {
                    worth: worth(unit, tokens, &importance, relevance),
                    tokens,
                }
            })
            .collect();
        let taken = fill(&candidates, room);
        for ((unit, candidate), taken) in older.iter().zip(&candidates).zip(&taken) {
            let fate = if *taken { self.shortest(unit) } else { Fate::Dropped };
            unit.members.iter().for_each(|place| fates[*place] = fate);
            room -= if *taken { candidate.tokens } else { 0 };
        }
        if book.state.compactions == 0 {
            self.restore(book, fates, &mut room);
        }
        self.total(book, fates)
    }

    fn shortest(&self, unit: &Unit) -> Fate {
        match unit.members.as_slice() {
            [place] if self.lines[*place].is_talk() => Fate::Trimmed,
            _ => Fate::Kept,
        }
    }

    fn tokens_of<'u>(&self, units: impl Iterator<Item = &'u Unit>) -> u32 {
        units
            .flat_map(|unit| &unit.members)
            .map(|place| self.lines[*place].tokens)
            .sum()
    }

    /// From which unit on the newest stay as they are: as many as the settings say, while they take less than half of
    /// what there is room for.
    fn newest(&self, free: &[&Unit], room: &mut u32) -> usize {
        let most = *room / 2;
        let mut taken = 0;
        let mut from = free.len();
        while from > 0 && free.len() - from < self.settings.keep_last as usize {
            let tokens = self.tokens_of(std::iter::once(free[from - 1]));
            if taken + tokens > most {
                break;
            }
            taken += tokens;
            from -= 1;
        }
        *room -= taken;
        from
    }

    /// Gives the newest of the trimmed messages their words back where there is room left.
    fn restore(&self, book: &mut Book, fates: &mut [Fate], room: &mut u32) {
        for place in (0..book.state.known.len()).rev() {
            if fates[place] != Fate::Trimmed {
                continue;
            }
            let saving = self.saving(book, place);
            if saving <= *room {
                *room -= saving;
                fates[place] = Fate::Kept;
            }
        }
    }
}

/// What a unit is worth: with a question how well it fits, and a little for importance; without one its importance for
/// each token.
fn worth(unit: &Unit, tokens: u32, importance: &[f32], relevance: Option<&[f32]>) -> f32 {
    let most = |scores: &[f32]| unit.members.iter().map(|place| scores[*place]).fold(0.0, f32::max);
    match relevance {
        Some(relevance) => most(relevance) + 0.05 * most(importance),
        None => most(importance) / (tokens.max(1) as f32).powf(0.7),
    }
}
