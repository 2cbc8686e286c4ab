//! What all turns with a candidate came to, with intervals over the turns.

use std::collections::BTreeMap;

use pointsman::PolicyKind;
use serde_json::{Value, json};

use super::difference::Difference;
use crate::figures::{Interval, bootstrap};
use crate::score::Provenance;
use crate::trace::Obstacle;

/// Differences that are kept whole, the largest.
const KEPT: usize = 30;
/// Kinds of changes that are told apart; a policy with more is told in sum.
const CHANGES: usize = 200;

/// What a candidate would have changed.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The slot that it stood in.
    pub slot: String,
    /// What kind of policy it is.
    pub kind: PolicyKind,
    /// What was run.
    pub provenance: Provenance,
    /// Turns by what was recorded and what the candidate said; of same decisions too.
    pub changes: BTreeMap<(String, String), usize>,
    /// Turns that the candidate could not be asked about.
    pub obstacles: BTreeMap<Obstacle, usize>,
    /// Lines that are no traces, or whose request cannot be taken.
    pub faults: usize,
    /// The largest differences, the largest first.
    pub largest: Vec<Difference>,
    pub(crate) turns: Vec<Turn>,
}

/// The numbers of one turn; `NaN` is unknown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    pub(crate) same: bool,
    pub(crate) cost: [f64; 2],
    pub(crate) tokens: [f32; 2],
    pub(crate) call_us: [f32; 2],
}

/// A sum as it was and as it would have been.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Turns on which both are known.
    pub turns: usize,
    /// As it was.
    pub recorded: f64,
    /// As it would have been.
    pub candidate: f64,
    /// By how many percent the candidate is higher, with its interval.
    pub percent: f64,
    /// Where that lies.
    pub interval: Option<Interval>,
}

impl Summary {
    pub(super) fn new(slot: &str, kind: PolicyKind, provenance: Provenance) -> Self {
        Summary {
            slot: slot.to_owned(),
            kind,
            provenance,
            changes: BTreeMap::new(),
            obstacles: BTreeMap::new(),
            faults: 0,
            largest: Vec::new(),
            turns: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, difference: Difference) {
        let sides = [&difference.recorded, &difference.candidate];
        self.turns.push(Turn {
            same: difference.same,
            cost: sides.map(|told| told.cost_usd.unwrap_or(f64::NAN)),
            tokens: sides.map(|told| told.tokens.map_or(f32::NAN, |tokens| tokens as f32)),
            call_us: sides.map(|told| told.call_us),
        });
        let change = (difference.recorded.what.clone(), difference.candidate.what.clone());
        if self.changes.contains_key(&change) || self.changes.len() < CHANGES {
            *self.changes.entry(change).or_default() += 1;
        } else {
            *self
                .changes
                .entry(("other".to_owned(), "other".to_owned()))
                .or_default() += 1;
        }
        if !difference.same {
            let at = self.largest.partition_point(|known| known.size() >= difference.size());
            if at < KEPT {
                self.largest.insert(at, difference);
                self.largest.truncate(KEPT);
            }
        }
    }

    /// Turns that were compared.
    pub fn compared(&self) -> usize {
        self.turns.len()
    }

    /// Turns whose decisions differ.
    pub fn differ(&self) -> usize {
        self.turns.iter().filter(|turn| !turn.same).count()
    }

    /// Share of turns whose decisions differ, 0 to 1, with its interval.
    pub fn share(&self) -> (f64, Option<Interval>) {
        let share = |times: &dyn Fn(usize) -> f64| {
            let differ = self.turns.iter().enumerate().filter(|(_, turn)| !turn.same);
            differ.fold(0.0, |sum, (at, _)| sum + times(at)) / self.turns.len() as f64
        };
        let intervals = bootstrap(&[self.turns.len()], |drawn| vec![share(&|at| f64::from(drawn[0][at]))]);
        (share(&|_| 1.0), intervals.into_iter().next().flatten())
    }

    /// The predicted cost in USD; `None` where no price is known.
    pub fn cost(&self) -> Option<Change> {
        self.change(|turn| turn.cost)
    }

    /// Tokens that are sent: compressors.
    pub fn tokens(&self) -> Option<Change> {
        self.change(|turn| turn.tokens.map(f64::from))
    }

    fn change(&self, of: fn(&Turn) -> [f64; 2]) -> Option<Change> {
        let known: Vec<[f64; 2]> = self
            .turns
            .iter()
            .map(of)
            .filter(|pair| pair.iter().all(|n| n.is_finite()))
            .collect();
        let sums = |times: &dyn Fn(usize) -> f64| {
            known.iter().enumerate().fold([0.0, 0.0], |[was, is], (at, pair)| {
                [was + times(at) * pair[0], is + times(at) * pair[1]]
            })
        };
        let percent = |[was, is]: [f64; 2]| 100.0 * (is / was - 1.0);
        let [recorded, candidate] = sums(&|_| 1.0);
        let intervals = bootstrap(&[known.len()], |drawn| {
            vec![percent(sums(&|at| f64::from(drawn[0][at])))]
        });
        (recorded > 0.0).then(|| Change {
            turns: known.len(),
            recorded,
            candidate,
            percent: percent([recorded, candidate]),
            interval: intervals.into_iter().next().flatten(),
        })
    }

    /// Microseconds of the calls as recorded and of the candidate's: the median, and what 99 of 100 stay below.
    pub fn call_us(&self) -> [(f32, f32); 2] {
        [0, 1].map(|side| {
            let mut us: Vec<f32> = self.turns.iter().map(|turn| turn.call_us[side]).collect();
            us.sort_by(f32::total_cmp);
            let at = |q: f64| {
                us.get((us.len().saturating_sub(1) as f64 * q) as usize)
                    .copied()
                    .unwrap_or(0.0)
            };
            (at(0.5), at(0.99))
        })
    }

    /// The summary and the largest differences for machines.
    pub fn to_json(&self) -> Value {
        let (share, interval) = self.share();
        let change = |change: Option<Change>| {
            change.map(|change| {
                json!({
                    "turns": change.turns, "recorded": change.recorded, "candidate": change.candidate,
                    "percent": change.percent, "interval": change.interval,
                })
            })
        };
        let [recorded, candidate] = self.call_us();
        let us = |(p50, p99): (f32, f32)| json!({ "p50": p50, "p99": p99 });
        let changes = self
            .changes
            .iter()
            .map(|((was, is), turns)| json!({ "recorded": was, "candidate": is, "turns": turns }));
        let obstacles = self
            .obstacles
            .iter()
            .map(|(obstacle, turns)| (obstacle.words().to_owned(), (*turns).into()));
        json!({
            "slot": self.slot,
            "kind": self.kind,
            "policies": self.provenance.policies,
            "traces": self.provenance.cases,
            "compared": self.compared(),
            "differ": self.differ(),
            "share": share,
            "share_interval": interval,
            "cost_usd": change(self.cost()),
            "tokens": change(self.tokens()),
            "call_us": { "recorded": us(recorded), "candidate": us(candidate) },
            "changes": changes.collect::<Vec<_>>(),
            "not_compared": Value::Object(obstacles.collect()),
            "faults": self.faults,
            "largest": self.largest,
        })
    }
}
