//! The configuration's file, watched: a change is applied, a broken one changes nothing and is said.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use notify::{EventKind, RecursiveMode, Watcher};
use tokio::sync::mpsc;

use super::{Applied, Live};
use crate::config::{Config, ConfigError};

/// Changes are taken together for so long: an editor or a copy writes a file in several steps.
const SETTLE: Duration = Duration::from_millis(150);

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
    /// Watches a file and the components that it names now.
    pub(crate) fn watch(
        self: &Arc<Self>,
        path: &Path,
        config: &Config,
        mut told: impl FnMut(Result<Applied, ConfigError>) + Send + 'static,
    ) -> Result<ConfigWatch, std::io::Error> {
        let path = std::path::absolute(path)?;
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
        // Directories rather than files, since a file that is replaced is another file.
        let named = config.component_files();
        let folders: BTreeSet<&Path> = named
            .iter()
            .chain([&path])
            .filter_map(|file| file.parent())
            .filter(|folder| folder.is_dir())
            .collect();
        for folder in folders {
            watcher
                .watch(folder, RecursiveMode::NonRecursive)
                .map_err(std::io::Error::other)?;
        }
        let live = self.clone();
        let mut last = config.text.to_string();
        let task = tokio::spawn(async move {
            // It lives as long as the task.
            let _watcher = watcher;
            // What has changed since it was read is seen too.
            let mut component = false;
            loop {
                // What counts is what stands in the file: it may be a link whose target was exchanged.
                let now = std::fs::read_to_string(&path).unwrap_or_default();
                if !now.is_empty() && (now != last || component) {
                    last = now;
                    told(live.reload(&path).await);
                }
                let Some(first) = changes.recv().await else { break };
                component = is_component(&first);
                while let Ok(Some(more)) = tokio::time::timeout(SETTLE, changes.recv()).await {
                    component |= is_component(&more);
                }
            }
        });
        Ok(ConfigWatch { task })
    }

    /// Reads the file anew and applies it.
    async fn reload(&self, path: &Path) -> Result<Applied, ConfigError> {
        let by = format!("a change of {}", path.display());
        match Config::from_file(path) {
            Ok(config) => self.apply(config, &by).await,
            Err(error) => {
                self.refuse(&error, &by).await;
                Err(error)
            }
        }
    }
}

fn is_component(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "wasm")
}
