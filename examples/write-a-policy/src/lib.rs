//! `router-steady`: keeps a conversation on the model it is on, unless the user asks for code.
//!
//! Providers keep the beginning of a conversation in a prompt cache and charge less for it the next time. A router that
//! changes the model with every question throws that away; this one leaves only for a reason, and says which.
//!
//! `settings` is what an operator can set, `asks` tells a question about code from any other, and this file decides.

mod asks;
mod settings;

pub use settings::Settings;

use pointsman_policy::{
    About, Candidate, Choice, HealthState, Policy, Problem, Router, SettingsError, Turn, about, host,
};

/// The policy: its settings, checked once.
pub struct Steady {
    settings: Settings,
}

impl Policy for Steady {
    type Settings = Settings;
    const ABOUT: About = about!("Keeps a conversation on the model it is on, unless the user asks for code.");

    fn new(settings: Settings) -> Result<Self, Vec<SettingsError>> {
        let problems = settings.problems();
        if problems.is_empty() {
            Ok(Self { settings })
        } else {
            Err(problems)
        }
    }
}

impl Router for Steady {
    fn route(&self, turn: &Turn) -> Result<Choice, Problem> {
        // Models that can take this turn at all, in the operator's order.
        let tokens = turn.tokens().tokens;
        let able: Vec<Candidate> = turn
            .candidates()
            .into_iter()
            .filter(|model| can_take(model, tokens))
            .collect();
        let Some(first) = able.first() else {
            return Err(Problem::declined(format!(
                "no candidate is up and has room for {tokens} tokens"
            )));
        };

        let (model, code, why) = if let Some(coder) = self.coder(turn, &able) {
            (
                coder,
                "code",
                format!(
                    "the question is about code, and `{coder}` has the tag `{}`",
                    self.settings.code_tag
                ),
            )
        } else if let Some(current) = self.current(turn, &able) {
            (
                current,
                "stay",
                format!("the conversation is on `{current}`, and its prompt cache may still be warm"),
            )
        } else {
            (
                first.name.as_str(),
                "begin",
                "the first candidate that can take the turn".to_owned(),
            )
        };

        let others = able.iter().map(|other| other.name.clone()).filter(|name| name != model);
        Ok(Choice {
            fallbacks: others.collect(),
            ..Choice::new(model).because(code, why)
        })
    }
}

impl Steady {
    /// The model for code, if the user asks for code and one is there.
    fn coder<'a>(&self, turn: &Turn, able: &'a [Candidate]) -> Option<&'a str> {
        let coder = able.iter().find(|model| model.tags.contains(&self.settings.code_tag))?;
        // Reading the text is what costs, so it comes last.
        asks::for_code(&turn.last_user_text()?, &self.settings.code_words).then_some(&coder.name)
    }

    /// The model that answered the turn before, unless that is too long ago.
    fn current<'a>(&self, turn: &Turn, able: &'a [Candidate]) -> Option<&'a str> {
        let previous = turn.previous()?;
        let minutes = host::now().saturating_sub(previous.at_ms) / 60_000;
        let current = able.iter().find(|model| model.name == previous.model)?;
        (minutes < u64::from(self.settings.stay_minutes)).then_some(&current.name)
    }
}

/// Whether a model is up and has room. A window that is not known is taken for large enough: the provider will say.
fn can_take(model: &Candidate, tokens: u32) -> bool {
    let has_room = model.window.is_none_or(|window| tokens < window);
    has_room && !matches!(model.health.state, HealthState::Down)
}

pointsman_policy::export_router!(Steady);

#[cfg(test)]
mod tests;
