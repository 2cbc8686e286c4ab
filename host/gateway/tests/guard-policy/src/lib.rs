//! A guard that refuses requests that hold a word, and fails where it is told to.

use pointsman_policy::prelude::*;
use serde::Deserialize;

/// What the operator can set.
#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    /// The word.
    word: String,
    /// Where it fails: `guard` or `review`.
    fails: String,
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
    const ABILITIES: &'static [Ability] = &[Ability::InputGuard, Ability::ReplyReview];
    type Review = Nothing;

    fn guard(&self, turn: &Turn) -> Result<GuardDecision, Problem> {
        if self.0.fails == "guard" {
            return Err(Problem::failed("told to fail"));
        }
        let word = &self.0.word;
        let messages = turn.messages(0, u32::MAX);
        let holds = !word.is_empty() && messages.iter().any(|message| message.text().contains(word.as_str()));
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

    fn finish(&mut self, guard: &Guard, _: &Turn) -> Result<Verdict, Problem> {
        match guard.0.fails.as_str() {
            "review" => Err(Problem::failed("told to fail")),
            _ => Ok(Verdict::accept()),
        }
    }
}

pointsman_policy::export_checker!(Guard);
