//! What all turns came to.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Instant;

use pointsman::Outcome;

use super::through::{Money, Row};

/// Counts turns as they come.
pub(crate) struct Summary {
    started: Instant,
    turns: usize,
    bad_lines: usize,
    models: BTreeMap<String, usize>,
    verdicts: BTreeMap<&'static str, usize>,
    outcomes: BTreeMap<(String, String), usize>,
    tokens_before: u64,
    tokens_after: u64,
    exact: bool,
    uncounted: usize,
    money: Money,
    unpriced: usize,
    quality: f64,
    best_quality: f64,
    labelled: usize,
    policy_us: Vec<f32>,
    engine_us: Vec<f32>,
}

impl Default for Summary {
    fn default() -> Self {
        Summary {
            started: Instant::now(),
            turns: 0,
            bad_lines: 0,
            models: BTreeMap::new(),
            verdicts: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            tokens_before: 0,
            tokens_after: 0,
            exact: true,
            uncounted: 0,
            money: Money::default(),
            unpriced: 0,
            quality: 0.0,
            best_quality: 0.0,
            labelled: 0,
            policy_us: Vec::new(),
            engine_us: Vec::new(),
        }
    }
}

impl Summary {
    pub(crate) fn turns(&self) -> usize {
        self.turns
    }

    pub(super) fn bad_line(&mut self) {
        self.bad_lines += 1;
    }

    pub(crate) fn add(&mut self, row: &Row) {
        let record = &row.record;
        self.turns += 1;
        *self.models.entry(record.model.clone()).or_default() += 1;
        if let Some(verdict) = record.verdict() {
            *self.verdicts.entry(verdict.action.word()).or_default() += 1;
        }
        for slot in &record.slots {
            let outcome = match &slot.outcome {
                Outcome::Decided { undone: None, .. } => "decided".to_owned(),
                Outcome::Decided { undone: Some(why), .. } if why.contains("observes") => "observed".to_owned(),
                Outcome::Decided { undone: Some(_), .. } => "undone".to_owned(),
                Outcome::Declined { .. } => "declined".to_owned(),
                Outcome::Failed { kind, .. } => format!("FAILED ({kind})"),
                _ => "skipped".to_owned(),
            };
            *self.outcomes.entry((slot.slot.clone(), outcome)).or_default() += 1;
        }
        match (record.tokens_before, record.tokens_after) {
            (Some(before), Some(after)) => {
                self.tokens_before += u64::from(before.tokens);
                self.tokens_after += u64::from(after.tokens);
                self.exact &= before.exact;
            }
            _ => self.uncounted += 1,
        }
        match (row.money.with, row.money.without) {
            (Some(with), Some(without)) => {
                *self.money.with.get_or_insert_default() += with;
                *self.money.without.get_or_insert_default() += without;
            }
            _ => self.unpriced += 1,
        }
        if let Some(chosen) = row.outcomes.get(&record.model) {
            // The strong model of a pair is the dearest, as in the costs.
            let strong = row.outcomes.values().max_by(|a, b| a.cost_usd.total_cmp(&b.cost_usd));
            self.labelled += 1;
            self.quality += chosen.quality;
            self.best_quality += strong.map_or(0.0, |strong| strong.quality);
        }
        self.policy_us.push(record.policy_us() as f32);
        self.engine_us.push(record.engine_us as f32);
    }

    /// An error where lines were left out or nothing was run, so that a script notices.
    pub(super) fn verdict(&self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.turns > 0 || self.bad_lines > 0,
            "there was nothing to run: the files have no lines"
        );
        anyhow::ensure!(
            self.bad_lines == 0,
            "{} of {} could not be run: see above",
            self.bad_lines,
            self.bad_lines + self.turns
        );
        Ok(())
    }
}

impl Summary {
    /// What was sent of what came. Turns that nobody counted are no turns of no tokens.
    fn tokens(&self) -> String {
        let uncounted = match self.uncounted {
            0 => String::new(),
            all if all == self.turns => return "not counted: nobody asked".to_owned(),
            turns => format!("; {turns} turns that were not counted left out"),
        };
        let about = if self.exact { "" } else { " (some estimated)" };
        let fewer = 100.0 * (1.0 - self.tokens_after as f64 / self.tokens_before.max(1) as f64);
        format!(
            "{} → {}, {fewer:.1}% fewer{about}{uncounted}",
            self.tokens_before, self.tokens_after
        )
    }

