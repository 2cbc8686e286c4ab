//! Cases as training keeps them: features and outcomes, at most so many, drawn evenly from however many there are.

use crate::case::Case;
use crate::features::Features;
use crate::hash;
use crate::text::{Kind, Text};
use std::collections::BTreeMap;

use super::TrainError;

/// Models that cases may name.
const MODELS: usize = 64;
/// Different words of which the spelling is kept, to tell what was learned.
const SPELLINGS: usize = 100_000;

/// The cases that are kept.
#[derive(Debug)]
pub(super) struct Sample {
    /// Names of the models, the cheapest first.
    pub(super) models: Vec<Model>,
    /// The cases.
    pub(super) rows: Vec<Row>,
    /// Cases that were read.
    pub(super) read: usize,
    /// Those of them that have an outcome.
    pub(super) usable: usize,
    /// Words by their hash.
    pub(super) spellings: BTreeMap<u64, String>,
}

/// A model that the cases name.
#[derive(Debug, Clone)]
pub(super) struct Model {
    pub(super) name: String,
    /// Mean over the rows that have it.
    pub(super) quality: f64,
    /// The same in USD, where any row has it.
    pub(super) cost_usd: Option<f64>,
}

/// A case that is kept.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) features: Features,
    /// By model; `None` where the case says nothing of it.
    pub(super) quality: Vec<Option<f32>>,
    /// By model, in USD.
    pub(super) cost: Vec<Option<f64>>,
    /// Bytes of the prompt.
    pub(super) bytes: usize,
}

impl Row {
    /// By model: whether no other did better, where its quality and that of another is known.
    pub(super) fn unbeaten(&self, model: usize) -> Option<f32> {
        let own = self.quality[model]?;
        if self.quality.iter().flatten().count() < 2 {
            return None;
        }
        let best = self.quality.iter().flatten().copied().fold(f32::NEG_INFINITY, f32::max);
        Some(f32::from(u8::from(own >= best)))
    }
}

/// Reads all cases and keeps at most `most` (algorithm R, Vitter 1985).
pub(super) fn draw(cases: impl IntoIterator<Item = Case>, most: usize) -> Result<Sample, TrainError> {
    let mut names: Vec<String> = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    let mut spellings = BTreeMap::new();
    let (mut read, mut usable, mut outcomes) = (0, 0, 0);
    for case in cases {
        read += 1;
        outcomes += case.outcomes.len();
        for outcome in &case.outcomes {
            check(read, outcome.quality, &outcome.model)?;
            if !names.contains(&outcome.model) {
                if names.len() == MODELS {
                    return Err(TrainError::TooManyModels {
                        most: MODELS,
                        last: outcome.model.clone(),
                    });
                }
                names.push(outcome.model.clone());
            }
        }
        if case.outcomes.is_empty() {
            continue;
        }
        usable += 1;
        let place = if rows.len() < most {
            rows.len()
        } else {
            (hash::finish(usable as u64) % usable as u64) as usize
        };
        if place < most {
            let row = keep(&case, &names, &mut spellings);
            if place == rows.len() {
                rows.push(row)
            } else {
                rows[place] = row
            }
        }
    }
    match (outcomes, rows.len()) {
        (0, _) => Err(TrainError::NoOutcomes { read }),
        _ if names.len() == 1 => Err(TrainError::OneModel {
            name: names.swap_remove(0),
        }),
        (_, ..10) => Err(TrainError::TooFew { read, usable }),
        _ => Ok(in_order(
            Sample {
                models: Vec::new(),
                rows,
                read,
                usable,
                spellings,
            },
            &names,
        )),
    }
}

fn check(case: usize, quality: f64, model: &str) -> Result<(), TrainError> {
    if (0.0..=1.0).contains(&quality) {
        return Ok(());
    }
    Err(TrainError::Quality {
        case,
        model: model.to_owned(),
        quality: quality.to_string(),
    })
}

fn keep(case: &Case, names: &[String], spellings: &mut BTreeMap<u64, String>) -> Row {
    let mut row = Row {
        features: Features::new(&case.prompt),
        quality: vec![None; names.len()],
        cost: vec![None; names.len()],
        bytes: case.prompt.len(),
    };
    for outcome in &case.outcomes {
        if let Some(model) = names.iter().position(|name| *name == outcome.model) {
            row.quality[model] = Some(outcome.quality as f32);
            row.cost[model] = outcome.cost_usd;
        }
    }
    let text = Text::new(&case.prompt);
    for word in text.words.iter().filter(|word| word.kind == Kind::Letters) {
        if spellings.len() < SPELLINGS {
            spellings
                .entry(word.hash)
                .or_insert_with(|| text.spell(word).to_owned());
        }
    }
    row
}

/// Puts the models in the order of their cost, or where it is unknown of their quality.
fn in_order(mut sample: Sample, names: &[String]) -> Sample {
    for row in &mut sample.rows {
        row.quality.resize(names.len(), None);
        row.cost.resize(names.len(), None);
    }
    let means = |model: usize| Model {
        name: names[model].clone(),
        quality: mean(sample.rows.iter().filter_map(|row| row.quality[model]).map(f64::from)).unwrap_or(0.0),
        cost_usd: mean(sample.rows.iter().filter_map(|row| row.cost[model])),
    };
    let mut models: Vec<(usize, Model)> = (0..names.len()).map(|model| (model, means(model))).collect();
    let priced = models.iter().all(|(_, model)| model.cost_usd.is_some());
    models.sort_by(|(_, a), (_, b)| {
        let costs = || a.cost_usd.unwrap_or(0.0).total_cmp(&b.cost_usd.unwrap_or(0.0));
        let by_cost = if priced { costs() } else { std::cmp::Ordering::Equal };
        by_cost
            .then(a.quality.total_cmp(&b.quality))
            .then_with(|| a.name.cmp(&b.name))
    });
    for row in &mut sample.rows {
        row.quality = models.iter().map(|(model, _)| row.quality[*model]).collect();
        row.cost = models.iter().map(|(model, _)| row.cost[*model]).collect();
    }
    sample.models = models.into_iter().map(|(_, model)| model).collect();
    sample
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_usize), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}
