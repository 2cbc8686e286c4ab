//! The configuration's file, watched: a change is applied, a broken one changes nothing and is said.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pointsman::WatchedFiles;

use super::{Applied, Live};
use crate::config::{Config, ConfigError};

/// Watches until it is dropped.
#[derive(Debug)]
pub struct ConfigWatch {
    task: tokio::task::JoinHandle<()>,
}

impl Drop for ConfigWatch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Live {
    /// Watches a file, and the components and artifacts that it names.
    pub(crate) fn watch(
        self: &Arc<Self>,
        path: &Path,
        config: &Config,
        mut told: impl FnMut(Result<Applied, ConfigError>) + Send + 'static,
    ) -> Result<ConfigWatch, std::io::Error> {
        let path = std::path::absolute(path)?;
        let mut files = WatchedFiles::new()?;
        files.watch(of_interest(&path, config))?;
        let live = self.clone();
        let read = config.text.to_string();
        let task = tokio::spawn(async move {
            // What has changed since it was read is seen too.
            let mut changed = std::fs::read_to_string(&path).is_ok_and(|now| now != read);
            loop {
                // A file that is gone, or empty, is one that is about to be written.
                if changed && path.metadata().is_ok_and(|file| file.len() > 0) {
                    let config = Config::from_file(&path);
                    // It may name other files now, which are watched also where they are at fault themselves.
                    if let Ok(config) = &config
                        && let Err(error) = files.watch(of_interest(&path, config))
                    {
                        tracing::warn!("a file that the configuration names cannot be watched: {error}");
                    }
                    told(live.reload(config, &path).await);
                }
                files.changed().await;
                changed = true;
            }
        });
        Ok(ConfigWatch { task })
    }

    /// Applies what the file says now.
    async fn reload(&self, config: Result<Config, ConfigError>, path: &Path) -> Result<Applied, ConfigError> {
        let by = format!("a change of {}", path.display());
        match config {
            Ok(config) => self.apply(config, &by).await,
            Err(error) => {
                self.refuse(&error, &by).await;
                Err(error)
            }
        }
    }
}

fn of_interest(path: &Path, config: &Config) -> Vec<PathBuf> {
    let mut files = config.settings().files();
    files.push(path.to_owned());
    files
}
