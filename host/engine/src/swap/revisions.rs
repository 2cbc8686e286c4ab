//! The revisions that are kept, and which of them goes when there are too many.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::snapshot::Snapshot;

/// Activations that are remembered: more than anybody rolls back.
const REMEMBERED: usize = 1_000;

/// The revisions that are kept, oldest first, and the order in which they were active.
#[derive(Default)]
pub(crate) struct Revisions {
    pub(super) kept: VecDeque<Arc<Snapshot>>,
    history: Vec<u64>,
    newest: u64,
}

impl Revisions {
    /// Numbers and keeps a revision that was made.
    pub(super) fn keep(&mut self, mut made: Snapshot) -> u64 {
        self.newest += 1;
        made.number = self.newest;
        let most = made.settings.keep_revisions.max(1) + 1;
        self.kept.push_back(Arc::new(made));
        while self.kept.len() > most
            && let Some(at) = self.expendable()
        {
            self.kept.remove(at);
        }
        self.newest
    }

    pub(super) fn find(&self, number: u64) -> Option<Arc<Snapshot>> {
        self.kept.iter().find(|snapshot| snapshot.number == number).cloned()
    }

    pub(super) fn numbers(&self) -> Vec<u64> {
        self.kept.iter().map(|snapshot| snapshot.number).collect()
    }

    /// Writes down that a revision is active from now on.
    pub(super) fn activated(&mut self, number: u64) {
        self.history.push(number);
        let excess = self.history.len().saturating_sub(REMEMBERED);
        self.history.drain(..excess);
    }

    /// Forgets the activations after the revision that was active before, and gives that.
    pub(super) fn go_back(&mut self) -> Option<Arc<Snapshot>> {
        let at = self.before()?;
        self.history.truncate(at + 1);
        self.find(self.history[at])
    }

    /// Where in the history the revision stands that a rollback goes to.
    fn before(&self) -> Option<usize> {
        let current = self.history.last()?;
        let is_kept = |number: &u64| self.kept.iter().any(|snapshot| snapshot.number == *number);
        self.history
            .iter()
            .rposition(|number| number != current && is_kept(number))
    }

    /// The revision that is missed least: the oldest of those that were only tried, then the oldest. Never the newest, nor
    /// the active one, nor the one to which a rollback would go.
    fn expendable(&self) -> Option<usize> {
        let needed = [
            Some(self.newest),
            self.history.last().copied(),
            self.before().map(|at| self.history[at]),
        ];
        let spare = || {
            let all = self.kept.iter().map(|snapshot| snapshot.number).enumerate();
            all.filter(|(_, number)| !needed.contains(&Some(*number)))
        };
        let tried = spare().find(|(_, number)| !self.history.contains(number));
        tried.or_else(|| spare().next()).map(|(at, _)| at)
    }
}
