//! One price for each model, for routers to choose by.
//!
//! What a case's own call came to is an outcome: where it differs from answer to answer, it tells how long the answer was and
//! often how good. A router is told what is known before anybody is asked: what calls of a model cost on average.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

use pointsman::Model;
use serde::{Deserialize, Serialize};

use super::{ScoreError, TEST};
use crate::case::priced;
use crate::lines::{Line, Source};
use crate::stream::{batches, cores};

/// What a call of each model costs on average, in USD.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Prices(BTreeMap<String, f64>);

/// Costs of one model's calls: their sum in USD, and how many there are.
#[derive(Clone, Copy, Debug, Default)]
struct Costs {
    usd: f64,
    calls: u32,
}

/// Costs by model: of cases outside the test split, and of those within.
type Seen = BTreeMap<String, [Costs; 2]>;

/// What of a case tells a price.
#[derive(Deserialize)]
struct Priced<'a> {
    #[serde(borrow, default)]
    split: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    outcomes: BTreeMap<Cow<'a, str>, Cost>,
}

#[derive(Deserialize)]
struct Cost {
    cost_usd: f64,
}

impl Prices {
    /// Reads them from labelled cases: of each model the mean cost over the cases that are not of the test split. A model that
    /// only test cases know has its mean over these. What is wrong with a line is for the run itself to say.
    ///
    /// # Errors
    /// A file cannot be read.
    pub async fn of(cases: &[PathBuf]) -> Result<Prices, ScoreError> {
        let mut batches = batches(Source::open(cases)?, cores(), |lines| async move { seen(&lines) });
        let mut all = Seen::new();
        while let Some(batch) = batches.next().await {
            for (model, costs) in batch? {
                let sums = all.entry(model).or_default();
                for (sum, costs) in sums.iter_mut().zip(costs) {
                    sum.usd += costs.usd;
                    sum.calls += costs.calls;
                }
            }
        }
        batches.finish().await??;
        let mean = |[others, test]: [Costs; 2]| {
            let of = if others.calls > 0 { others } else { test };
            of.usd / f64::from(of.calls)
        };
        Ok(Prices(
            all.into_iter().map(|(model, costs)| (model, mean(costs))).collect(),
        ))
    }

    /// The model at its price, where that is known.
    pub(super) fn model(&self, name: &str) -> Model {
        match self.0.get(name) {
            Some(call_usd) => priced(name, *call_usd),
            None => Model::named(name),
        }
    }
}

fn seen(lines: &[Line]) -> Seen {
    let mut seen = Seen::new();
    let texts = lines.iter().filter_map(|line| line.text.as_deref().ok());
    for case in texts.filter_map(|text| serde_json::from_str::<Priced<'_>>(text).ok()) {
        let part = usize::from(case.split.as_deref() == Some(TEST));
        for (model, cost) in case.outcomes {
            let costs = &mut seen.entry(model.into_owned()).or_default()[part];
            costs.usd += cost.cost_usd;
            costs.calls += 1;
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn prices(lines: &[&str]) -> Prices {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(lines.join("\n").as_bytes()).unwrap();
        let here = tokio::runtime::Builder::new_current_thread().build().unwrap();
        here.block_on(Prices::of(&[file.path().to_owned()])).unwrap()
    }

    fn case(split: &str, small: f64, large: f64) -> String {
        format!(
            r#"{{"id":"x","split":"{split}","outcomes":{{"small":{{"quality":1,"cost_usd":{small}}},"large":{{"quality":1,"cost_usd":{large}}}}}}}"#
        )
    }

    #[test]
    fn a_model_has_one_price_whatever_its_calls_came_to_and_test_cases_have_no_say() {
        let lines = [case("train", 0.1, 1.0), case("dev", 0.3, 2.0), case("test", 70.0, 0.0)];
        let prices = prices(&[&lines[0], "no JSON", &lines[1], &lines[2]]);
        assert_eq!(prices.0["small"], 0.2);
        assert_eq!(prices.0["large"], 1.5);
    }

    #[test]
    fn where_there_are_test_cases_alone_their_mean_is_the_price() {
        let lines = [case("test", 0.1, 1.0), case("test", 0.3, 2.0)];
        let prices = prices(&[&lines[0], &lines[1]]);
        assert_eq!((prices.0["small"], prices.0["large"]), (0.2, 1.5));
        assert_eq!(prices.model("unheard").input_price, None);
    }
}
