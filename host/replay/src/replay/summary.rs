//! What all turns with a candidate came to, with intervals over their conversations.

use std::collections::{BTreeMap, BTreeSet, HashMap};

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
    /// Slots that the traces have, where the candidate's is not among those of a turn.
    pub slots: BTreeSet<String>,
    /// Lines that are no traces, or whose request cannot be taken.
    pub faults: usize,
    /// The largest differences, the largest first.
    pub largest: Vec<Difference>,
    pub(crate) turns: Vec<Turn>,
    /// Conversations by a hash of their names, from 0; a turn without one is a conversation of its own.
    conversations: HashMap<u64, u32>,
    /// How many there are, those without a name too.
    conversed: u32,
}

/// The numbers of one turn; `NaN` is unknown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    pub(crate) same: bool,
    pub(crate) cost: [f64; 2],
    pub(crate) tokens: [f32; 2],
    pub(crate) call_us: [f32; 2],
    /// Its conversation, from 0.
    conversation: u32,
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
            slots: BTreeSet::new(),
            turns: Vec::new(),
            conversations: HashMap::new(),
            conversed: 0,
        }
    }

    /// Counts a turn of the conversation with this hash of its name.
    pub(super) fn add(&mut self, difference: Difference, conversation: Option<u64>) {
        let next = self.conversed;
        let conversation = conversation.map_or(next, |name| *self.conversations.entry(name).or_insert(next));
        self.conversed += u32::from(conversation == next);
        let sides = [&difference.recorded, &difference.candidate];
        self.turns.push(Turn {
            same: difference.same,
            cost: sides.map(|told| told.cost_usd.unwrap_or(f64::NAN)),
            tokens: sides.map(|told| told.tokens.map_or(f32::NAN, |tokens| tokens as f32)),
            call_us: sides.map(|told| told.call_us),
            conversation,
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
        let sums = self.by_conversation(|turn| Some([f64::from(u8::from(!turn.same)), 1.0]));
        let intervals = bootstrap(&[sums.len()], |drawn| {
            let [differ, all] = drawn_sum(&sums, &drawn[0]);
            vec![differ / all]
        });
        let share = self.differ() as f64 / self.compared() as f64;
        (share, intervals.into_iter().next().flatten())
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
        let known = |turn: &Turn| Some(of(turn)).filter(|pair| pair.iter().all(|n| n.is_finite()));
        let sums = self.by_conversation(known);
        let percent = |[was, is]: [f64; 2]| 100.0 * (is / was - 1.0);
        let [recorded, candidate] = self
            .turns
            .iter()
            .filter_map(known)
            .fold([0.0, 0.0], |[was, is], pair| [was + pair[0], is + pair[1]]);
        let intervals = bootstrap(&[sums.len()], |drawn| vec![percent(drawn_sum(&sums, &drawn[0]))]);
        (recorded > 0.0).then(|| Change {
            turns: self.turns.iter().filter_map(known).count(),
            recorded,
            candidate,
            percent: percent([recorded, candidate]),
            interval: intervals.into_iter().next().flatten(),
        })
    }

    /// Sums over the turns of each conversation. What one turn of a conversation does, the others often do too, so that these
    /// are what is resampled.
    fn by_conversation(&self, of: impl Fn(&Turn) -> Option<[f64; 2]>) -> Vec<[f64; 2]> {
        let mut sums: Vec<Option<[f64; 2]>> = vec![None; self.conversed as usize];
        for turn in &self.turns {
            if let Some([a, b]) = of(turn) {
                let sum = sums[turn.conversation as usize].get_or_insert([0.0, 0.0]);
                *sum = [sum[0] + a, sum[1] + b];
            }
        }
        sums.into_iter().flatten().collect()
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

fn drawn_sum(sums: &[[f64; 2]], drawn: &[u32]) -> [f64; 2] {
    let drawn = sums.iter().zip(drawn);
    drawn.fold([0.0, 0.0], |[a, b], (sum, times)| {
        [a + f64::from(*times) * sum[0], b + f64::from(*times) * sum[1]]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::Told;

    fn width(conversation: impl Fn(u64) -> Option<u64>) -> f64 {
        let provenance = Provenance {
            measure: Value::Null,
            policies: Vec::new(),
            cases: Vec::new(),
        };
        let mut summary = Summary::new("router", PolicyKind::Router, provenance);
        for turn in 0..200 {
            let difference = Difference {
                id: turn.to_string(),
                place: String::new(),
                same: turn % 20 < 10,
                recorded: Told::default(),
                candidate: Told::default(),
                conversation: None,
            };
            summary.add(difference, conversation(turn));
        }
        let (share, interval) = summary.share();
        assert_eq!(share, 0.5);
        interval.map(|interval| interval.high - interval.low).unwrap()
    }

    #[test]
    fn turns_of_one_conversation_are_drawn_together() {
        // Ten turns of a conversation that do the same are one observation: √10 times as wide.
        let (alone, together) = (width(|_| None), width(|turn| Some(turn / 10)));
        assert!(together > 2.5 * alone && together < 4.0 * alone, "{alone} {together}");
        assert_eq!(width(Some), alone);
    }
}
