//! Labels: pairs of a fixed name and a value of a bounded set.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock};

/// The labels of a series.
pub(super) type Labels<const N: usize> = [(&'static str, Arc<str>); N];

/// So many values of all labels together are told apart; whatever comes later is `other`.
const MOST: usize = 1_000;

/// The values that have been seen: names of models, slots and arms, all of them configured by operators, who may change
/// them as often as they like.
#[derive(Debug, Default)]
pub(super) struct Bounded {
    known: RwLock<HashSet<Arc<str>>>,
}

impl Bounded {
    /// The value, or `other`.
    pub(super) fn value(&self, value: &str) -> Arc<str> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(value) {
            return known.clone();
        }
        drop(known);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            return "other".into();
        }
        let new: Arc<str> = value.into();
        known.insert(new.clone());
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_bound_every_value_is_other() {
        let bounded = Bounded::default();
        let all: Vec<Arc<str>> = (0..2 * MOST).map(|n| bounded.value(&n.to_string())).collect();
        assert_eq!((&*all[MOST - 1], &*all[MOST]), ("999", "other"));
        assert_eq!(&*bounded.value("7"), "7");
    }
}
