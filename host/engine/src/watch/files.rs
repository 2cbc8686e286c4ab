//! Files whose content is watched, wherever links lead and however they are replaced.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;

/// A file that was written within this time is still being written: an editor or a copy does it in several steps.
const SETTLE: Duration = Duration::from_millis(150);

/// How often a file is waited for that never comes to rest: it is read as it stands then.
const ROUNDS: u32 = 20;

/// Files, and what stood in them when they were last looked at. What counts is their content: other files beside them, and
/// a write that changes nothing, are no change; a link whose target was exchanged is one.
#[derive(Debug)]
pub struct WatchedFiles {
    watcher: RecommendedWatcher,
    /// That something happened in one of the folders; what it was, the files themselves say.
    events: mpsc::Receiver<()>,
    folders: BTreeSet<PathBuf>,
    /// Where every component counts, also one that comes later.
    components_in: Option<PathBuf>,
    files: BTreeMap<PathBuf, Seen>,
}

/// What stood in a file.
#[derive(Clone, Debug, Default)]
struct Seen {
    stamp: Stamp,
    digest: Option<[u8; 32]>,
}

/// What is seen of a file without reading it: where it lies, its length, and when it was written, in seconds and
/// nanoseconds. `None`, where there is no such file.
type Stamp = Option<(u64, u64, u64, i64, i64)>;

impl WatchedFiles {
    /// Watches nothing yet.
    ///
    /// # Errors
    /// The system has no means to watch files, or no more of them.
    pub fn new() -> io::Result<Self> {
        let (send, events) = mpsc::channel(1);
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|event| !matches!(event.kind, EventKind::Access(_))) {
                // Where one is waiting already, or nobody listens any more, there is nothing to add.
                let _ = send.try_send(());
            }
        });
        Ok(WatchedFiles {
            watcher: watcher.map_err(io::Error::other)?,
            events,
            folders: BTreeSet::new(),
            components_in: None,
            files: BTreeMap::new(),
        })
    }

    /// Watches these files and no others. One that was watched before is compared with what it was then, any other with
    /// what it is now; one that is not there is waited for. Reads those that are new.
    ///
    /// # Errors
    /// A folder cannot be watched.
    pub fn watch(&mut self, files: impl IntoIterator<Item = PathBuf>) -> io::Result<()> {
        let mut before = std::mem::take(&mut self.files);
        for file in files.into_iter().chain(self.components()) {
            let file = std::path::absolute(file)?;
            self.watch_folders(&file)?;
            let seen = before.remove(&file).unwrap_or_else(|| Seen::of(&file));
            self.files.insert(file, seen);
        }
        Ok(())
    }

    /// Watches the `.wasm` files of a folder beside those that are named.
    ///
    /// # Errors
    /// The folder cannot be watched.
    pub fn watch_components_in(&mut self, folder: &Path) -> io::Result<()> {
        let folder = std::path::absolute(folder)?;
        self.watch_folder(&folder)?;
        self.components_in = Some(folder);
        let named: Vec<PathBuf> = self.files.keys().cloned().collect();
        self.watch(named)
    }

    fn components(&self) -> Vec<PathBuf> {
        let entries = self
            .components_in
            .iter()
            .filter_map(|folder| folder.read_dir().ok())
            .flatten();
        let files = entries.filter_map(|entry| Some(entry.ok()?.path()));
        files
            .filter(|file| file.extension().is_some_and(|end| end == "wasm"))
            .collect()
    }

    /// Waits until a file has changed and come to rest.
    pub async fn changed(&mut self) {
        loop {
            if self.events.recv().await.is_none() {
                // It never ends: the watcher that sends lives as long as this does.
                return std::future::pending().await;
            }
            self.settle().await;
            if self.look_again().await {
                return;
            }
        }
    }

    /// Waits until none of the files is being written, though others beside them may be.
    async fn settle(&self) {
        let mut before = Vec::new();
        for _ in 0..ROUNDS {
            tokio::time::sleep(SETTLE).await;
            let now: Vec<Stamp> = self.files.keys().map(|file| stamp(file)).collect();
            if now == before || now.iter().eq(self.files.values().map(|seen| &seen.stamp)) {
                return;
            }
            before = now;
        }
    }

    /// Whether something else stands in one of the files.
    async fn look_again(&mut self) -> bool {
        for file in self.components() {
            self.files.entry(file).or_default();
        }
        let touched: Vec<PathBuf> = { self.files.iter() }
            .filter(|(file, seen)| stamp(file) != seen.stamp)
            .map(|(file, _)| file.clone())
            .collect();
        // A component may have megabytes.
        let read = move || {
            touched
                .into_iter()
                .map(|file| (Seen::of(&file), file))
                .collect::<Vec<_>>()
        };
        let mut changed = false;
        for (seen, file) in tokio::task::spawn_blocking(read).await.unwrap_or_default() {
            // The target of a link may lie elsewhere now.
            if let Err(error) = self.watch_folders(&file) {
                tracing::warn!("{} cannot be watched any more: {error}", file.display());
            }
            let before = self.files.insert(file, seen.clone());
            changed |= before.is_some_and(|before| before.digest != seen.digest);
        }
        changed
    }

    /// Watches folders rather than files, since a file that is replaced is another file: the file's own, and that of its
    /// target.
    fn watch_folders(&mut self, file: &Path) -> io::Result<()> {
        self.folders.retain(|folder| folder.is_dir());
        let target = file.canonicalize().ok();
        for folder in [Some(file), target.as_deref()]
            .into_iter()
            .flatten()
            .filter_map(Path::parent)
        {
            self.watch_folder(folder)?;
        }
        Ok(())
    }

    fn watch_folder(&mut self, folder: &Path) -> io::Result<()> {
        if folder.is_dir() && self.folders.insert(folder.to_owned()) {
            let watched = self.watcher.watch(folder, RecursiveMode::NonRecursive);
            watched.map_err(io::Error::other)?;
        }
        Ok(())
    }
}

impl Seen {
    /// As it stands now. What is written while it is read has another stamp.
    fn of(file: &Path) -> Self {
        Seen {
            stamp: stamp(file),
            digest: std::fs::read(file)
                .ok()
                .map(|bytes| crate::artifact::digest_bytes(&bytes)),
        }
    }
}

fn stamp(file: &Path) -> Stamp {
    let known = std::fs::metadata(file).ok()?;
    Some((known.dev(), known.ino(), known.len(), known.mtime(), known.mtime_nsec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_counts_is_what_stands_in_a_file_and_not_that_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("a"), "one").unwrap();
        let mut files = WatchedFiles::new().unwrap();
        files.watch([at("a"), at("later")]).unwrap();
        files.watch_components_in(folder.path()).unwrap();
        std::fs::write(at("beside"), "x").unwrap();
        std::fs::write(at("new"), "one").unwrap();
        std::fs::rename(at("new"), at("a")).unwrap();
        assert!(!files.look_again().await);
        for (name, text) in [("a", "two"), ("later", ""), ("any.wasm", "x")] {
            std::fs::write(at(name), text).unwrap();
            assert!(files.look_again().await, "{name}");
            assert!(!files.look_again().await, "{name}");
        }
        std::fs::remove_file(at("a")).unwrap();
        assert!(files.look_again().await);
    }
}
