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
            money: Money {
                with: Some(0.0),
                without: Some(0.0),
            },
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
                self.money.with = self.money.with.map(|sum| sum + with);
                self.money.without = self.money.without.map(|sum| sum + without);
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
        let about = if self.exact { "" } else { " (some estimated)" };
        let uncounted = match self.uncounted {
            0 => String::new(),
            turns => format!("; {turns} turns that were not counted left out"),
        };
        let fewer = 100.0 * (1.0 - self.tokens_after as f64 / (self.tokens_before.max(1)) as f64);
        writeln!(
            f,
            "  tokens    {} → {}, {fewer:.1}% fewer{about}{uncounted}",
            self.tokens_before, self.tokens_after
        )?;
        if let (Some(with), Some(without)) = (self.money.with, self.money.without) {
            let unpriced = if self.unpriced > 0 {
                format!("; {} turns with an unknown price left out", self.unpriced)
            } else {
                String::new()
            };
            let saved = if without > 0.0 {
                100.0 * (1.0 - with / without)
            } else {
                0.0
            };
            writeln!(
                f,
                "  cost      ${without:.4} with the dearest model and every message → ${with:.4}, {saved:.1}% saved{unpriced}"
            )?;
        }
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
        writeln!(f, "  slots     {}", slots.join(" · "))?;
        writeln!(
            f,
            "  a turn    {} µs in policies, {} µs in the engine (p50 / p99)",
            quantiles(&self.policy_us),
            quantiles(&self.engine_us)
        )
    }
}

fn quantiles(values: &[f32]) -> String {
    let mut sorted = values.to_vec();
    sorted.sort_by(f32::total_cmp);
    let at = |q: f64| {
        sorted
            .get(((sorted.len() - 1) as f64 * q) as usize)
            .copied()
            .unwrap_or_default()
    };
    format!("{:.0} / {:.0}", at(0.5), at(0.99))
}
