//! Test vectors: what a policy is given and what it is expected to decide, one JSON object a line.
//!
//! A component may bring its own, which are run when it is staged; an author runs and writes them by command.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::conversation::{Request, RequestedLimits};
use crate::decision::{Change, Content, Decision, Delta, Previous};
use crate::engine::{Engine, Inner};
use crate::model::Model;
use crate::policy::call::Live;
use crate::policy::component::inspect;
use crate::policy::host::{Call, TurnInput, View};
use crate::policy::stage::{self, Compiled, StageError};
use crate::sandbox::failure::Failure;
use crate::settings::PolicyKind;

/// One test vector.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it shows.
    #[serde(default)]
    pub name: String,
    /// Settings of the policy.
    #[serde(default)]
    pub settings: Value,
    /// The turn: `messages`, `tools`, `response_format` as in the chat API, and `candidates`, `limits`, `attributes`,
    /// `model`, `previous`, `tenant-settings`.
    pub given: Map<String, Value>,
    /// For a checker: the whole reply.
    #[serde(default)]
    pub reply: Option<String>,
    /// For a checker: the reply in pieces, each a text or `{"choice": 0, "text" | "reasoning" | "tool-arguments" |
    /// "finish": "…"}`.
    #[serde(default)]
    pub deltas: Vec<Value>,
    /// For a checker: why the reply ended.
    #[serde(default)]
    pub finish: Option<String>,
    /// What is expected of the decision: every field given here must be in what it comes to, see [`Got`].
    #[serde(default)]
    pub expected: Map<String, Value>,
}

/// What a policy made of a case, in the few fields that cases compare.
///
/// A router: `model`, `fallbacks`, `reasons` (codes). A compressor: `kept` and `dropped` (message indexes), `tokens`. A
/// checker: `action`, `findings` (codes). Any: `declined` or `failed`, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Got(pub Map<String, Value>);

impl Got {
    /// What differs from what is expected, in words; empty where nothing does.
    ///
    /// `reason` is expected among `reasons`; lists of codes are expected to be contained; `declined: true` to have any
    /// reason; all else to be equal.
    pub fn differences(&self, expected: &Map<String, Value>) -> Vec<String> {
        let mut out = Vec::new();
        for (field, wanted) in expected {
            let (name, got) = match field.as_str() {
                "reason" => ("reasons", self.0.get("reasons")),
                name => (name, self.0.get(name)),
            };
            let fits = match (name, wanted, got) {
                ("reasons" | "findings", Value::Array(wanted), Some(Value::Array(got))) => {
                    wanted.iter().all(|w| got.contains(w))
                }
                ("reasons", Value::String(_), Some(Value::Array(got))) => got.contains(wanted),
                ("declined", Value::Bool(wanted), got) => *wanted == got.is_some(),
                (_, wanted, got) => got == Some(wanted),
            };
            if !fits {
                let got = got.map_or_else(|| self.whole(), ToString::to_string);
                out.push(format!("{field}: expected {wanted}, got {got}"));
            }
        }
        out
    }

    fn whole(&self) -> String {
        Value::Object(self.0.clone()).to_string()
    }
}

/// Reads cases from the lines of a file. Empty lines are passed over.
///
/// # Errors
/// The first line that is no case, by number.
pub fn parse(lines: &str) -> Result<Vec<Case>, String> {
    let lines = lines.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| serde_json::from_str(line).map_err(|error| format!("line {}: {error}", at + 1)))
        .collect()
}

/// A component ready to be tried on cases, each with settings of its own.
pub struct Bench {
    inner: Arc<Inner>,
    compiled: Compiled,
    configured: Mutex<Configured>,
}

/// Instances by their settings. Cases of the same settings share one, since configuring is most of the work; one that was
/// stopped is not asked again.
type Configured = HashMap<String, Live>;

impl Engine {
    /// Prepares a component for cases. Blocks while it compiles.
    ///
    /// # Errors
    /// It cannot be compiled or linked.
    pub fn bench(&self, component: impl Into<Arc<[u8]>>) -> Result<Bench, StageError> {
        let component = component.into();
        let kind = *inspect(&component)?.kinds.first().unwrap_or(&PolicyKind::Router);
        let compiled = stage::compile(&self.inner.sandbox, &self.inner.linker, component, kind)?;
        Ok(Bench {
            inner: self.inner.clone(),
            compiled,
            configured: Mutex::default(),
        })
    }
}

impl Bench {
    /// Runs one case. Blocks.
    ///
    /// # Errors
    /// The case cannot be set up: its request or its settings are wrong. A policy's failure is a result: `failed`.
    pub fn run(&self, case: &Case) -> Result<Got, String> {
        let mut configured = self.configured.lock().unwrap_or_else(PoisonError::into_inner);
        run(&self.inner, &self.compiled, &mut configured, case)
    }
}

/// Runs a component's own cases.
pub(crate) fn vouch(inner: &Inner, compiled: &Compiled, lines: &str) -> Result<(), StageError> {
    let mut configured = Configured::new();
    for (at, case) in parse(lines).map_err(StageError::Cases)?.iter().enumerate() {
        let fault = |words: String| StageError::Cases(format!("case {} (`{}`): {words}", at + 1, case.name));
        let got = run(inner, compiled, &mut configured, case).map_err(fault)?;
        let differences = got.differences(&case.expected);
        if !differences.is_empty() {
            return Err(fault(differences.join("; ")));
        }
    }
    Ok(())
}

