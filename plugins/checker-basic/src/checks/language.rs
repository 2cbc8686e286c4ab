//! A reply in another language than the question.

mod common_words;
mod tally;

pub(crate) use common_words::{add_languages, names_a_language};
pub(crate) use tally::{Tally, Tongue};

use super::{Hit, Then};
use crate::settings;

/// Compares the language of the reply with those that the last user message may be in.
pub(crate) fn finish(asked: &[Tongue], reply: &Tally, settings: &settings::Language) -> Option<Hit> {
    if reply.letters() < settings.min_letters {
        return None;
    }
    let (spoken, sure) = reply.tongue()?;
    let first = asked.first()?;
    if asked.iter().any(|tongue| tongue.may_be(spoken)) || sure < settings.threshold {
        return None;
    }
    let text = format!("the reply is in {}, the question in {}", spoken.name(), first.name());
    Some(Hit {
        code: "language",
        text,
        span: None,
        score: sure,
        then: Then::Do(settings.action),
    })
}
