//! The fields of a source in JSON, and what a sentence claims about them.
//!
//! Fields of three kinds are checked by their meaning: yes-or-no fields (whatever their names), opening hours by weekday,
//! and ratings. All other values are checked as text.

mod claims;
mod flags;
mod flatten;
mod hours;
mod polarity;
mod ratings;
mod schedule;
mod topics;

pub(crate) use claims::{Claim, Claims, Kind};
pub(crate) use flatten::flatten;

use serde_json::Value;

use crate::text::words::Word;
use flags::Flags;
use ratings::Ratings;
use schedule::Schedule;

/// What is known of one source in JSON.
pub(crate) struct Fields {
    flags: Flags,
    schedule: Option<Schedule>,
    ratings: Ratings,
}

impl Fields {
    /// Reads the fields that are checked by their meaning.
    pub(crate) fn new(json: &Value) -> Self {
        Self {
            flags: Flags::new(json),
            schedule: Schedule::find(json),
            ratings: Ratings::new(json),
        }
    }

    /// What a sentence claims about the fields. `knows` tells whether the source's text has a stem.
    pub(crate) fn claims(&self, text: &str, words: &[Word], knows: &dyn Fn(u32) -> bool) -> Claims {
        let mut claims = Claims::default();
        self.flags.check(words, knows, &mut claims);
        if let Some(schedule) = &self.schedule {
            hours::check(schedule, text, words, &mut claims);
        }
        self.ratings.check(words, &mut claims);
        claims
    }
}
