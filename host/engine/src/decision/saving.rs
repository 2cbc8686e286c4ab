//! What policies saved of a turn's bill.

use super::Record;
use crate::model::Usage;

impl Record {
    /// What the turn would have cost without policies, in USD: the dearest candidate asked once, with every message.
    ///
    /// It starts from what was billed, not from what was counted: the messages that were left out are added to the billed
    /// prompt. Where the provider took a part of the prompt from its cache, they are priced as cached too: they stand in
    /// the conversation's older part, which an unshortened prompt would have had in the cache as well. `None` where usage
    /// or a price is not known, and where nothing was billed.
    pub fn cost_without_policies_usd(&self) -> Option<f64> {
        let billed = self.usage.filter(|usage| !usage.is_nothing())?;
        // Where nobody counted, nobody left anything out: an edit is counted before it is made.
        let left_out = match (self.tokens_before, self.tokens_after) {
            (Some(before), Some(after)) => before.tokens.saturating_sub(after.tokens),
            _ => 0,
        };
        let cached = if billed.cached_input_tokens > 0 { left_out } else { 0 };
        let whole = Usage {
            input_tokens: billed.input_tokens.saturating_add(left_out),
            cached_input_tokens: billed.cached_input_tokens.saturating_add(cached),
            ..billed
        };
        let costs = self.candidates.iter().map(|model| model.cost(&whole));
        costs.collect::<Option<Vec<f64>>>()?.into_iter().max_by(f64::total_cmp)
    }

    /// What policies saved, in USD, attempts counted in: less than nothing, where the turn cost more than it would have
    /// without them. `None` where usage or a price is not known.
    pub fn saved_usd(&self) -> Option<f64> {
        Some(self.cost_without_policies_usd()? - self.cost_usd?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(usage: serde_json::Value) -> Record {
        let count = |tokens: u32| serde_json::json!({ "tokens": tokens, "exact": true });
        let model = |name: &str, price: f64| {
            serde_json::json!({
                "name": name, "input_price": price, "cached_input_price": price / 10.0, "output_price": price,
            })
        };
        serde_json::from_value(serde_json::json!({
            "schema": 1, "turn": "t", "revision": 1, "state": "finished", "at_ms": 0, "seed": 0, "request": "x",
            "limits": {}, "candidates": [model("small", 1.0), model("large", 10.0)], "slots": [], "model": "small",
            "fallbacks": [], "parameters": {}, "tokens_before": count(1_000), "tokens_after": count(400),
            "usage": usage, "cost_usd": 0.001, "engine_us": 0.0,
        }))
        .unwrap()
    }

    #[test]
    fn the_saving_starts_from_what_was_billed() {
        let billed = record(serde_json::json!({ "input_tokens": 500, "output_tokens": 100 }));
        let without = billed.cost_without_policies_usd().unwrap();
        assert!(
            (without - (500.0 + 600.0 + 100.0) * 10.0 / 1e6).abs() < 1e-12,
            "{without}"
        );
        assert!((billed.saved_usd().unwrap() - (without - 0.001)).abs() < 1e-12);
    }

    #[test]
    fn where_the_provider_cached_what_was_left_out_was_cheap_too() {
        let billed =
            record(serde_json::json!({ "input_tokens": 500, "cached_input_tokens": 300, "output_tokens": 100 }));
        let without = billed.cost_without_policies_usd().unwrap();
        assert!(
            (without - ((200.0 + 100.0) * 10.0 + 900.0) / 1e6).abs() < 1e-12,
            "{without}"
        );
    }

    #[test]
    fn without_usage_nothing_is_known() {
        assert_eq!(record(serde_json::Value::Null).saved_usd(), None);
    }
}
