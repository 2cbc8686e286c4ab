//! Whether the policies that decided would decide the same again, byte for byte.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use pointsman::{Engine, Outcome, Record, SkipReason, SlotRecord};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::again::{Feed, decide};
use super::inputs::Inputs;
use super::library::{Library, LibraryError};
use crate::lines::{Line, Source, SourceError};
use crate::stream::{batches, cores};
use crate::trace::{Obstacle, Trace};

/// A decision that came out differently.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mismatch {
    /// File and line.
    pub place: String,
    /// The turn.
    pub turn: String,
    /// The slot.
    pub slot: String,
    /// What was recorded.
    pub recorded: Value,
    /// What came out now.
    pub now: Value,
}

/// What came of verifying traces.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verification {
    /// Turns whose every decision came out the same.
    pub equal: usize,
    /// Decisions of these turns.
    pub decisions: usize,
    /// Verdicts of these turns on replies that were not passed on, and so are not in their traces: not made again.
    pub unseen: usize,
    /// Turns with a decision that did not.
    pub unequal: usize,
    /// The first of the decisions that came out differently.
    pub mismatches: Vec<Mismatch>,
    /// Turns that cannot be decided again.
    pub obstacles: BTreeMap<Obstacle, usize>,
    /// Lines that are no traces.
    pub faulty: usize,
    /// The first of them, with their places.
    pub faults: Vec<String>,
}

/// Mismatches, and lines that are no traces, that are kept.
const KEPT: usize = 100;

/// Decides traces again with the policies that decided them.
pub struct Verifier {
    library: Library,
    inputs: Inputs,
    /// One for each combination of policies that the traces name.
    engines: Mutex<HashMap<String, Option<Engine>>>,
}

/// What came of one trace.
enum Came {
    Equal { decisions: usize, unseen: usize },
    Unequal(Vec<Mismatch>),
    Obstacle(Obstacle),
}

impl Verifier {
    /// A verifier with these policies at hand.
    pub fn new(library: Library) -> Self {
        Verifier {
            library,
            inputs: Inputs::default(),
            engines: Mutex::default(),
        }
    }

    /// Verifies all traces of a source. `progress` is told how many bytes are done.
    ///
    /// # Errors
    /// A file cannot be read on.
    pub async fn verify(self, source: Source, mut progress: impl FnMut(u64)) -> Result<Verification, SourceError> {
        let verifier = Arc::new(self);
        let mut batches = batches(source, cores(), move |lines: Vec<Line>| {
            let verifier = verifier.clone();
            async move {
                let mut came = Vec::with_capacity(lines.len());
                for line in lines.iter().filter(|line| !line.is_blank()) {
                    came.push(
                        verifier
                            .line(line)
                            .await
                            .map_err(|fault| format!("{}: {fault}", line.place())),
                    );
                }
                (lines.last().map_or(0, |line| line.position), came)
            }
        });
        let mut all = Verification::default();
        while let Some(Ok((position, came))) = batches.next().await {
            came.into_iter().for_each(|came| all.add(came));
            progress(position);
        }
        batches.finish().await.unwrap_or(Ok(()))?;
        Ok(all)
    }

    async fn line(&self, line: &Line) -> Result<Came, String> {
        let trace = Trace::read(line.text.as_ref().map_err(Clone::clone)?)?;
        if let Some(obstacle) = trace.obstacle() {
            return Ok(Came::Obstacle(obstacle));
        }
        let recorded: Vec<&SlotRecord> = trace.record.slots.iter().filter(|slot| was_asked(slot)).collect();
        if recorded.is_empty() {
            return Ok(Came::Obstacle(Obstacle::NothingDecided));
        }
        let Some(engine) = self.engine(&trace.record).await.map_err(|error| error.to_string())? else {
            return Ok(Came::Obstacle(Obstacle::PolicyMissing));
        };
        let mut mismatches = Vec::new();
        for feed in [Feed::AtOnce, Feed::OneByOne] {
            let turn = (&*line.place(), &trace, trace.request()?);
            let (now, _) = decide(&engine, &self.inputs, turn, feed).await?;
            mismatches = differences(&recorded, &now, &line.place(), &trace.record.turn);
            if mismatches.is_empty() {
                let attempts = trace.record.attempts.iter().flat_map(|attempt| &attempt.slots);
                return Ok(Came::Equal {
                    decisions: recorded.len(),
                    unseen: attempts.filter(|slot| was_asked(slot)).count(),
                });
            }
        }
        Ok(Came::Unequal(mismatches))
    }

