//! Components that were uploaded and are not yet part of a revision.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Beyond so many, the oldest makes room: a revision keeps what it runs for itself.
const KEPT: usize = 8;

/// The newest uploads.
#[derive(Default)]
pub(crate) struct Uploads {
    kept: Mutex<VecDeque<Arc<[u8]>>>,
}

impl Uploads {
    pub(crate) fn keep(&self, component: Arc<[u8]>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|known| **known != *component);
        kept.push_back(component);
        while kept.len() > KEPT {
            kept.pop_front();
        }
    }

    pub(crate) fn all(&self) -> Vec<Arc<[u8]>> {
        self.kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }
}
