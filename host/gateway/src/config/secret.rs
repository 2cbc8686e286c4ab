//! Secrets, which a configuration names and never holds.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use serde::Deserialize;

use super::ConfigError;

/// Where a secret comes from: `{ env = "NAME" }` or `{ file = "path" }`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretSource {
    /// A variable of the environment.
    #[serde(default)]
    pub env: Option<String>,
    /// A file; white space around the secret is left out. It is read again when it changes.
    #[serde(default)]
    pub file: Option<PathBuf>,
}

impl SecretSource {
    pub(super) fn check(&self, place: &str) -> Result<(), ConfigError> {
        if self.env.is_some() == self.file.is_some() {
            let message = "give one of `env` and `file`, such as { env = \"NAME\" }";
            return Err(ConfigError::wrong(place, message));
        }
        Ok(())
    }
}

/// How often a file is looked at, at most.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A secret that has been read.
#[derive(Debug)]
pub(crate) struct Secret {
    file: Option<PathBuf>,
    known: Mutex<Known>,
}

#[derive(Debug)]
struct Known {
    value: String,
    modified: Option<SystemTime>,
    looked: Instant,
}

impl Secret {
    /// Reads a secret.
    ///
    /// # Errors
    /// It is not there, or empty.
    pub(crate) fn read(source: &SecretSource, base: &Path, place: &str) -> Result<Self, ConfigError> {
        let wrong = |message: String| ConfigError::wrong(place, message);
        let file = source.file.as_ref().map(|file| base.join(file));
        let value = match (&file, &source.env) {
            (Some(file), _) => {
                std::fs::read_to_string(file).map_err(|error| wrong(format!("{}: {error}", file.display())))?
            }
            (None, Some(name)) => {
                std::env::var(name).map_err(|_| wrong(format!("the environment has no `{name}`: set it")))?
            }
            (None, None) => return Err(wrong("give one of `env` and `file`".to_owned())),
        };
        let value = value.trim().to_owned();
        if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(wrong(
                "the secret is empty, or has characters that cannot stand in a header".to_owned(),
            ));
        }
        let modified = file.as_deref().and_then(modified);
        Ok(Secret {
            file,
            known: Mutex::new(Known {
                value,
                modified,
                looked: Instant::now(),
            }),
        })
    }

    /// The secret, as it stands now.
    pub(crate) fn value(&self) -> String {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = &self.file
            && known.looked.elapsed() >= LOOK_EVERY
        {
            known.looked = Instant::now();
            let now = modified(file);
            // A file that is gone or empty for a moment is being written: the secret before it goes on.
            if now != known.modified
                && let Ok(text) = std::fs::read_to_string(file)
                && !text.trim().is_empty()
            {
                (known.value, known.modified) = (text.trim().to_owned(), now);
            }
        }
        known.value.clone()
    }
}

fn modified(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file).and_then(|metadata| metadata.modified()).ok()
}
