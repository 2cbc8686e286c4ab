//! Models that a router may choose among: what is known of them, and nothing made up.

mod health;
mod usage;

pub use self::health::{Health, HealthState};
pub use self::usage::Usage;

use serde::{Deserialize, Serialize};

/// A model with its prices, its window and how it has been doing. `None` is unknown, never zero.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// The name to choose it by.
    pub name: String,
    /// Tokens of prompt and reply together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<u32>,
    /// Most tokens of one reply.
    #[serde(default, skip_serializing_if = "Option::is_none", alias = "max-output-tokens")]
    pub max_output_tokens: Option<u32>,
    /// USD per million tokens of the prompt.
    #[serde(default, alias = "input-price")]
    pub input_price: Option<f64>,
    /// USD per million tokens of the prompt that the provider had cached.
    #[serde(default, skip_serializing_if = "Option::is_none", alias = "cached-input-price")]
    pub cached_input_price: Option<f64>,
    /// USD per million tokens of the prompt that the provider writes to its cache for some minutes; a quarter more than
    /// the prompt's price, where it is not known, as Anthropic takes. For an hour it is 1.6 times this.
    #[serde(default, skip_serializing_if = "Option::is_none", alias = "cache-write-price")]
    pub cache_write_price: Option<f64>,
    /// USD per million tokens of the reply.
    #[serde(default, alias = "output-price")]
    pub output_price: Option<f64>,
    /// The operator's own words for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// How it has been doing.
    #[serde(default, skip_serializing_if = "Health::is_unknown")]
    pub health: Health,
}

impl Model {
    /// A model of which only the name is known.
    pub fn named(name: impl Into<String>) -> Self {
        Model {
            name: name.into(),
            ..Model::default()
        }
    }

    /// The same with prices in USD per million tokens.
    #[must_use]
    pub fn priced(mut self, input: f64, output: f64) -> Self {
        (self.input_price, self.output_price) = (Some(input), Some(output));
        self
    }

    /// What a call costs in USD; `None` where a price that is needed is not known.
    pub fn cost(&self, usage: &Usage) -> Option<f64> {
        let price = |tokens: u32, price: Option<f64>| {
            if tokens == 0 {
                Some(0.0)
            } else {
                price.map(|price| f64::from(tokens) * price / 1e6)
            }
        };
        let cached = usage.cached_input_tokens.min(usage.input_tokens);
        let written = usage.cache_write_input_tokens.min(usage.input_tokens - cached);
        let for_an_hour = usage.cache_write_1h_input_tokens.min(written);
        let write_price = self
            .cache_write_price
            .or(self.input_price.map(|price| price * CACHE_WRITE));
        Some(
            price(usage.input_tokens - cached - written, self.input_price)?
                + price(cached, self.cached_input_price.or(self.input_price))?
                + price(written - for_an_hour, write_price)?
                + price(for_an_hour, write_price.map(|price| price * FOR_AN_HOUR))?
                + price(usage.output_tokens, self.output_price)?,
        )
    }
}

/// What a token that is written to the cache costs beside one of the prompt, in Anthropic's price list.
const CACHE_WRITE: f64 = 1.25;
/// What it costs for an hour beside five minutes: 2 beside 1.25.
const FOR_AN_HOUR: f64 = 1.6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cost_follows_the_prices() {
        let model = Model {
            cached_input_price: Some(1.0),
            ..Model::named("m").priced(10.0, 20.0)
        };
        let usage = Usage {
            cached_input_tokens: 400,
            ..Usage::new(1_000, 100)
        };
        let cost = model.cost(&usage).unwrap();
        assert!((cost - 0.0084).abs() < 1e-12, "{cost}");
    }

    #[test]
    fn what_is_written_to_a_cache_costs_more_and_for_an_hour_more_still() {
        let usage = Usage {
            cached_input_tokens: 100,
            cache_write_input_tokens: 500,
            cache_write_1h_input_tokens: 200,
            ..Usage::new(1_000, 0)
        };
        let model = Model::named("m").priced(10.0, 20.0);
        let cost = model.cost(&usage).unwrap();
        let expected = (400.0 + 100.0 + 300.0 * 1.25 + 200.0 * 2.0) * 10.0 / 1e6;
        assert!((cost - expected).abs() < 1e-12, "{cost} {expected}");
        let own = Model {
            cache_write_price: Some(11.0),
            ..model
        };
        let expected = ((400.0 + 100.0) * 10.0 + 300.0 * 11.0 + 200.0 * 17.6) / 1e6;
        assert!((own.cost(&usage).unwrap() - expected).abs() < 1e-12);
    }

    #[test]
    fn an_unknown_price_is_not_zero() {
        assert_eq!(Model::named("m").cost(&Usage::new(1, 0)), None);
        assert_eq!(Model::named("m").cost(&Usage::new(0, 0)), Some(0.0));
    }
}
