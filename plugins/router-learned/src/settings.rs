//! The settings: what an operator writes, with one doc comment a field, from which the JSON Schema is made.

use std::collections::BTreeMap;

use pointsman_policy::SettingsError;
use schemars::JsonSchema;
use serde::Deserialize;

/// The trade-off, and who is who. With nothing set, the cheapest candidate that keeps 95% of the strong one's quality.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Settings {
    /// The share of the dearest model's quality to keep at the least cost, 0.5 to 1; 0.95 where neither this nor
    /// `point-usd` is set. What it asks of a prompt was learned from the training's cases: other traffic keeps another
    /// share.
    pub keep: Option<f32>,
    /// What a point of quality (0.01, one good answer in a hundred) is worth on one call, in USD. Needs the candidates'
    /// prices.
    pub point_usd: Option<f64>,
    /// For candidates under other names than in training: the name of the model in training.
    pub models: BTreeMap<String, String>,
    /// Tokens that a reply is expected to have, where the request allows as many; 500 where it is not set. Costs are
    /// estimated by it.
    pub reply_tokens: Option<u32>,
}

/// What the operator wants.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Aim {
    /// At least this share of the dearest model's quality.
    Keep(f32),
    /// A point of quality for this many USD.
    Point(f64),
}

impl Settings {
    /// The aim, if it is one and makes sense.
    ///
    /// # Errors
    /// Every setting that does not, by its path.
    pub fn aim(&self) -> Result<Aim, Vec<SettingsError>> {
        let mut errors = Vec::new();
        let mut wrong = |path: &str, message: String| errors.push(SettingsError::new(path, message));
        if let Some(keep) = self.keep
            && !(0.5..=1.0).contains(&keep)
        {
            wrong(
                "keep",
                format!("expected a share of the quality between 0.5 and 1, found {keep}"),
            );
        }
        if let Some(usd) = self.point_usd
            && !(usd.is_finite() && usd > 0.0)
        {
            wrong("point-usd", format!("expected more than 0 USD, found {usd}"));
        }
        if self.keep.is_some() && self.point_usd.is_some() {
            wrong("point-usd", "`keep` is set as well: keep one of them".to_owned());
        }
        if self.reply_tokens == Some(0) {
            wrong(
                "reply-tokens",
                "expected a reply of one token at least, found 0".to_owned(),
            );
        }
        for (candidate, model) in &self.models {
            if model.is_empty() {
                wrong(
                    &format!("models.{candidate}"),
                    "expected the name of a model in training, found an empty string".to_owned(),
                );
            }
        }
        match (errors.is_empty(), self.point_usd) {
            (false, _) => Err(errors),
            (true, Some(usd)) => Ok(Aim::Point(usd)),
            (true, None) => Ok(Aim::Keep(self.keep.unwrap_or(0.95))),
        }
    }
}
