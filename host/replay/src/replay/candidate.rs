//! Another policy in a slot's place, on the turns of the past.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pointsman::{Engine, Mode, Outcome, PolicyKind, Record, Request, SlotRecord};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::again::{Feed, decide};
use super::difference::{Conversation, Difference, Told, replied, texts};
use super::effect::{edits, effect, guarded, is_of_request, routed};
use super::inputs::Inputs;
use super::library::{Builder, LibraryError};
use super::summary::Summary;
use crate::candidate::{self, Candidate};
use crate::lines::{Line, Source};
use crate::score::{Predictions, Progress, Provenance, ScoreError};
use crate::stream::{batches, cores};
use crate::trace::{Obstacle, Trace};

/// A candidate for a slot.
pub struct Replay {
    engine: Engine,
    inputs: Inputs,
    slot: String,
    kind: PolicyKind,
    measure: Value,
}

/// What came of one line.
enum Came {
    Difference {
        difference: Box<Difference>,
        new: bool,
        /// A hash of its conversation's name.
        conversation: Option<u64>,
    },
    /// With the slots that there are, where the candidate's is none of them.
    Obstacle(Obstacle, Vec<String>),
    Fault(String),
}

/// The differences that a run before left, by turn.
type Done = HashMap<String, Vec<Difference>>;

impl Replay {
    /// Stages a candidate for the slot of this name.
    ///
    /// # Errors
    /// It cannot be staged.
    pub async fn new(slot: &str, candidate: &Candidate, builder: &Builder) -> Result<Self, LibraryError> {
        let mut settings = candidate::settings(std::slice::from_ref(candidate));
        let inputs = Inputs::of_a_candidate();
        for own in &mut settings.slots {
            slot.clone_into(&mut own.name);
            // What it says is carried out, so that the conversation after it can be shown, and it remembers.
            own.mode = Mode::Enforce;
        }
        let engine = builder(settings)
            .map_err(LibraryError::Engine)?
            .memory(inputs.clone())
            .build()
            .await?;
        Ok(Replay {
            engine,
            inputs,
            slot: slot.to_owned(),
            kind: candidate.kind,
            measure: json!({ "replay": { "slot": slot, "settings": candidate.settings } }),
        })
    }

    /// Asks the candidate about every turn of the traces. Each difference is written to `out` as it comes; what stands there
    /// already is not asked again, unless it is started over (`again`).
    ///
    /// # Errors
    /// See [`ScoreError`].
    pub async fn run(
        self,
        traces: &[PathBuf],
        out: (&Path, bool),
        mut progress: impl FnMut(Progress),
    ) -> Result<Summary, ScoreError> {
        let source = Source::open(traces)?;
        let provenance = Provenance::new(self.measure.clone(), &self.engine, traces).await;
        let mut written = Predictions::open(out.0, &provenance, out.1)?;
        let done: Arc<Done> = Arc::new(std::mem::take(&mut written.done));
        let mut summary = Summary::new(&self.slot, self.kind, provenance);
        // A compressor remembers: its turns are asked in their order.
        let at_once = if self.kind == PolicyKind::Compressor {
            1
        } else {
            cores()
        };
        let replay = Arc::new(self);
        let mut batches = batches(source, at_once, move |lines: Vec<Line>| {
            let (replay, done) = (replay.clone(), done.clone());
            async move {
                let mut came = Vec::with_capacity(lines.len());
                for line in lines.iter().filter(|line| !line.is_blank()) {
                    came.push(replay.line(line, &done).await.unwrap_or_else(Came::Fault));
                }
                (lines.last().map_or(0, |line| line.position), came)
            }
        });
        while let Some(batch) = batches.next().await {
            let (position, came) = batch?;
            for came in came {
                match came {
                    Came::Difference {
                        difference,
                        new,
                        conversation,
                    } => {
                        if new {
                            written.write(std::slice::from_ref(&*difference))?;
                        }
                        summary.add(*difference, conversation);
                    }
                    Came::Obstacle(obstacle, slots) => {
                        *summary.obstacles.entry(obstacle).or_default() += 1;
                        summary.slots.extend(slots);
                    }
                    Came::Fault(fault) => {
                        summary.faults += 1;
                        progress(Progress::Fault(fault));
                    }
                }
            }
            written.flush()?;
            progress(Progress::At(position));
        }
        batches.finish().await??;
        Ok(summary)
    }

