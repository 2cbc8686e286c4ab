//! When a file of the project is saved.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use anyhow::Context;
use notify::{RecursiveMode, Watcher};

/// Editors write a file in several steps: what follows within this time belongs to the same save.
const SETTLE: Duration = Duration::from_millis(150);
/// What is saved, for as long as the watcher lives.
pub(super) type Saves = (notify::RecommendedWatcher, Receiver<PathBuf>);

/// Watches a project.
pub(super) fn saves(project: &Path) -> anyhow::Result<Saves> {
    let (saved, saves) = channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let writes = |event: &notify::Event| event.kind.is_modify() || event.kind.is_create() || event.kind.is_remove();
        for path in event.into_iter().filter(writes).flat_map(|event| event.paths) {
            // Nobody listens any more where this fails.
            let _ = saved.send(path);
        }
    })?;
    watcher
        .watch(project, RecursiveMode::Recursive)
        .with_context(|| format!("{} cannot be watched", project.display()))?;
    Ok((watcher, saves))
}

/// Waits for a save of something that a build reads.
pub(super) fn wait(saves: &Receiver<PathBuf>, project: &Path) -> anyhow::Result<()> {
    let project = project.canonicalize().unwrap_or_else(|_| project.to_owned());
    let matters = |path: &PathBuf| {
        let below = path.strip_prefix(&project).unwrap_or(path);
        let kind = path.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
        !below.starts_with("target") && ["rs", "toml", "json", "jsonl", "wit", "txt"].contains(&kind)
    };
    let mut files = BTreeSet::new();
    while files.is_empty() {
        files.extend(Some(saves.recv().context("the project is watched no more")?).filter(matters));
    }
    while let Ok(path) = saves.recv_timeout(SETTLE) {
        files.extend(Some(path).filter(matters));
    }
    let names: Vec<String> = files
        .iter()
        .map(|path| path.strip_prefix(&project).unwrap_or(path).display().to_string())
        .collect();
    eprintln!("\nSaved: {}", names.join(", "));
    Ok(())
}
