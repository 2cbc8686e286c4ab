//! A reply in another language than the question.

mod common_words;
mod tally;

pub(crate) use common_words::add_languages;
pub(crate) use tally::{Tally, Tongue};

use super::{Hit, Then};
use crate::prompt::Prompt;
use crate::settings;
use wording::Lexicon;

/// What the reply is in, where that is sure enough to be held against the question.
pub(crate) fn spoken(reply: &Tally, settings: &settings::Language) -> Option<(Tongue, f32)> {
    if reply.letters() < settings.min_letters {
        return None;
    }
    reply.tongue().filter(|(_, sure)| *sure >= settings.threshold)
}

/// Whether a text chooses another language than that of the question: it names one, or asks for a translation.
pub(crate) fn chooses_another(text: &Prompt, lexicon: &Lexicon, asked: Tongue) -> bool {
    common_words::names_another(text, lexicon, asked.language())
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
