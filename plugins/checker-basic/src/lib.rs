//! `checker-basic`: what goes wrong most often with a reply, in whole replies and in streams.
//!
//! A reply's text goes once, a character at a time, through its readers (words, `layout`) to the checks.
//! So a stream is judged as the whole text would be, however it is cut, and in memory that does not grow with it. The
//! way of the data: [`BasicReview`] tells the choices apart → `choice` reads their text → `checks` note what is wrong →
//! `verdict` weighs it.
// A test may stop on what it did not expect.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

mod checks;
mod choice;
mod layout;
mod prompt;
mod request;
mod review;
mod settings;
mod verdict;

pub mod training;

pub use review::BasicReview;
pub use settings::{Arithmetic, Courtesy, CutOff, Do, Empty, Json, Language, Loop, Pii, Refusal, Secrets, Settings};

use checks::arithmetic::Terms;
use checks::courtesy::Courtesies;
use checks::language::add_languages;
use checks::refusal::Refusals;
use choice::Reader;
use pointsman_policy::{Ability, About, Checker, Policy, Problem, SettingsError, Turn, about};
use wording::Lexicon;

/// The policy: its settings, and the words and phrases that it looks for.
pub struct BasicChecker {
    reader: Reader,
}

impl Policy for BasicChecker {
    type Settings = Settings;
    const ABOUT: About = about!(
        "Finds replies that are empty, cut off, looping, refusing, wrong, leaking or not in the form that was asked for."
    );

    fn new(settings: Settings) -> Result<Self, Vec<SettingsError>> {
        let problems = settings.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut lexicon = Lexicon::default();
        let refusals = Refusals::new(&mut lexicon);
        let courtesies = Courtesies::new(&mut lexicon);
        let terms = Terms::new(&mut lexicon);
        add_languages(&mut lexicon);
        Ok(Self {
            reader: Reader {
                settings,
                lexicon,
                refusals,
                courtesies,
                terms,
            },
        })
    }
}

impl Checker for BasicChecker {
    const ABILITIES: &'static [Ability] = &[Ability::ReplyReview];
    type Review = BasicReview;

    fn review(&self, turn: &Turn) -> Result<BasicReview, Problem> {
        Ok(BasicReview::new(turn))
    }
}

pointsman_policy::export_checker!(BasicChecker);

#[cfg(test)]
mod tests;
