//! What serves now. It is exchanged as a whole when the configuration changes; a request takes it once, and ends on what
//! it began with.

mod apply;
mod history;
mod staged;
mod uploads;
mod watch;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwap;

use crate::config::Config;
use crate::flow::Flow;
use crate::service::Inner;

pub use apply::Applied;
pub(crate) use apply::warm;
pub(crate) use history::{Entry, History, Refused};
pub use watch::ConfigWatch;

/// What serves now, and how it came about.
pub(crate) struct Live {
    now: ArcSwap<Inner>,
    pub(crate) flow: Flow,
    /// Held while something is changed: each change is made from what is active.
    pub(crate) history: tokio::sync::Mutex<History>,
    pub(crate) uploads: uploads::Uploads,
    /// Configurations that were applied and that were refused since the gateway began.
    applied: AtomicU64,
    refused: AtomicU64,
}

impl Live {
    /// What was made from a configuration that was read when the gateway began.
    pub(crate) fn new(inner: Inner, config: Config) -> Self {
        let revision = inner.engine.revision();
        let staged = staged::Staged::of(&config, &inner.engine.settings());
        Live {
            now: ArcSwap::from_pointee(inner),
            flow: Flow::default(),
            history: tokio::sync::Mutex::new(History::first(revision, config, staged)),
            uploads: uploads::Uploads::default(),
            applied: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        }
    }

    /// What serves now.
    pub(crate) fn now(&self) -> Arc<Inner> {
        self.now.load_full()
    }

    /// The revision that new turns begin on.
    pub(crate) fn revision(&self) -> u64 {
        self.now.load().engine.revision()
    }

    /// How many configurations were applied, and how many refused, since the gateway began.
    pub(crate) fn reloads(&self) -> (u64, u64) {
        (
            self.applied.load(Ordering::Relaxed),
            self.refused.load(Ordering::Relaxed),
        )
    }
}
