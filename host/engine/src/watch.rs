//! A settings file or a directory of components, watched: a change is staged and activated, a broken one changes nothing.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;

use crate::engine::Engine;
use crate::settings::Settings;
use crate::swap::SwapError;

/// Changes are taken together for so long: an editor or a copy writes a file in several steps.
const SETTLE: Duration = Duration::from_millis(150);

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
    /// When the file changes, its settings are staged and activated; so they are when a component that they name by its
    /// file changes. When a component in the directory changes, the active settings are staged and activated anew. Each
    /// result is handed to `told`: after an error the old revision goes on serving, and the next change tries again.
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
        let (send, mut changes) = mpsc::unbounded_channel::<PathBuf>();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if let Ok(event) = event
                && !matches!(event.kind, EventKind::Access(_))
            {
                // Nobody listens any more once the watch is dropped.
                event.paths.into_iter().for_each(|path| drop(send.send(path)));
            }
        })
        .map_err(std::io::Error::other)?;
        let mut watched = BTreeSet::new();
        let engine = self.clone();
        engine.watch_all(&mut watcher, &mut watched, &path, directory)?;
        let task = tokio::spawn(async move {
            while let Some(first) = changes.recv().await {
                let mut changed = BTreeSet::from([first]);
                while let Ok(Some(more)) = tokio::time::timeout(SETTLE, changes.recv()).await {
                    changed.insert(more);
                }
                let component = |path: &PathBuf| path.extension().is_some_and(|end| end == "wasm");
                let concerns = |changed: &PathBuf| component(changed) || (!directory && *changed == path);
                if !changed.iter().any(concerns) {
                    continue;
                }
                let settings = if directory {
                    Ok(engine.settings())
                } else {
                    Settings::from_file(&path)
                };
                let result = match settings {
                    Ok(settings) => engine.apply(settings).await,
                    Err(error) => Err(error.into()),
                };
                // New settings may name components elsewhere.
                if let Err(error) = engine.watch_all(&mut watcher, &mut watched, &path, directory) {
                    tracing::warn!("a directory of components cannot be watched: {error}");
                }
                told(result);
            }
        });
        Ok(Watch { task })
    }

    /// Watches directories rather than files, since a file that is replaced is another file.
    fn watch_all(
        &self,
        watcher: &mut RecommendedWatcher,
        watched: &mut BTreeSet<PathBuf>,
        path: &Path,
        directory: bool,
    ) -> Result<(), std::io::Error> {
        let mut wanted = BTreeSet::new();
        if directory {
            wanted.insert(path.to_owned());
        } else {
            wanted.extend(path.parent().map(Path::to_owned));
            wanted.extend(
                self.settings()
                    .component_files()
                    .iter()
                    .filter_map(|file| file.parent().map(Path::to_owned)),
            );
        }
        for folder in wanted {
            let folder = std::path::absolute(folder)?;
            if folder.is_dir() && watched.insert(folder.clone()) {
                watcher
                    .watch(&folder, RecursiveMode::NonRecursive)
                    .map_err(std::io::Error::other)?;
            }
        }
        Ok(())
    }
}
