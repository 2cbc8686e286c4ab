//! Models and routes as they are written down.

use std::collections::BTreeSet;

use pointsman::{Health, Model};
use schemars::JsonSchema;
use serde::Deserialize;

use super::ConfigError;

/// A model, who serves it, and what is known of it. What is left out is unknown, never zero.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ServedModel {
    /// The name that clients, routes and policies know it by.
    pub name: String,
    /// The upstream that serves it.
    pub upstream: String,
    /// Its name there; the same, where it is left out.
    #[serde(default)]
    pub upstream_model: Option<String>,
    /// Tokens of prompt and reply together.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub window: Option<u32>,
    /// Most tokens of one reply.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub max_output_tokens: Option<u32>,
    /// USD per million tokens of the prompt.
    #[serde(default)]
    pub input_price: Option<f64>,
    /// USD per million tokens of the prompt that the provider had cached.
    #[serde(default)]
    pub cached_input_price: Option<f64>,
    /// USD per million tokens of the prompt that the provider writes to its cache for some minutes; 1.25 times
    /// `input-price`, where it is left out. For an hour it is 1.6 times this.
    #[serde(default)]
    pub cache_write_price: Option<f64>,
    /// USD per million tokens of the reply.
    #[serde(default)]
    pub output_price: Option<f64>,
    /// The operator's own words for it.
    #[serde(default)]
    pub tags: Vec<String>,
}

impl ServedModel {
    pub(super) fn check(&self, place: &str) -> Result<(), ConfigError> {
        let counts = [("window", self.window), ("max-output-tokens", self.max_output_tokens)];
        match counts.iter().find(|(_, tokens)| *tokens == Some(0)) {
            Some((field, _)) => Err(ConfigError::wrong(
                format!("{place}.{field}"),
                "0 would leave no room for a token: give a positive number, or leave it out where it is not known",
            )),
            None => Ok(()),
        }
    }

    /// What policies see of it.
    pub(crate) fn model(&self) -> Model {
        Model {
            name: self.name.clone(),
            window: self.window,
            max_output_tokens: self.max_output_tokens,
            input_price: self.input_price,
            cached_input_price: self.cached_input_price,
            cache_write_price: self.cache_write_price,
            output_price: self.output_price,
            tags: self.tags.clone(),
            health: Health::default(),
        }
    }
}

/// A model name that clients ask for, and what the router chooses among.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RouteSettings {
    /// Such as `auto`.
    pub name: String,
    /// Names of models. Where no router decides, the first answers and the others stand in, in this order.
    pub candidates: Vec<String>,
}

impl RouteSettings {
    pub(super) fn check(&self, place: &str, models: &BTreeSet<&str>) -> Result<(), ConfigError> {
        if self.name.is_empty() || models.contains(self.name.as_str()) {
            let message = format!("`{}` is empty or the name of a model: a route needs its own", self.name);
            return Err(ConfigError::wrong(format!("{place}.name"), message));
        }
        if self.candidates.is_empty() {
            let message = "there is none: name at least one model";
            return Err(ConfigError::wrong(format!("{place}.candidates"), message));
        }
        match self.candidates.iter().find(|name| !models.contains(name.as_str())) {
            None => Ok(()),
            Some(unknown) => {
                let known = models.iter().copied().collect::<Vec<_>>().join(", ");
                let message = format!("there is no model `{unknown}`: known are {known}");
                Err(ConfigError::wrong(format!("{place}.candidates"), message))
            }
        }
    }
}