fn run(inner: &Inner, compiled: &Compiled, configured: &mut Configured, case: &Case) -> Result<Got, String> {
    let (input, view) = turn(inner, case)?;
    let settings = case.settings.to_string();
    let mut live = match configured.remove(&settings) {
        Some(live) => live,
        None => stage::scratch(&inner.sandbox, compiled, &case.settings).map_err(|error| error.to_string())?,
    };
    live.arm_for_staging();
    let length = view.conversation.len();
    live.store.data_mut().host = Call::new(Arc::new(input), view, Arc::from("case"), Arc::default());
    let answer = match compiled.kind {
        PolicyKind::Router => live.route().map(|said| said.map(|said| said.map(Decision::Route))),
        PolicyKind::Compressor => live
            .compress()
            .map(|said| said.map(|said| said.map(Decision::Compress))),
        PolicyKind::Checker => live
            .review(&deltas(case)?)
            .map(|said| said.map(|said| said.map(Decision::Review))),
    };
    let stopped = answer.is_err();
    let said = live.named(answer);
    if !stopped {
        configured.insert(settings, live);
    }
    Ok(Got(match said {
        Ok(Ok(decision)) => summary(&decision, length),
        Ok(Err(reason)) => fields(json!({ "declined": reason })),
        Err(Failure { kind, message, .. }) => fields(json!({ "failed": kind, "message": message })),
    }))
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
        Decision::Guard(_) => json!({}),
    })
}

/// The turn of a case: like a request, with what the host adds.
fn turn(inner: &Inner, case: &Case) -> Result<(TurnInput, View), String> {
    let mut given = case.given.clone();
    let mut take = |name: &str| given.remove(name).unwrap_or(Value::Null);
    let candidates = match take("candidates") {
        Value::Null => vec![Model::named("default")],
        Value::Array(list) => list.into_iter().map(candidate).collect::<Result<_, _>>()?,
        _ => return Err("given.candidates: expected a list of names or objects".to_owned()),
    };
    let limits = read::<RequestedLimits>("limits", take("limits"))?;
    let attributes = read::<std::collections::BTreeMap<String, String>>("attributes", take("attributes"))?;
    let previous = match take("previous") {
        Value::Null => None,
        value => Some(previous(value)?),
    };
    let tenant_settings = take("tenant-settings");
    let model = read::<Option<String>>("model", take("model"))?;
    let mut request =
        Request::from_json(&Value::Object(given).to_string()).map_err(|error| format!("given: {error}"))?;
    request.limits = limits.unwrap_or_default();
    request.attributes = attributes.unwrap_or_default();
    if !tenant_settings.is_null() {
        request = request.tenant_settings("case", tenant_settings);
    }
    let counter = inner.counter.clone();
    let input = TurnInput {
        candidates,
        previous,
        at_ms: 1_000_000_000_000,
        seed: 0,
        counter,
        request,
    };
    let chosen = model.flatten();
    let name = chosen.clone().unwrap_or_else(|| input.candidates[0].name.clone());
    let known = chosen.map(|name| {
        input
            .candidates
            .iter()
            .find(|m| m.name == name)
            .cloned()
            .unwrap_or(Model::named(name))
    });
    let view = View::of(&input, input.request.conversation.clone(), &name, known.as_ref());
    Ok((input, view))
}

fn read<T: serde::de::DeserializeOwned>(name: &str, value: Value) -> Result<Option<T>, String> {
    if value.is_null() {
        return Ok(None);
    }
    serde_json::from_value(value)
        .map(Some)
        .map_err(|error| format!("given.{name}: {error}"))
}

fn candidate(value: Value) -> Result<Model, String> {
    match value {
        Value::String(name) => Ok(Model::named(name)),
        value => serde_json::from_value(value).map_err(|error| format!("given.candidates: {error}")),
    }
}

fn previous(value: Value) -> Result<Previous, String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case", deny_unknown_fields)]
    struct Given {
        model: String,
        #[serde(default)]
        policy: String,
        #[serde(default)]
        at_ms: u64,
    }
    let given: Given = serde_json::from_value(value).map_err(|error| format!("given.previous: {error}"))?;
    Ok(Previous {
        model: given.model,
        policy: given.policy,
        at_ms: given.at_ms,
    })
}

fn deltas(case: &Case) -> Result<Vec<Delta>, String> {
    let mut deltas: Vec<Delta> = case.reply.iter().map(Delta::text).collect();
    for (at, piece) in case.deltas.iter().enumerate() {
        deltas
            .push(delta(piece).ok_or_else(|| format!("deltas[{at}]: expected a text, or a choice with one content"))?);
    }
    deltas.extend(case.finish.iter().map(Delta::finish));
    Ok(deltas)
}

fn delta(piece: &Value) -> Option<Delta> {
    if let Value::String(text) = piece {
        return Some(Delta::text(text));
    }
    let choice = piece.get("choice").and_then(Value::as_u64).unwrap_or(0) as u32;
    let text = |field: &str| piece.get(field).and_then(Value::as_str).map(str::to_owned);
    let content = text("text")
        .map(Content::Text)
        .or_else(|| text("reasoning").map(Content::Reasoning))
        .or_else(|| text("tool-arguments").map(Content::ToolArguments))
        .or_else(|| text("finish").map(Content::Finish))?;
    Some(Delta { choice, content })
}
