//! `compressor-window`: keeps the newest messages within a budget of tokens.
//!
//! It reads outlines alone, never the text of a message, and nothing where all may stay. The way of the data: `budget` says
//! how many tokens may stay, `units` groups the messages that live or die together, `window` chooses among them, and `answer` writes the edits.
// A test may stop on what it did not expect.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

mod answer;
mod budget;
mod settings;
mod units;
mod window;

pub use settings::{MarkerRole, Settings};

use pointsman_policy::{About, Compression, Compressor, Policy, Problem, SettingsError, Turn, about};

use budget::{Budget, Limit};
use window::Window;

/// The policy.
pub struct WindowCompressor {
    settings: Settings,
}

impl Policy for WindowCompressor {
    type Settings = Settings;
    const ABOUT: About = about!("Keeps the newest messages within a token budget, and tool exchanges whole.");

    fn new(settings: Settings) -> Result<Self, Vec<SettingsError>> {
        let problems = settings.problems();
        if problems.is_empty() {
            Ok(Self { settings })
        } else {
            Err(problems)
        }
    }
}

impl Compressor for WindowCompressor {
    fn compress(&self, turn: &Turn) -> Result<Compression, Problem> {
        let limit = Limit::of(turn, &self.settings)?;
        let outlines = turn.all_outlines();
        let budget = Budget::of(turn, &outlines, limit);
        let units = units::group(&outlines);
        let marker = answer::Marker::of(&self.settings, outlines.len());
        let reserve = marker.as_ref().map_or(0, answer::Marker::tokens);
        let window = Window::choose(&units, &outlines, &budget, reserve, &self.settings);
        answer::write(&window, &units, &outlines, &budget, marker, &self.settings)
    }
}

pointsman_policy::export_compressor!(WindowCompressor);

#[cfg(test)]
mod tests;
