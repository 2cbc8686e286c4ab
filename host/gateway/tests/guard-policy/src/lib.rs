//! A guard that refuses requests whose last message holds a word.

use pointsman_policy::prelude::*;
use serde::Deserialize;

/// What the operator can set.
#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    /// The word.
    word: String,
}

struct Guard(Settings);

impl Policy for Guard {
    type Settings = Settings;
    const ABOUT: About = about!("Refuses a word.");

    fn new(settings: Settings) -> Result<Self, Vec<SettingsError>> {
        Ok(Self(settings))
    }
}

impl Checker for Guard {
    const ABILITIES: &'static [Ability] = &[Ability::InputGuard];
    type Review = Nothing;

    fn guard(&self, turn: &Turn) -> Result<GuardDecision, Problem> {
        let word = &self.0.word;
        let holds = turn.messages(0, u32::MAX).iter().any(|message| message.text().contains(word.as_str()));
        Ok(if holds {
            GuardDecision::refuse(format!("no {word}, please"))
        } else {
            GuardDecision::pass()
        })
    }

    fn review(&self, _: &Turn) -> Result<Nothing, Problem> {
        Ok(Nothing)
    }
}

struct Nothing;

impl Review<Guard> for Nothing {
    fn feed(&mut self, _: &Guard, _: &Turn, _: &[Delta]) -> Result<Option<Verdict>, Problem> {
        Ok(None)
    }

    fn finish(&mut self, _: &Guard, _: &Turn) -> Result<Verdict, Problem> {
        Ok(Verdict::accept())
    }
}

pointsman_policy::export_checker!(Guard);
