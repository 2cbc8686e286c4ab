//! The policy: its settings, the words that it knows, and what training learned.

use pointsman_policy::{Ability, About, Checker, Policy, Problem, SettingsError, Turn, about};

use crate::model::Model;
use crate::review::GroundedReview;
use crate::settings::Settings;
use crate::text::lexicon::Lexicon;

/// Holds each sentence of a reply against the request's source.
pub struct GroundedChecker {
    pub(crate) settings: Settings,
    pub(crate) lexicon: Lexicon,
    pub(crate) model: Model,
}

impl Policy for GroundedChecker {
    type Settings = Settings;
    const ABOUT: About = about!("Checks whether the source in the request says what the reply says.");

    fn new(settings: Settings) -> Result<Self, Vec<SettingsError>> {
        let problems = settings.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        let model = Model::shipped().map_err(|error| {
            vec![SettingsError::new(
                "",
                format!("the weights in this component are broken: {error}"),
            )]
        })?;
        Ok(Self {
            settings,
            lexicon: Lexicon::default(),
            model,
        })
    }
}

impl Checker for GroundedChecker {
    const ABILITIES: &'static [Ability] = &[Ability::ReplyReview];
    type Review = GroundedReview;

    fn review(&self, turn: &Turn) -> Result<GroundedReview, Problem> {
        GroundedReview::new(self, turn)
    }
}
