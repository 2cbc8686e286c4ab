//! `router-learned`: predicts each model's quality on the prompt and picks by the operator's trade-off.
//!
//! The way of a call: the user's last message becomes features, and these with the slot's [`weights`] a prediction (both in
//! the crate `router-learned-model`, which also trains). Each candidate [`stand`]s for a trained model; of those who [`fit`]
//! the turn we [`choose`] the one whose quality is worth its price, as the [`settings`] weigh them.

pub mod choose;
pub mod fit;
pub mod settings;
pub mod stand;
pub mod weights;

use pointsman_policy::{About, Choice, Policy, Problem, Router, SettingsError, Turn};

use settings::{Aim, Settings};

/// The policy.
#[derive(Debug)]
pub struct Learned {
    settings: Settings,
    aim: Aim,
}

impl Policy for Learned {
    type Settings = Settings;

    const ABOUT: About =
        pointsman_policy::about!("Predicts each model's quality on the prompt and picks by a trade-off");

    fn new(settings: Settings) -> Result<Self, Vec<SettingsError>> {
        let aim = settings.aim()?;
        Ok(Self { settings, aim })
    }
}

impl Router for Learned {
    fn route(&self, turn: &Turn) -> Result<Choice, Problem> {
        choose::choose(turn, &self.settings, self.aim)
    }
}

pointsman_policy::export_router!(Learned);
