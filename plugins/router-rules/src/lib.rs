//! `router-rules`: routes by an ordered table of rules.
//!
//! The way of a call: `configure` reads the [`settings`], puts the standard rules of [`defaults`] behind them where they
//! are wanted, [`check`]s them, and [`compile`]s both into one table with its [`patterns`]. `route` walks down that table: each
//! [`condition`] looks at [`features`] of the turn ([`code`] and [`language`] among them), which are read when they are
//! first asked for. The rule that fires [`prefer`]s some candidates, those that [`fit`] the turn are left, and the first
//! of these is what we [`choose`].

pub mod check;
pub mod choose;
pub mod code;
pub mod compile;
pub mod condition;
pub mod defaults;
pub mod features;
pub mod fit;
pub mod language;
pub mod openings;
pub mod patterns;
pub mod phrases;
pub mod prefer;
pub mod settings;
pub mod words;

use pointsman_policy::{About, Choice, Policy, Problem, Router, SettingsError, Turn};

use compile::Table;
use features::Features;
use settings::Settings;

/// The policy.
pub struct Rules {
    table: Table,
}

impl Policy for Rules {
    type Settings = Settings;

    const ABOUT: About = pointsman_policy::about!("Routes by an ordered table of rules");

    fn new(settings: Settings) -> Result<Self, Vec<SettingsError>> {
        Ok(Self {
            table: Table::new(settings)?,
        })
    }
}

impl Router for Rules {
    fn route(&self, turn: &Turn) -> Result<Choice, Problem> {
        self.table.choose(&Features::new(turn, &self.table), &turn.candidates())
    }
}

pointsman_policy::export_router!(Rules);
