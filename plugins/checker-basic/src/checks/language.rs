//! A reply in another language than the question.

mod common_words;
mod tally;

pub(crate) use common_words::{add_languages, names_a_language};
pub(crate) use tally::{Tally, Tongue};

use super::{Hit, Then};
use crate::settings;

/// What the reply is in, where that is sure enough to be held against the question.
pub(crate) fn spoken(reply: &Tally, settings: &settings::Language) -> Option<(Tongue, f32)> {
    if reply.letters() < settings.min_letters {
        return None;
    }
    reply.tongue().filter(|(_, sure)| *sure >= settings.threshold)
}

/// A reply in another language than what was asked.
pub(crate) fn hit((spoken, sure): (Tongue, f32), asked: Tongue, settings: &settings::Language) -> Hit {
    Hit {
        code: "language",
        text: format!("the reply is in {}, the question in {}", spoken.name(), asked.name()),
        span: None,
        score: sure,
        then: Then::Do(settings.action),
    }
}
