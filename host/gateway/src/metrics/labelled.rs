//! One metric with labels. Each turn counts in a dozen series, nearly always the same ones: they are found by a look through
//! the few that there are, without a hash of their labels.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock};

use prometheus_client::encoding::EncodeMetric;
use prometheus_client::metrics::TypedMetric;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::{Registry, Unit};

type Labels<const N: usize> = [(&'static str, Arc<str>); N];

/// A metric with `N` labels.
pub(super) struct Labelled<const N: usize, M> {
    names: [&'static str; N],
    known: Arc<Known>,
    family: Family<Labels<N>, M, fn() -> M>,
    /// By their values as they come: a look at strings one by one beats a hash of all as long as they are few.
    few: RwLock<Vec<([Arc<str>; N], M)>>,
}

/// Series that are looked through; any further are found by their hash.
const FEW: usize = 64;

impl<const N: usize, M> Labelled<N, M>
where
    M: Clone + EncodeMetric + TypedMetric + std::fmt::Debug + Send + Sync + 'static,
{
    pub(super) fn new(names: [&'static str; N], known: &Arc<Known>, make: fn() -> M) -> Self {
        Labelled {
            names,
            known: known.clone(),
            family: Family::new_with_constructor(make),
            few: RwLock::default(),
        }
    }

    pub(super) fn register(self, registry: &mut Registry, name: &str, help: &str) -> Self {
        registry.register(name, help, self.family.clone());
        self
    }

    pub(super) fn register_seconds(self, registry: &mut Registry, name: &str, help: &str) -> Self {
        registry.register_with_unit(name, help, Unit::Seconds, self.family.clone());
        self
    }

    /// The series of these values, of which each is a word of ours or a name that operators gave.
    pub(super) fn of(&self, values: [&str; N]) -> M {
        let few = self.few.read().unwrap_or_else(PoisonError::into_inner);
        let is = |own: &[Arc<str>; N]| own.iter().zip(values).all(|(own, value)| **own == *value);
        if let Some((_, series)) = few.iter().find(|(own, _)| is(own)) {
            return series.clone();
        }
        drop(few);
        let labels = std::array::from_fn(|at| (self.names[at], self.known.value(values[at])));
        let series = self.family.get_or_create_owned(&labels);
        let mut few = self.few.write().unwrap_or_else(PoisonError::into_inner);
        if few.len() < FEW && !few.iter().any(|(own, _)| is(own)) {
            few.push((values.map(Arc::from), series.clone()));
        }
        series
    }
}

/// So many values of all labels together are told apart; whatever comes later is `other`.
const MOST: usize = 1_000;

/// The values that have been seen: beside our own words names of models, slots and arms, all of them configured by
/// operators, who may change them as often as they like.
#[derive(Debug, Default)]
pub(super) struct Known(RwLock<HashSet<Arc<str>>>);

impl Known {
    /// The value, or `other`.
    fn value(&self, value: &str) -> Arc<str> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(value) {
            return known.clone();
        }
        drop(known);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
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
    use prometheus_client::metrics::counter::Counter;

    use super::*;

    fn counted() -> (Registry, Labelled<2, Counter>) {
        let mut registry = Registry::default();
        let counted = Labelled::new(["a", "b"], &Arc::default(), Counter::default);
        let counted = counted.register(&mut registry, "n", "What was counted");
        (registry, counted)
    }

    #[test]
    fn series_are_told_apart_by_all_of_their_values_be_they_few_or_many() {
        let (_, counted) = counted();
        for round in 0..3 {
            for n in 0..2 * FEW {
                let name = n.to_string();
                assert_eq!(counted.of([&name, "x"]).inc(), round);
                assert_eq!(counted.of(["x", &name]).inc(), round);
            }
        }
    }

    #[test]
    fn beyond_the_bound_every_value_is_other() {
        let (registry, counted) = counted();
        for n in 0..2 * MOST {
            counted.of([&n.to_string(), ""]).inc();
        }
        assert_eq!(counted.of(["7", ""]).get(), 1);
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &registry).unwrap();
        // The empty value is one of those that are known.
        let others = format!("n_total{{a=\"other\",b=\"\"}} {}\n", MOST + 1);
        assert!(text.contains(&others) && !text.contains("\"1500\""), "{text}");
    }
}
