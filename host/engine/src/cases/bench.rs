//! A component tried on cases: by its author, and by the engine before it is staged.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use serde_json::{Map, Value, json};

use super::given::call;
use super::reply::deltas;
use super::{Case, Got, parse};
use crate::artifact::Artifact;
use crate::conversation::Conversation;
use crate::decision::{Change, Decision, GuardAction};
use crate::edit::{Locks, edited};
use crate::engine::{Engine, Inner};
use crate::policy::stage::{self, Compiled, StageError};
use crate::sandbox::failure::Failure;
use crate::settings::PolicyKind;

/// A component ready to be tried on cases, each with settings of its own.
pub struct Bench {
    inner: Arc<Inner>,
    compiled: Compiled,
    artifacts: Artifacts,
}

/// What a slot would give the policy beside its settings.
type Artifacts = Arc<BTreeMap<String, Artifact>>;

impl Engine {
    /// Prepares a component for cases. Blocks while it compiles.
    ///
    /// # Errors
    /// It cannot be compiled or linked.
    pub fn bench(&self, component: impl Into<Arc<[u8]>>) -> Result<Bench, StageError> {
        Ok(Bench {
            inner: self.inner.clone(),
            compiled: self.compiled(component.into())?,
            artifacts: Artifacts::default(),
        })
    }
}

impl Bench {
    /// Gives the policy an artifact, as a slot would.
    #[must_use]
    pub fn artifact(mut self, name: impl Into<String>, artifact: Artifact) -> Self {
        Arc::make_mut(&mut self.artifacts).insert(name.into(), artifact);
        self
    }

    /// Runs one case, in an instance of its own. Blocks.
    ///
    /// # Errors
    /// The case cannot be set up: its request or its settings are wrong. A policy's failure is a result: `failed`.
    pub fn run(&self, case: &Case) -> Result<Got, String> {
        run(&self.inner, &self.compiled, &self.artifacts, case)
    }
}

/// Processor time for all of a component's own cases together: each has its deadline, but there may be any number of them, and
/// a busy machine is not their fault.
const VOUCHING: Duration = Duration::from_secs(30);

/// Runs a component's own cases, with the artifacts of its slot.
pub(crate) fn vouch(inner: &Inner, compiled: &Compiled, artifacts: &Artifacts, lines: &str) -> Result<(), StageError> {
    let started = worked();
    for (at, case) in parse(lines).map_err(StageError::Cases)?.iter().enumerate() {
        let fault = |words: String| StageError::Cases(format!("case {} (`{}`): {words}", at + 1, case.name));
        let took = worked().saturating_sub(started);
        if took > VOUCHING {
            return Err(fault(format!(
                "the cases before it took {} s: bring fewer, or faster ones",
                took.as_secs()
            )));
        }
        let got = run(inner, compiled, artifacts, case).map_err(fault)?;
        let differences = got.differences(&case.expected);
        if !differences.is_empty() {
            return Err(fault(differences.join("; ")));
        }
    }
    Ok(())
}

/// What the processor has done for this thread.
fn worked() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

/// An instance that another case has asked would decide by what it keeps of that: a turn meets none but fresh ones.
fn run(inner: &Inner, compiled: &Compiled, artifacts: &Artifacts, case: &Case) -> Result<Got, String> {
    let (call, conversation) = call(inner, case, artifacts)?;
    let mut live = stage::scratch(&inner.sandbox, compiled, &case.settings).map_err(|error| error.to_string())?;
    live.arm_for_staging();
    drop(live.store.data_mut().renew(call));
    let answer = match compiled.kind {
        PolicyKind::Router => live.route().map(|said| said.map(|said| said.map(Decision::Route))),
        PolicyKind::Compressor => live
            .compress()
            .map(|said| said.map(|said| said.map(Decision::Compress))),
        PolicyKind::Checker => {
            let deltas = deltas(case)?;
            let guarded = case.is_of_request().then(|| live.guard()).transpose();
            match guarded {
                Err(stopped) => Err(stopped),
                Ok(Some(said)) if !matches!(said, Ok(Err(_))) => Ok(said.map(|said| said.map(Decision::Guard))),
                // A checker without a guard declines, and reviews an empty reply.
                Ok(_) => live
                    .review(&deltas)
                    .map(|said| said.map(|said| said.map(Decision::Review))),
            }
        }
    };
    let said = live.named(answer).and_then(|said| match said {
        Ok(decision) => carried_out(&conversation, &decision).map(|()| Ok(decision)),
        Err(reason) => Ok(Err(reason)),
    });
    Ok(Got(match said {
        Ok(Ok(decision)) => summary(&decision, conversation.len()),
        Ok(Err(reason)) => fields(json!({ "declined": reason })),
        Err(Failure { kind, message, frames }) => {
            let mut failed = fields(json!({ "failed": kind, "message": message }));
            if !frames.is_empty() {
                failed.insert("in".to_owned(), frames.into());
            }
            failed
        }
    }))
}

/// Whether a turn could carry the decision out.
fn carried_out(conversation: &Conversation, decision: &Decision) -> Result<(), Failure> {
    let (edits, locks) = match decision {
        Decision::Compress(compression) => (&compression.edits, Locks::Hold),
        Decision::Guard(guarded) => match &guarded.action {
            GuardAction::Mask(edits) => (edits, Locks::Yield),
            _ => return Ok(()),
        },
        _ => return Ok(()),
    };
    edited(conversation, edits, locks).map(drop)
}

fn fields(value: Value) -> Map<String, Value> {
    if let Value::Object(fields) = value {
        fields
    } else {
        Map::new()
    }
}

fn summary(decision: &Decision, length: usize) -> Map<String, Value> {
    fields(match decision {
        Decision::Route(choice) => {
            let reasons: Vec<_> = choice.reasons.iter().map(|reason| &reason.code).collect();
            json!({ "model": choice.model, "fallbacks": choice.fallbacks, "reasons": reasons })
        }
        Decision::Compress(compression) => {
            let gone = |index: &usize| {
                let here = |edit: &&crate::decision::Edit| edit.message as usize == *index;
                compression
                    .edits
                    .iter()
                    .filter(here)
                    .any(|edit| matches!(edit.change, Change::Drop))
            };
            let (dropped, kept): (Vec<usize>, Vec<usize>) = (0..length).partition(gone);
            let reasons: Vec<_> = compression.reasons.iter().map(|reason| &reason.code).collect();
            json!({ "kept": kept, "dropped": dropped, "reasons": reasons })
        }
        Decision::Review(verdict) => {
            let findings: Vec<_> = verdict.findings.iter().map(|finding| &finding.code).collect();
            json!({ "action": verdict.action.word(), "findings": findings })
        }
        Decision::Guard(decision) => {
            let findings: Vec<_> = decision.findings.iter().map(|finding| &finding.code).collect();
            json!({ "action": decision.action.word(), "findings": findings })
        }
    })
}
