//! Instances that a policy keeps between its calls, each with its place in the pool. Only a policy that turns are asking
//! keeps any: one whose revision is not active would hold places that others need.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::OwnedSemaphorePermit;

use super::call::Policy;
use super::live::Live;
use crate::sandbox::idle::Keeper;

/// Warm instances that a policy keeps.
const MOST: usize = 8;

/// The instances between calls; `None` while nobody asks the policy.
#[derive(Default)]
pub(crate) struct Warm(Mutex<Option<Vec<Kept>>>);

struct Kept {
    live: Live,
    _room: OwnedSemaphorePermit,
}

impl Warm {
    /// An instance, where there is one. Its place goes: whoever calls brings one.
    pub(super) fn take(&self) -> Option<Live> {
        self.list().as_mut()?.pop().map(|kept| kept.live)
    }

    /// Keeps an instance, or drops it where there is no use for it.
    pub(super) fn put(&self, live: Live, room: OwnedSemaphorePermit) {
        let mut list = self.list();
        if let Some(list) = list.as_mut().filter(|list| list.len() < MOST) {
            list.push(Kept { live, _room: room });
        }
    }

    fn serve(&self, serves: bool) {
        let mut list = self.list();
        if serves {
            list.get_or_insert_default();
        } else {
            *list = None;
        }
    }

    fn list(&self) -> MutexGuard<'_, Option<Vec<Kept>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Policy {
    /// Says whether new turns ask this policy: from when they do it may keep instances, and with the last it gives all
    /// back that nobody is using. Turns that are still on their way get fresh ones.
    pub(crate) fn serve(&self, serves: bool) {
        self.warm.serve(serves);
        self.homes.serve(serves);
    }

    /// Whether it keeps instances while it serves.
    pub(crate) fn keeps(&self) -> bool {
        self.reuse
    }
}

impl Keeper for Policy {
    fn give_back(&self) -> bool {
        self.warm.take().is_some() || self.homes.close_idle()
    }
}
