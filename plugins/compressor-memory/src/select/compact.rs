//! Chooses what of a conversation stays when it has grown over its budget.
//!
//! Where what was compacted holds, a compaction leaves room for the turns that follow, or the next of them would compact
//! anew. A further one comes in two sizes. The small one touches only what was said since, and so leaves the beginning of
//! the conversation as a provider has cached it. When too little would come of that, the large one chooses among all that
//! is left.

use super::fill::fill;
use super::plan::Desk;
use super::units::{Unit, Units};
use crate::memory::Book;
use crate::memory::known::Fate;

/// A small compaction leaves this share of what was said since the last one,
const SMALL: f64 = 0.3;
/// and is made only where the whole then takes no more than this share of the budget.
const SMALL_UP_TO: f64 = 0.9;
/// Trimming takes no more than this share of a message's tokens.
const TRIMMED_AWAY: f64 = 0.4;

/// One compaction in the making.
pub(super) struct Compaction<'a> {
    desk: &'a Desk<'a>,
    units: &'a Units,
    before: &'a [Fate],
    relevance: Option<&'a [f32]>,
}

impl<'a> Compaction<'a> {
    pub(super) fn new(desk: &'a Desk<'a>, units: &'a Units, before: &'a [Fate], relevance: Option<&'a [f32]>) -> Self {
        Self {
            desk,
            units,
            before,
            relevance,
        }
    }

    /// The new fate of each message.
    pub(super) fn choose(&self, book: &mut Book) -> Vec<Fate> {
        let budget = f64::from(self.desk.budget.tokens);
        if !self.desk.settings.hold || !self.desk.goes_on {
            return self.among(book, |_| true, self.desk.budget.tokens);
        }
        let locked = self.desk.lines.iter().filter(|line| line.locked);
        let locked = f64::from(locked.map(|line| line.tokens).fold(0, u32::saturating_add)).min(budget);
        // Of what may be chosen at all: long instructions leave no less for the rest.
        let with_room = (locked + (budget - locked) * (1.0 - self.desk.settings.headroom)) as u32;
        if book.state.compactions == 0 {
            return self.among(book, |_| true, with_room);
        }
        let (mut old, mut young) = (0, 0);
        for (place, fate) in self.before.iter().enumerate() {
            let tokens = self.desk.tokens(book, place, *fate);
            *(if *fate == Fate::Open && !self.desk.lines[place].locked {
                &mut young
            } else {
                &mut old
            }) += tokens;
        }
        let small = f64::from(old) + SMALL * f64::from(young);
        if small <= SMALL_UP_TO * budget {
            return self.among(book, |fate| fate == Fate::Open, small as u32);
        }
        self.among(book, |_| true, with_room)
    }

    /// Chooses among the units of some fates what stays, so that all that is sent has at most `target` tokens.
    fn among(&self, book: &mut Book, free: impl Fn(Fate) -> bool, target: u32) -> Vec<Fate> {
        let mut fates = self.before.to_vec();
        let is_free = |unit: &Unit| {
            let fate = self.before[unit.members[0]];
            !unit.locked && fate != Fate::Dropped && free(fate)
        };
        let free: Vec<Unit> = self.units.iter().filter(is_free).collect();
        free.iter()
            .flat_map(|unit| unit.members)
            .for_each(|place| fates[*place] = Fate::Dropped);
        let fixed: u32 = (0..fates.len())
            .map(|place| self.desk.tokens(book, place, fates[place]))
            .sum();
        let mut room = target.saturating_sub(fixed);

        let older = &free[..self.newest(&free, &mut room)];
        free[older.len()..]
            .iter()
            .flat_map(|unit| unit.members)
            .for_each(|place| fates[*place] = Fate::Open);
        let importance = book.standing();
        let worth: Vec<f32> = older.iter().map(|unit| self.worth(unit, &importance)).collect();
        let taken = fill(&worth, room, |at, left| {
            let tokens = self.shortest(book, &older[at], left)?;
            room -= if tokens <= left { tokens } else { 0 };
            Some(tokens)
        });
        for (unit, _) in older.iter().zip(&taken).filter(|(_, taken)| **taken) {
            let fate = self.fate(book, unit);
            unit.members.iter().for_each(|place| fates[*place] = fate);
        }
        if book.state.compactions == 0 {
            self.restore(book, &mut fates, &mut room);
        }
        fates
    }

    /// From which unit on the newest stay as they are: as many as the settings say, while they take less than half of the
    /// room.
    fn newest(&self, free: &[Unit], room: &mut u32) -> usize {
        let most = *room / 2;
        let (mut taken, mut from) = (0, free.len());
        while from > 0 && free.len() - from < self.desk.settings.keep_last as usize {
            let tokens = self.whole(&free[from - 1]);
            if taken + tokens > most {
                break;
            }
            taken += tokens;
            from -= 1;
        }
        *room -= taken;
        from
    }

    fn whole(&self, unit: &Unit) -> u32 {
        unit.members.iter().map(|place| self.desk.lines[*place].tokens).sum()
    }

    /// How a unit stays: a message that somebody said is trimmed, where this turn can still do that; a tool exchange is left
    /// alone.
    fn fate(&self, book: &mut Book, unit: &Unit) -> Fate {
        match unit.members {
            [place] if self.desk.trimming(book, *place).is_some() => Fate::Trimmed,
            _ => Fate::Kept,
        }
    }

    /// Tokens of a unit as it would stay, where it may fit at all.
    fn shortest(&self, book: &mut Book, unit: &Unit, left: u32) -> Option<u32> {
        let whole = self.whole(unit);
        let (fits, may_fit) = (
            whole <= left,
            f64::from(whole) * (1.0 - TRIMMED_AWAY) <= f64::from(left),
        );
        let is_talk = matches!(unit.members, [place] if self.desk.lines[*place].is_talk());
        if !is_talk || !may_fit {
            return fits.then_some(whole);
        }
        let fate = self.fate(book, unit);
        Some(
            unit.members
                .iter()
                .map(|place| self.desk.tokens(book, *place, fate))
                .sum(),
        )
    }

    /// What a unit is worth: with a question how well it fits, and a little for importance; without one its importance for
    /// each token.
    fn worth(&self, unit: &Unit, importance: &[f32]) -> f32 {
        let most = |scores: &[f32]| unit.members.iter().map(|place| scores[*place]).fold(0.0, f32::max);
        match self.relevance {
            Some(relevance) => most(relevance) + 0.05 * most(importance),
            None => most(importance) / (self.whole(unit).max(1) as f32).powf(0.7),
        }
    }

    /// Gives the newest of the trimmed messages their words back where there is room left.
    fn restore(&self, book: &mut Book, fates: &mut [Fate], room: &mut u32) {
        for place in (0..book.state.known.len())
            .rev()
            .filter(|place| fates[*place] == Fate::Trimmed)
            .collect::<Vec<_>>()
        {
            let saving = self.desk.saving(book, place);
            if saving <= *room {
                *room -= saving;
                fates[place] = Fate::Kept;
            }
        }
    }
}
