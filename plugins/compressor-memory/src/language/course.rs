//! Whether a sentence speaks of what was or of what is to come: which `March 3` it means.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::lexicon::look;
use super::tables::PAST;

/// Whether a time lies behind or ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// Behind.
    Past,
    /// Ahead.
    Ahead,
    /// Nothing tells.
    Unsaid,
}

/// Words of what is to come.
const AHEAD: &[&str] = &[
    "will",
    "ll",
    "gonna",
    "going",
    "plan",
    "planning",
    "hope",
    "wanna",
    "shall",
    "must",
    "deadline",
    "due",
    "expires",
    "expire",
    "scheduled",
    "upcoming",
];
/// The same, where nothing else tells: one may have lived somewhere until May.
const UNTIL: &[&str] = &["until", "till", "by"];
/// A cue is looked for in this many words before a time, and behind it.
const BEFORE: usize = 8;
const BEHIND: usize = 6;
/// Without a cue, a day of another year's distance would be guessed: it is nearer than this many days, or none.
const NEAR: i32 = 120;

impl Course {
    /// What the words around a time say: the nearest cue counts, before others one of what is to come.
    pub(super) fn of(before: &[&str], behind: &[&str]) -> Self {
        let before = before.iter().rev().take(BEFORE).enumerate();
        let behind = behind.iter().take(BEHIND).enumerate();
        let around: Vec<(usize, &str)> = before.chain(behind).map(|(far, word)| (far, *word)).collect();
        let nearest = |is_cue: &dyn Fn(&str) -> bool| {
            let cues = around.iter().filter(|(_, word)| is_cue(word));
            cues.map(|(far, _)| *far).min()
        };
        let ahead = nearest(&|word| AHEAD.contains(&word));
        let past = nearest(&is_past);
        match (past, ahead) {
            (Some(past), Some(ahead)) if past < ahead => Self::Past,
            (_, Some(_)) => Self::Ahead,
            (Some(_), None) => Self::Past,
            (None, None) if nearest(&|word| UNTIL.contains(&word)).is_some() => Self::Ahead,
            (None, None) => Self::Unsaid,
        }
    }

    /// What a Chinese sentence says.
    pub(super) fn of_han(text: &str) -> Self {
        let has = |marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
        match (
            has(&["了", "过", "曾"]),
            has(&["要", "会", "将", "打算", "计划", "截止", "之前"]),
        ) {
            (_, true) => Self::Ahead,
            (true, false) => Self::Past,
            (false, false) => Self::Unsaid,
        }
    }

    /// The day of a month that is meant.
    pub(super) fn day(self, said: Date, month: i8, day: i8) -> Option<Date> {
        let years = said.year().saturating_sub(1)..=said.year().saturating_add(1);
        self.pick(said, years.filter_map(|year| Date::new(year, month, day).ok()))
    }

    /// The first day of the month that is meant.
    pub(super) fn month(self, said: Date, month: i8) -> Option<Date> {
        let years = said.year().saturating_sub(1)..=said.year().saturating_add(1);
        self.pick(
            said.first_of_month(),
            years.filter_map(|year| Date::new(year, month, 1).ok()),
        )
    }

    /// The day of the week that is meant; without a cue it may be either.
    pub(super) fn weekday(self, said: Date, day: Weekday) -> Option<Date> {
        match self {
            Self::Past => said.nth_weekday(-1, day).ok(),
            Self::Ahead => said.nth_weekday(1, day).ok(),
            Self::Unsaid => None,
        }
    }

    fn pick(self, said: Date, mut of: impl Iterator<Item = Date>) -> Option<Date> {
        match self {
            Self::Past => of.filter(|date| *date <= said).last(),
            Self::Ahead => of.find(|date| *date >= said),
            Self::Unsaid => {
                let (from, to) = (said.checked_sub(NEAR.days()).ok()?, said.checked_add(NEAR.days()).ok()?);
                of.find(|date| (from..=to).contains(date))
            }
        }
    }
}

fn is_past(word: &str) -> bool {
    let regular =
        word.len() > 4 && word.ends_with("ed") && !["hundred", "indeed", "speed", "scheduled"].contains(&word);
    regular || look(word).classes.has(PAST)
}
