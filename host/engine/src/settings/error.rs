//! What can be wrong with settings.

use std::path::PathBuf;

/// Why settings cannot be used. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The TOML cannot be read; the message has line and column.
    #[error("{0}")]
    Toml(String),
    /// A file cannot be read.
    #[error("{}: {message}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// There is no model.
    #[error("`models` is empty: name at least one model")]
    NoModels,
    /// A limit that nothing could keep.
    #[error("`{setting}` is 0, and nothing could run: give a positive number, or leave it out")]
    Zero {
        /// Which.
        setting: &'static str,
    },
    /// A model is wrong.
    #[error("models[{index}]: {message}")]
    Model {
        /// Which.
        index: usize,
        /// What is wrong.
        message: String,
    },
    /// A slot is wrong.
    #[error("slot `{slot}` {message}")]
    Slot {
        /// Which.
        slot: String,
        /// What is wrong.
        message: String,
    },
    /// Two slots route.
    #[error("more than one slot is a router: keep one, and give it arms to compare several")]
    TwoRouters,
}

impl SettingsError {
    pub(super) fn slot(slot: &str, message: impl Into<String>) -> Self {
        SettingsError::Slot {
            slot: slot.to_owned(),
            message: message.into(),
        }
    }
}