    async fn line(&self, line: &Line, done: &Done) -> Result<Came, String> {
        let fault = |fault: String| format!("{}: {fault}", line.place());
        let trace = Trace::read(line.text.as_ref().map_err(|words| fault(words.clone()))?).map_err(fault)?;
        let obstacle = |obstacle| Ok(Came::Obstacle(obstacle, Vec::new()));
        if let Some(known) = trace.unreadable() {
            return obstacle(known);
        }
        let record = &trace.record;
        let Some(recorded) = self.recorded(record) else {
            if record
                .slots
                .iter()
                .any(|slot| slot.slot == self.slot && slot.kind == self.kind)
            {
                return obstacle(Obstacle::NothingDecided);
            }
            let slots = record.slots.iter().map(|slot| format!("{} ({})", slot.slot, slot.kind));
            return Ok(Came::Obstacle(Obstacle::NoSuchSlot, slots.collect()));
        };
        if guarded(record, recorded) {
            return obstacle(Obstacle::Guarded);
        }
        let conversation = record.conversation.as_ref().map(|name| {
            let mut hash = DefaultHasher::new();
            name.hash(&mut hash);
            hash.finish()
        });
        // A compressor is asked again all the same: what it remembers is part of what it decides next.
        if let (Some([known]), true) = (
            done.get(&record.turn).map(Vec::as_slice),
            self.kind != PolicyKind::Compressor,
        ) {
            return Ok(Came::Difference {
                difference: Box::new(known.clone()),
                new: false,
                conversation,
            });
        }
        Ok(match self.compare(line, &trace, recorded).await.map_err(fault)? {
            Some(difference) => Came::Difference {
                difference: Box::new(difference),
                new: !done.contains_key(&record.turn),
                conversation,
            },
            None => return obstacle(Obstacle::OtherPart),
        })
    }

    /// The recorded part of the slot that the candidate stands in for. Of a checker's two, the reply's.
    fn recorded<'a>(&self, record: &'a Record) -> Option<&'a SlotRecord> {
        let mut slots = record.slots.iter().rev();
        let asked = |slot: &&SlotRecord| !matches!(slot.outcome, Outcome::Skipped { .. });
        slots
            .find(|slot| slot.slot == self.slot && slot.kind == self.kind)
            .filter(asked)
    }

    /// What the candidate says of a turn, beside what was recorded; `None` where a checker judges requests and the recorded one
    /// judged replies, or the other way round.
    async fn compare(
        &self,
        line: &Line,
        trace: &Trace<'_>,
        recorded: &SlotRecord,
    ) -> Result<Option<Difference>, String> {
        let record = &trace.record;
        let request = self.request(trace)?;
        let before = request.messages().to_vec();
        let sent = edits(recorded).and_then(|edits| request.edited(edits).ok());
        let (now, after) = decide(
            &self.engine,
            &self.inputs,
            (&line.place(), trace, request),
            Feed::AtOnce,
        )
        .await?;
        let part = is_of_request(recorded);
        let same_part = |slot: &&SlotRecord| match (part, is_of_request(slot)) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        let mut parts = now.slots.iter().rev().filter(|slot| slot.kind == self.kind);
        let Some(candidate) = parts.find(same_part) else {
            return Ok(None);
        };
        // The same conversation, whoever had it counted.
        let counts = [recorded.tokens_before, candidate.tokens_before, record.tokens_before];
        let counted = counts.into_iter().flatten().next().or(now.tokens_before);
        let same = effect(recorded) == effect(candidate);
        let mut difference = Difference {
            id: record.turn.clone(),
            place: line.place(),
            same,
            recorded: Told::of(recorded, counted),
            candidate: Told::of(candidate, counted),
            conversation: None,
        };
        difference.price(record, self.kind);
        if !same {
            let reply = (self.kind == PolicyKind::Checker).then(|| replied(&trace.reply));
            difference.conversation = Some(Conversation {
                before: texts(&before),
                recorded: sent.map(|sent| texts(&sent)),
                after: edits(candidate).map(|_| texts(&after)),
                reply: reply.unwrap_or_default(),
            });
        }
        Ok(Some(difference))
    }

    /// The request as the slot saw it: a router before any model was chosen, the others with the model that was.
    fn request(&self, trace: &Trace<'_>) -> Result<Request, String> {
        if self.kind == PolicyKind::Router {
            return trace.request();
        }
        let body = trace.request.ok_or("the trace holds no request")?;
        let mut fields: serde_json::Map<String, Value> =
            serde_json::from_str(body.get()).map_err(|error| error.to_string())?;
        fields.insert("model".to_owned(), routed(&trace.record).into());
        let text = serde_json::to_string(&fields).map_err(|error| error.to_string())?;
        let body: Box<RawValue> = RawValue::from_string(text).map_err(|error| error.to_string())?;
        Trace {
            request: Some(&body),
            ..trace.clone()
        }
        .request()
    }
}
