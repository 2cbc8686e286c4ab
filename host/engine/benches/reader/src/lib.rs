//! A small router that reads as much as it is told to, and chooses the first candidate.

use pointsman_policy::prelude::*;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a call does before it chooses.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Does {
    /// Nothing.
    #[default]
    Nothing,
    /// Reads the last message.
    ReadsLast,
    /// Reads every message, 32 at a time.
    ReadsAll,
    /// Grows its memory by a mebibyte, as other toolchains do in ordinary calls.
    Grows,
}

#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    does: Does,
}

struct Reader(Does);

impl Policy for Reader {
    type Settings = Settings;
    const ABOUT: About = about!("Reads as much as it is told to.");

    fn new(settings: Settings) -> Result<Self, Vec<SettingsError>> {
        Ok(Self(settings.does))
    }
}

impl Router for Reader {
    fn route(&self, turn: &Turn) -> Result<Choice, Problem> {
        let read = match self.0 {
            Does::Nothing => 0,
            Does::ReadsLast => turn.text(turn.length().saturating_sub(1)).map_or(0, |text| spaces(&text)),
            Does::ReadsAll => (0..turn.length())
                .step_by(32)
                .flat_map(|start| turn.texts(start, start + 32))
                .map(|text| spaces(&text))
                .sum(),
            Does::Grows => grow(),
        };
        Ok(Choice::new("first").because("read", read.to_string()))
    }
}

/// Something to do with a text that looks at every byte of it.
fn spaces(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b' ').count()
}

/// Pages of the memory before it grew by a mebibyte.
fn grow() -> usize {
    #[cfg(target_arch = "wasm32")]
    {
        core::arch::wasm32::memory_grow(0, 16)
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        0
    }
}

pointsman_policy::export_router!(Reader);
