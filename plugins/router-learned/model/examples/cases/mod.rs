//! Cases from gzipped JSON lines, in the form of `../shared/data/README.md`.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};

use flate2::read::GzDecoder;
use router_learned_model::{Case, Outcome};
use serde::Deserialize;

/// A line.
#[derive(Deserialize)]
pub(crate) struct Line {
    /// Its name.
    #[allow(dead_code, reason = "each example uses a part of this module")]
    pub(crate) id: String,
    messages: Vec<Message>,
    outcomes: BTreeMap<String, Known>,
    /// The subject.
    #[allow(dead_code, reason = "each example uses a part of this module")]
    pub(crate) group: String,
    /// `train`, `dev` or `test`.
    pub(crate) split: String,
}

#[derive(Deserialize)]
struct Message {
    content: String,
}

#[derive(Deserialize)]
struct Known {
    quality: f64,
    cost_usd: Option<f64>,
}

impl Line {
    /// What training takes of it.
    pub(crate) fn case(&self) -> Case {
        let outcome = |(model, known): (&String, &Known)| Outcome {
            model: model.clone(),
            quality: known.quality,
            cost_usd: known.cost_usd,
        };
        Case {
            prompt: self
                .messages
                .last()
                .map(|message| message.content.clone())
                .unwrap_or_default(),
            outcomes: self.outcomes.iter().map(outcome).collect(),
        }
    }

    /// The last outcome's quality less the first one's, by the order of their cost.
    #[allow(dead_code, reason = "each example uses a part of this module")]
    pub(crate) fn gain(&self) -> f64 {
        let mut known: Vec<&Known> = self.outcomes.values().collect();
        known.sort_by(|a, b| a.cost_usd.unwrap_or(0.0).total_cmp(&b.cost_usd.unwrap_or(0.0)));
        match (known.first(), known.last()) {
            (Some(weak), Some(strong)) => strong.quality - weak.quality,
            _ => 0.0,
        }
    }
}

/// All lines of a file.
pub(crate) fn read(path: &str) -> Result<Vec<Line>, Box<dyn Error>> {
    let file = File::open(path).map_err(|error| format!("{path}: {error}"))?;
    let lines = BufReader::new(GzDecoder::new(file)).lines();
    lines.map(|line| Ok(serde_json::from_str(&line?)?)).collect()
}
