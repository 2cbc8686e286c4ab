//! What a case gives, as the engine's own values.

use serde::Deserialize;
use serde_json::Value;

use super::Case;
use crate::conversation::{Request, RequestedLimits};
use crate::decision::{Content, Delta, Previous};
use crate::engine::Inner;
use crate::model::Model;
use crate::policy::host::{TurnInput, View};

/// The turn of a case: like a request, with what the host adds.
pub(super) fn turn(inner: &Inner, case: &Case) -> Result<(TurnInput, View), String> {
    let mut given = case.given.clone();
    let mut take = |name: &str| given.remove(name).unwrap_or(Value::Null);
    let candidates = match take("candidates") {
        Value::Null => vec![Model::named("default")],
        Value::Array(list) if list.is_empty() => {
            return Err("given.candidates: the list is empty; name at least one model, or leave it out".to_owned());
        }
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
        candidates: candidates.into(),
        previous,
        at_ms: 1_000_000_000_000,
        seed: 0,
        counter,
        request,
    };
    let mut view = View::before_routing(&input);
    if let Some(name) = model.flatten() {
        let known = input.candidates.iter().find(|model| model.name == name).cloned();
        let model = known.unwrap_or(Model::named(&name));
        view = view.chosen(&input, Some(&model), &name, input.request.limits.max_output_tokens);
    }
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

pub(super) fn deltas(case: &Case) -> Result<Vec<Delta>, String> {
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
