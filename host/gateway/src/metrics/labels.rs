//! Labels: pairs of a fixed name and a value of a bounded set.

use std::collections::HashSet;
use std::fmt::Error;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, PoisonError, RwLock};

use prometheus_client::encoding::{EncodeLabel as _, EncodeLabelSet, LabelSetEncoder};

/// A label's value.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// A word of ours.
    Word(&'static str),
    /// A name that operators gave.
    Name(Arc<str>),
}

impl Value {
    fn text(&self) -> &str {
        match self {
            Value::Word(word) => word,
            Value::Name(name) => name,
        }
    }
}

impl From<&'static str> for Value {
    fn from(word: &'static str) -> Self {
        Value::Word(word)
    }
}

impl From<Arc<str>> for Value {
    fn from(name: Arc<str>) -> Self {
        Value::Name(name)
    }
}

/// The labels of a series, found again for every turn: so all that is hashed of a value is its length and its end, and of
/// the names, which are those of all series of a family, nothing.
#[derive(Clone, Debug)]
pub(super) struct Labels<const N: usize>(pub(super) [(&'static str, Value); N]);

impl<const N: usize> PartialEq for Labels<N> {
    fn eq(&self, other: &Self) -> bool {
        let both = self.0.iter().zip(&other.0);
        both.into_iter()
            .all(|((_, one), (_, other))| one.text() == other.text())
    }
}

impl<const N: usize> Eq for Labels<N> {}

impl<const N: usize> Hash for Labels<N> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for (_, value) in &self.0 {
            let bytes = value.text().as_bytes();
            let end = bytes.iter().rev().take(7);
            state.write_u64(end.fold(bytes.len() as u64, |sum, byte| sum << 8 | u64::from(*byte)));
        }
    }
}

impl<const N: usize> EncodeLabelSet for Labels<N> {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> Result<(), Error> {
        for (name, value) in &self.0 {
            (*name, value.text()).encode(encoder.encode_label())?;
        }
        Ok(())
    }
}

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
    pub(super) fn value(&self, value: &str) -> Value {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(value) {
            return Value::Name(known.clone());
        }
        drop(known);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            return Value::Word("other");
        }
        let new: Arc<str> = value.into();
        known.insert(new.clone());
        Value::Name(new)
    }
}

#[cfg(test)]
mod tests {
    use prometheus_client::metrics::counter::Counter;
    use prometheus_client::metrics::family::Family;

    use super::*;

    #[test]
    fn beyond_the_bound_every_value_is_other() {
        let bounded = Bounded::default();
        let all: Vec<Value> = (0..2 * MOST).map(|n| bounded.value(&n.to_string())).collect();
        assert_eq!((all[MOST - 1].text(), all[MOST].text()), ("999", "other"));
        assert_eq!(bounded.value("7").text(), "7");
    }

    #[test]
    fn series_are_told_apart_by_all_of_their_values_whoever_owns_them() {
        let family: Family<Labels<2>, Counter> = Family::default();
        let count = |one: Value, other: Value| family.get_or_create(&Labels([("a", one), ("b", other)])).inc();
        let name = |text: &str| Value::Name(text.into());
        count("x-long-name".into(), "other".into());
        count(name("x-long-name"), name("other"));
        // The same length, and the same end.
        count(name("y-long-name"), name("other"));
        count(name("other"), name("x-long-name"));
        let of = |one, other| {
            family
                .get_or_create(&Labels([("a", name(one)), ("b", name(other))]))
                .get()
        };
        assert_eq!(of("x-long-name", "other"), 2);
        assert_eq!((of("y-long-name", "other"), of("other", "x-long-name")), (1, 1));
    }
}
