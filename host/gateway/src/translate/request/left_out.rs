//! What a translation leaves out of a request, by its name.

use serde_json::{Map, Value, json};

/// Fields that say nothing where the reply comes in another form anyway: its usage comes with every stream.
const OF_THE_FORM: [&str; 1] = ["stream_options"];

/// The names of these fields, but for those that ask for what would be so without them.
pub(super) fn left_out(rest: &Map<String, Value>) -> Vec<String> {
    let asks = |name: &str, value: &Value| match (name, value) {
        (_, Value::Null | Value::Bool(false)) => false,
        ("n", n) => *n != json!(1),
        ("presence_penalty" | "frequency_penalty", penalty) => penalty.as_f64() != Some(0.0),
        (_, Value::Array(all)) => !all.is_empty(),
        (_, Value::Object(all)) => !all.is_empty() && !OF_THE_FORM.contains(&name),
        ("service_tier", tier) => *tier != json!("auto"),
        _ => true,
    };
    let named = rest.iter().filter(|(name, value)| asks(name, value));
    named.map(|(name, _)| name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_asks_for_nothing_is_not_named() {
        let rest = json!({
            "n": 1, "seed": 7, "logprobs": false, "frequency_penalty": 0, "presence_penalty": 0.5, "logit_bias": {},
            "stream_options": { "include_usage": true }, "service_tier": "auto", "reasoning_effort": "low",
        });
        let rest = rest.as_object().unwrap();
        assert_eq!(left_out(rest), ["seed", "presence_penalty", "reasoning_effort"]);
    }
}
