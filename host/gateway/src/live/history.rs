//! What was changed, when and by whom: revisions, and configurations.

use pointsman_telemetry::now_ms;
use std::collections::{BTreeMap, VecDeque};

use super::staged::Staged;
use crate::config::Config;

/// So many configurations are kept, and notes of so many revisions.
const CONFIGURATIONS: usize = 32;
const REVISIONS: usize = 1_000;

/// What was changed.
pub(crate) struct History {
    revisions: BTreeMap<u64, Note>,
    configurations: VecDeque<Entry>,
    refused: Option<Refused>,
}

/// How a revision came about.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    pub(crate) at_ms: u64,
    pub(crate) what: String,
    /// In the words of who asked for it.
    pub(crate) by: Option<String>,
}

/// A configuration that was applied.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) number: u64,
    pub(crate) at_ms: u64,
    pub(crate) by: String,
    /// The revision that its slots became.
    pub(crate) revision: u64,
    pub(crate) config: Config,
    pub(super) staged: Staged,
}

/// The last configuration that was refused.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    pub(crate) at_ms: u64,
    pub(crate) by: String,
    pub(crate) message: String,
    pub(crate) line: Option<usize>,
}

impl History {
    pub(super) fn first(revision: u64, config: Config, staged: Staged) -> Self {
        let mut history = History {
            revisions: BTreeMap::new(),
            configurations: VecDeque::new(),
            refused: None,
        };
        history.revised(revision, "the configuration", None);
        history.configured(revision, "the start", config, staged);
        history
    }

    /// A revision was staged.
    pub(crate) fn revised(&mut self, revision: u64, what: impl Into<String>, by: Option<String>) {
        let note = Note {
            at_ms: now_ms(),
            what: what.into(),
            by,
        };
        self.revisions.insert(revision, note);
        while self.revisions.len() > REVISIONS {
            self.revisions.pop_first();
        }
    }

    /// How a revision came about, where that is still known.
    pub(crate) fn note(&self, revision: u64) -> Option<&Note> {
        self.revisions.get(&revision)
    }

    /// A configuration was applied.
    pub(super) fn configured(&mut self, revision: u64, by: impl Into<String>, config: Config, staged: Staged) -> u64 {
        let number = self.configurations.back().map_or(1, |last| last.number + 1);
        self.configurations.push_back(Entry {
            number,
            at_ms: now_ms(),
            by: by.into(),
            revision,
            config,
            staged,
        });
        while self.configurations.len() > CONFIGURATIONS {
            self.configurations.pop_front();
        }
        self.refused = None;
        number
    }

    /// A configuration was refused.
    pub(super) fn refused_one(&mut self, by: impl Into<String>, message: String, line: Option<usize>) {
        self.refused = Some(Refused {
            at_ms: now_ms(),
            by: by.into(),
            message,
            line,
        });
    }

    /// The configurations that are kept, oldest first; the last one serves.
    pub(crate) fn configurations(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.configurations.iter()
    }

    /// What was refused since the one that serves.
    pub(crate) fn last_refused(&self) -> Option<&Refused> {
        self.refused.as_ref()
    }
}