    /// What was paid of what would have been. Turns whose price is not known are no turns without a price.
    fn cost(&self) -> String {
        let Money {
            with: Some(with),
            without: Some(without),
        } = self.money
        else {
            return "not known: no turn has models of known prices alone".to_owned();
        };
        let saved = if without > 0.0 {
            format!(", {:.1}% saved", 100.0 * (1.0 - with / without))
        } else {
            String::new()
        };
        let unpriced = match self.unpriced {
            0 => String::new(),
            turns => format!("; {turns} turns with an unknown price left out"),
        };
        let (with, without) = (usd(with), usd(without));
        format!("{without} with the dearest model and every message → {with}{saved}{unpriced}")
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.started.elapsed().as_secs_f64();
        writeln!(
            f,
            "\n{} turns in {seconds:.1} s ({:.0} a second), {} could not be run",
            self.turns,
            self.turns as f64 / seconds,
            self.bad_lines
        )?;
        if self.turns == 0 {
            return Ok(());
        }
        let share = |part: usize| 100.0 * part as f64 / self.turns as f64;
        let models: Vec<_> = self
            .models
            .iter()
            .map(|(model, n)| format!("{model} {n} ({:.0}%)", share(*n)))
            .collect();
        writeln!(f, "  models    {}", models.join(", "))?;
        writeln!(f, "  tokens    {}", self.tokens())?;
        writeln!(f, "  cost      {}", self.cost())?;
        if self.labelled > 0 && self.best_quality > 0.0 {
            writeln!(
                f,
                "  quality   {:.1}% of the dearest model's on {} labelled turns",
                100.0 * self.quality / self.best_quality,
                self.labelled
            )?;
        }
        if !self.verdicts.is_empty() {
            let verdicts: Vec<_> = self.verdicts.iter().map(|(word, n)| format!("{word} {n}")).collect();
            writeln!(f, "  verdicts  {}", verdicts.join(", "))?;
        }
        let mut slots: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for ((slot, outcome), n) in &self.outcomes {
            slots.entry(slot).or_default().push(format!("{outcome} {n}"));
        }
        let slots: Vec<_> = slots
            .into_iter()
            .map(|(slot, outcomes)| format!("{slot}: {}", outcomes.join(", ")))
            .collect();
        let slots = if slots.is_empty() {
            "none".to_owned()
        } else {
            slots.join(" · ")
        };
        writeln!(f, "  slots     {slots}")?;
        writeln!(
            f,
            "  a turn    {} µs in policies, {} µs in the engine (p50 / p99)",
            quantiles(&self.policy_us),
            quantiles(&self.engine_us)
        )
    }
}

/// US dollars, with as many digits as say something.
fn usd(amount: f64) -> String {
    let digits = if amount <= 0.0 {
        0
    } else if amount >= 0.01 {
        4
    } else {
        // To the third that is not zero.
        (2.0 - amount.log10().floor()) as usize
    };
    format!("${amount:.digits$}")
}

fn quantiles(values: &[f32]) -> String {
    let mut sorted = values.to_vec();
    sorted.sort_by(f32::total_cmp);
    let at = |q: f64| {
        sorted
            .get((sorted.len().saturating_sub(1) as f64 * q) as usize)
            .copied()
            .unwrap_or_default()
    };
    format!("{:.0} / {:.0}", at(0.5), at(0.99))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_money_is_not_shown_as_none() {
        let shown: Vec<String> = [0.0, 12.5, 0.0437, 0.000_001_25, 0.009_99]
            .into_iter()
            .map(usd)
            .collect();
        assert_eq!(shown, ["$0", "$12.5000", "$0.0437", "$0.00000125", "$0.00999"]);
    }

    #[test]
    fn what_nobody_knows_is_not_shown_as_nothing() {
        let mut summary = Summary::default();
        (summary.turns, summary.unpriced, summary.uncounted) = (2, 2, 2);
        let text = summary.to_string();
        assert!(
            text.contains("cost      not known") && text.contains("tokens    not counted"),
            "{text}"
        );
        assert!(text.contains("slots     none") && !text.contains('$'), "{text}");
    }
}
