//! Instances that nobody is calling, and who may be asked for their places when the pool is empty.

use std::sync::{Mutex, PoisonError, Weak};

/// Who keeps instances between calls.
pub(crate) trait Keeper: Send + Sync {
    /// Drops one that nobody is calling, with its place; whether there was one.
    fn give_back(&self) -> bool;
}

/// All who keep any.
#[derive(Default)]
pub(super) struct Keepers(Mutex<Vec<Weak<dyn Keeper>>>);

impl Keepers {
    pub(super) fn set(&self, keepers: Vec<Weak<dyn Keeper>>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = keepers;
    }

    /// Frees one place, where one is kept for later.
    pub(super) fn give_back(&self) {
        let keepers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keepers
            .iter()
            .filter_map(Weak::upgrade)
            .any(|keeper| keeper.give_back());
    }
}

impl std::fmt::Debug for Keepers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keepers")
    }
}
