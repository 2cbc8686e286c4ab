//! `checker-input`: a guard that looks at requests before they are sent.
//!
//! The way of the data: [`InputChecker`] reads the messages that may carry what others wrote (users', tools', and what a
//! provider's own tools returned amid a reply) → `message` takes each part's text, `json` those within what the contract has no
//! word for → `injection` judges how likely it tries to take the model over, `pii` finds personal data and secrets → `decision`
//! masks, refuses or only reports, as the settings say.
// A test may stop on what it did not expect.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

mod decision;
mod injection;
mod json;
mod message;
mod settings;
pub mod training;

pub use settings::{Do, Hidden, Injection, Pii, Secrets, Settings};

use injection::Wordings;
use pointsman_policy::{Ability, About, Checker, GuardDecision, NoReview, Policy, Problem, SettingsError, Turn, about};

/// The policy: its settings, and the wordings of injections.
pub struct InputChecker {
    settings: Settings,
    wordings: Wordings,
}

impl Policy for InputChecker {
    type Settings = Settings;
    const ABOUT: About = about!("Finds prompt injection in requests, and masks personal data and secrets in them.");

    fn new(settings: Settings) -> Result<Self, Vec<SettingsError>> {
        let problems = settings.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            settings,
            wordings: Wordings::new(),
        })
    }
}

impl Checker for InputChecker {
    const ABILITIES: &'static [Ability] = &[Ability::InputGuard];
    type Review = NoReview;

    fn guard(&self, turn: &Turn) -> Result<GuardDecision, Problem> {
        Ok(decision::decide(turn, &self.settings, &self.wordings))
    }

    fn review(&self, _: &Turn) -> Result<NoReview, Problem> {
        Err(Problem::declined("this checker looks at requests, not at replies"))
    }
}

pointsman_policy::export_checker!(InputChecker);

#[cfg(test)]
mod tests;
