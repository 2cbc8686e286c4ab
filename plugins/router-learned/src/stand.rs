//! Which trained model a candidate stands for: by its name, by the settings, by its tag or by its price.

use std::collections::BTreeMap;

use pointsman_policy::{Candidate, Reason};
use router_learned_model::{Head, Prediction};

/// Tags of the dearest and of the cheapest trained model.
const STRONG: &[&str] = &["strong"];
const WEAK: &[&str] = &["weak", "cheap"];

/// What a candidate is taken for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stand {
    /// The trained model of this number.
    Model(usize),
    /// Between the cheapest trained model, 0, and the dearest, 1.
    Between(f32),
}

/// A candidate with what it is taken for.
#[derive(Debug)]
pub struct Standing<'c> {
    /// The candidate.
    pub candidate: &'c Candidate,
    /// What it is taken for.
    pub stand: Stand,
    /// Where the name does not say it: on what ground.
    pub ground: Option<Reason>,
}

impl Stand {
    /// Its place from the cheapest trained model to the dearest, for an order where prices are not known.
    pub fn place(self, head: &Head) -> f32 {
        match self {
            Stand::Model(model) => model as f32 / head.models.len().saturating_sub(1).max(1) as f32,
            Stand::Between(place) => place,
        }
    }

    /// What is expected of it: quality, and the chance that no other does better.
    pub fn expected(self, prediction: &Prediction) -> (f32, f32) {
        match self {
            Stand::Model(model) => (prediction.quality[model], prediction.unbeaten[model]),
            Stand::Between(place) => {
                let last = prediction.quality.len() - 1;
                let between = |values: &[f32]| values[0] + place * (values[last] - values[0]);
                (between(&prediction.quality), between(&prediction.unbeaten))
            }
        }
    }
}

/// What each candidate is taken for, and the names of those for whom nothing tells.
pub fn standings<'c>(
    candidates: &'c [Candidate],
    head: &Head,
    names: &BTreeMap<String, String>,
) -> (Vec<Standing<'c>>, Vec<&'c str>) {
    let prices: Vec<f64> = candidates
        .iter()
        .filter_map(price)
        .filter(|price| *price > 0.0)
        .collect();
    let low = prices.iter().copied().fold(f64::INFINITY, f64::min);
    let high = prices.iter().copied().fold(0.0, f64::max);
    let (mut found, mut unknown) = (Vec::new(), Vec::new());
    for candidate in candidates {
        let standing = by_name(candidate, head, names)
            .or_else(|| by_tag(candidate, head))
            .or_else(|| by_price(candidate, low, high));
        match standing {
            Some((stand, ground)) => found.push(Standing {
                candidate,
                stand,
                ground,
            }),
            None => unknown.push(candidate.name.as_str()),
        }
    }
    (found, unknown)
}

type Found = Option<(Stand, Option<Reason>)>;

fn by_name(candidate: &Candidate, head: &Head, names: &BTreeMap<String, String>) -> Found {
    let number = |name: &str| head.models.iter().position(|model| model.name == name);
    if let Some(name) = names.get(&candidate.name) {
        let say = || {
            Reason::new(
                "stands-for",
                format!("{} is taken for {name}, as the settings say", candidate.name),
            )
        };
        return number(name).map(|model| (Stand::Model(model), Some(say())));
    }
    number(&candidate.name).map(|model| (Stand::Model(model), None))
}

fn by_tag(candidate: &Candidate, head: &Head) -> Found {
    let tagged = |tags: &[&'static str]| {
        tags.iter()
            .copied()
            .find(|tag| candidate.tags.iter().any(|own| own == tag))
    };
    let taken = |model: usize, tag: &str| {
        let name = &head.models[model].name;
        let text = format!("{} is taken for {name}, since it is tagged `{tag}`", candidate.name);
        Some((Stand::Model(model), Some(Reason::new("stands-for:tag", text))))
    };
    match (tagged(STRONG), tagged(WEAK)) {
        (Some(tag), None) => taken(head.models.len() - 1, tag),
        (None, Some(tag)) => taken(0, tag),
        // With both tags or with none, tags do not tell.
        _ => None,
    }
}

/// By the logarithm of the price, between the lowest and the highest of the candidates.
fn by_price(candidate: &Candidate, low: f64, high: f64) -> Found {
    let price = price(candidate).filter(|price| *price > 0.0 && high > low)?;
    // Rounded, so that no platform's last bit shows.
    let place = ((price / low).ln() / (high / low).ln() * 1e4).round() as f32 / 1e4;
    let text = format!(
        "{} is not known from training; by its price of {price} USD for a million tokens of prompt and of reply it stands \
         at {:.0}% of the way from the cheapest candidate to the dearest",
        candidate.name,
        place * 100.0
    );
    Some((Stand::Between(place), Some(Reason::new("stands-for:price", text))))
}

/// A million tokens of prompt and a million of reply, in USD; nothing unless both prices are known.
fn price(candidate: &Candidate) -> Option<f64> {
    Some(candidate.input_price? + candidate.output_price?)
}
