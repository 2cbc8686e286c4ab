//! Secrets, which a configuration names and never holds.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use schemars::JsonSchema;
use serde::Deserialize;

use super::ConfigError;

/// Where a secret comes from: `{ env = "NAME" }` or `{ file = "path" }`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "where the secret is, and not the secret itself: { env = \"NAME\" } or { file = \"path\" }"
)]
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
        if !can_be_sent(&value) {
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
                && can_be_sent(text.trim())
            {
                (known.value, known.modified) = (text.trim().to_owned(), now);
            }
        }
        known.value.clone()
    }
}

/// Whether it can stand in a header.
fn can_be_sent(secret: &str) -> bool {
    !secret.is_empty() && secret.bytes().all(|byte| byte.is_ascii_graphic())
}

fn modified(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file).and_then(|metadata| metadata.modified()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changes_is_read_again_and_one_that_is_being_written_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        std::fs::write(&file, "first\n").unwrap();
        let source = SecretSource {
            env: None,
            file: Some(file.clone()),
        };
        let secret = Secret::read(&source, folder.path(), "credential").unwrap();
        let later = |text: &str, seconds: u64| {
            std::fs::write(&file, text).unwrap();
            let at = SystemTime::now() + Duration::from_secs(seconds);
            std::fs::File::options()
                .append(true)
                .open(&file)
                .and_then(|file| file.set_modified(at))
                .unwrap();
            // As if the last look were long ago.
            secret.known.lock().unwrap().looked = Instant::now() - LOOK_EVERY;
            secret.value()
        };
        assert_eq!(secret.value(), "first");
        assert_eq!(later("", 10), "first");
        assert_eq!(later("two words\n", 20), "first");
        assert_eq!(later("second\n", 30), "second");
        std::fs::remove_file(&file).unwrap();
        secret.known.lock().unwrap().looked = Instant::now() - LOOK_EVERY;
        assert_eq!(secret.value(), "second");
    }
}
