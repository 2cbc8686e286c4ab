//! A settings file or a directory of components, watched: a change is staged and activated, a broken one changes nothing.

mod files;

use std::path::{Path, PathBuf};

pub use files::WatchedFiles;

use crate::engine::Engine;
use crate::settings::Settings;
use crate::swap::SwapError;

/// Watches until it is dropped.
#[derive(Debug)]
pub struct Watch {
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Engine {
    /// Watches a TOML file, or a directory of components.
    ///
    /// When the file changes, its settings are staged and activated; so they are when a component or an artifact that they
    /// name by its file changes. When a component in the directory changes, or another file there that the settings name,
    /// the active settings are staged and activated anew.
    ///
    /// Each result is handed to `told`: after an error the old revision goes on serving, and the next change tries again.
    ///
    /// # Errors
    /// The path does not exist, or the system cannot watch it.
    pub fn watch(
        &self,
        path: impl AsRef<Path>,
        mut told: impl FnMut(Result<u64, SwapError>) + Send + 'static,
    ) -> Result<Watch, std::io::Error> {
        let path = std::path::absolute(path.as_ref())?;
        let directory = path.metadata()?.is_dir();
        let mut files = WatchedFiles::new()?;
        if directory {
            files.watch_components_in(&path)?;
        }
        let engine = self.clone();
        let settings = Settings::from_file(&path).unwrap_or_else(|_| engine.settings());
        files.watch(of_interest(&path, directory, &settings))?;
        let task = tokio::spawn(async move {
            loop {
                files.changed().await;
                let settings = if directory {
                    Ok(engine.settings())
                } else {
                    Settings::from_file(&path)
                };
                // New settings may name other files, which are watched also where they are at fault themselves.
                if let Ok(settings) = &settings
                    && let Err(error) = files.watch(of_interest(&path, directory, settings))
                {
                    tracing::warn!("a file that the settings name cannot be watched: {error}");
                }
                told(match settings {
                    Ok(settings) => engine.apply(settings).await,
                    Err(error) => Err(error.into()),
                });
            }
        });
        Ok(Watch { task })
    }
}

/// The file and what its settings name, or what of it lies in the directory.
fn of_interest(path: &Path, directory: bool, settings: &Settings) -> Vec<PathBuf> {
    let mut files = settings.files();
    if directory {
        files.retain(|file| std::path::absolute(file).is_ok_and(|file| file.parent() == Some(path)));
    } else {
        files.push(path.to_owned());
    }
    files
}
