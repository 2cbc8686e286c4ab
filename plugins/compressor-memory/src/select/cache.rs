//! What a provider's prompt cache is worth, and so what a compaction costs.

use pointsman_policy::Turn;

use crate::settings::Settings;

/// Prices of cached tokens, and how long they are needed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cache {
    /// What a cached token costs, as a share of its price.
    pub price: f64,
    /// Turns that the conversation is expected to go on for.
    pub horizon: u32,
    /// Whether the provider may hold the conversation as it was: not on a first turn.
    pub warm: bool,
}

impl Cache {
    /// The chosen model's prices where they are known, else those of the settings.
    pub fn of(turn: &Turn, settings: &Settings) -> Self {
        let candidate = turn.model().and_then(|model| turn.candidate(&model));
        let prices = candidate.and_then(|candidate| Some((candidate.cached_input_price?, candidate.input_price?)));
        let known = prices
            .map(|(cached, whole)| cached / whole)
            .filter(|share| (0.0..=1.0).contains(share));
        Self {
            price: known.unwrap_or(settings.cached_price),
            horizon: settings.horizon,
            warm: turn.previous().is_some(),
        }
    }

    /// What a compaction must save in each turn, so that it pays within the horizon although `read_anew` tokens behind its
    /// first change are no longer found in the cache. What is saved would have cost the cached price.
    pub fn least_saving(&self, read_anew: u32) -> u32 {
        if !self.warm {
            return 0;
        }
        let once = f64::from(read_anew) * (1.0 - self.price);
        let each = self.price * f64::from(self.horizon);
        (once / each.max(1e-9)).min(f64::from(u32::MAX)) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cold_cache_costs_nothing_and_a_warm_one_what_is_read_anew() {
        let cache = |warm| Cache {
            price: 0.1,
            horizon: 10,
            warm,
        };
        assert_eq!(cache(false).least_saving(1000), 0);
        assert_eq!(cache(true).least_saving(1000), 900);
    }
}