    /// The engine with the policies of a record; `None` where one of them is not at hand.
    async fn engine(&self, record: &Record) -> Result<Option<Engine>, LibraryError> {
        let key = combination(record);
        let mut engines = self.engines.lock().await;
        if let Some(known) = engines.get(&key) {
            return Ok(known.clone());
        }
        let engine = match self.library.slots(record) {
            Some(slots) => Some(self.library.engine(slots, self.inputs.clone()).await?),
            None => None,
        };
        engines.insert(key, engine.clone());
        Ok(engine)
    }
}

impl Verification {
    fn add(&mut self, came: Result<Came, String>) {
        match came {
            Ok(Came::Equal { decisions, unseen }) => {
                self.equal += 1;
                self.decisions += decisions;
                self.unseen += unseen;
            }
            Ok(Came::Unequal(mismatches)) => {
                self.unequal += 1;
                let room = KEPT.saturating_sub(self.mismatches.len());
                self.mismatches.extend(mismatches.into_iter().take(room));
            }
            Ok(Came::Obstacle(obstacle)) => *self.obstacles.entry(obstacle).or_default() += 1,
            Err(fault) => {
                self.faulty += 1;
                if self.faults.len() < KEPT {
                    self.faults.push(fault);
                }
            }
        }
    }
}

/// Slots, modes and policies of a record, as one text.
fn combination(record: &Record) -> String {
    let slots = record.slots.iter().map(|slot| {
        let policy = &slot.policy;
        format!(
            "{} {} {:?} {} {} {:?}\n",
            slot.slot, slot.kind, slot.mode, policy.digest, policy.settings, policy.artifacts
        )
    });
    slots.collect()
}

/// Whether a slot said something, or failed in a way that it would fail again.
fn was_asked(slot: &SlotRecord) -> bool {
    !matches!(
        slot.outcome,
        Outcome::Skipped {
            reason: SkipReason::NotReviewed | SkipReason::AlreadyDecided | SkipReason::BreakerOpen
        }
    )
}

fn differences(recorded: &[&SlotRecord], now: &Record, place: &str, turn: &str) -> Vec<Mismatch> {
    // A checker that guards has two parts in a record, the request's before the reply's.
    let mut left: Vec<&SlotRecord> = now.slots.iter().filter(|slot| was_asked(slot)).collect();
    let mut out = Vec::new();
    for slot in recorded {
        let same = left.iter().position(|other| other.slot == slot.slot);
        let found = same.map_or(Value::Null, |at| comparable(left.remove(at)));
        let expected = comparable(slot);
        if serde_json::to_vec(&expected).ok() != serde_json::to_vec(&found).ok() {
            out.push(Mismatch {
                place: place.to_owned(),
                turn: turn.to_owned(),
                slot: slot.slot.clone(),
                recorded: expected,
                now: found,
            });
        }
    }
    out
}

/// What of a slot's part is decided, and not only how long it took or what was done about a failure.
fn comparable(slot: &SlotRecord) -> Value {
    let outcome = match &slot.outcome {
        Outcome::Failed { kind, message, .. } => json!({ "failed": { "kind": kind, "message": message } }),
        other => serde_json::to_value(other).unwrap_or_default(),
    };
    json!({
        "outcome": outcome,
        "tokens_before": slot.tokens_before,
        "tokens_after": slot.tokens_after,
        "log": slot.log,
        "log_dropped": slot.log_dropped,
    })
}
