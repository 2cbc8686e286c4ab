//! What can be wrong with a configuration, and on which line.

use std::path::PathBuf;

use pointsman::{SettingsError, SwapError};

use super::{Config, place};

/// Why a configuration cannot be used. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The TOML cannot be read; the message has line and column, and what was expected.
    #[error("{message}")]
    Toml {
        /// What is wrong.
        message: String,
        /// The line, from 1.
        line: Option<usize>,
    },
    /// The file cannot be read, or what stands in it cannot be used.
    #[error("{}: {message}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
        /// The line, from 1.
        line: Option<usize>,
    },
    /// A value is wrong, or two do not fit together.
    #[error("{}{place}: {message}", on(line))]
    Wrong {
        /// The setting, such as `routes[0].candidates`.
        place: String,
        /// What is wrong, and what to do.
        message: String,
        /// The line, from 1, where that is known.
        line: Option<usize>,
    },
}

impl ConfigError {
    pub(crate) fn wrong(place: impl Into<String>, message: impl Into<String>) -> Self {
        ConfigError::Wrong {
            place: place.into(),
            message: message.into(),
            line: None,
        }
    }

    pub(super) fn toml(text: &str, error: &toml::de::Error) -> Self {
        ConfigError::Toml {
            message: error.to_string(),
            line: error.span().map(|span| place::line_at(text.as_bytes(), span.start)),
        }
    }

    /// The line that it is about, from 1, where that is known.
    pub fn line(&self) -> Option<usize> {
        match self {
            ConfigError::Toml { line, .. } | ConfigError::File { line, .. } | ConfigError::Wrong { line, .. } => *line,
        }
    }
}

fn on(line: &Option<usize>) -> String {
    line.map(|line| format!("line {line}: ")).unwrap_or_default()
}

impl Config {
    /// An error with the line of its setting in this configuration.
    pub(crate) fn locate(&self, mut error: ConfigError) -> ConfigError {
        if let ConfigError::Wrong { place, line, .. } = &mut error {
            *line = line.or_else(|| place::line(&self.text, place));
        }
        error
    }

    /// Why the engine refuses its part, with the slot's place.
    pub fn swap_error(&self, error: &SwapError) -> ConfigError {
        let slot = match error {
            SwapError::Source { slot, .. } | SwapError::Stage { slot, .. } => Some(slot),
            SwapError::Settings(SettingsError::Slot { slot, .. }) => Some(slot),
            _ => None,
        };
        let index = slot.and_then(|slot| self.slots.iter().position(|known| known.name == *slot));
        let place = match (index, error) {
            (Some(index), _) => format!("slots[{index}]"),
            (None, SwapError::Settings(SettingsError::Model { index, .. })) => format!("models[{index}]"),
            (None, _) => "slots".to_owned(),
        };
        let words = match error {
            // Its place is said already.
            SwapError::Settings(SettingsError::Model { message, .. }) => message.clone(),
            _ => error.to_string(),
        };
        self.locate(ConfigError::wrong(place, words))
    }
}
