//! What a case gives, as the engine's own values.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

use super::Case;
use crate::artifact::Artifact;
use crate::conversation::{Conversation, Request, RequestedLimits};
use crate::decision::{Memory, Previous};
use crate::engine::Inner;
use crate::model::Model;
use crate::policy::host::{Call, TurnInput, View};

/// What the host adds to a request.
const ADDED: [&str; 7] = [
    "attributes",
    "candidates",
    "limits",
    "memory",
    "model",
    "previous",
    "tenant-settings",
];

/// The fields of a request in the chat form, as far as there are names for them. Policies see the first six.
const OF_A_REQUEST: [&str; 33] = [
    "messages",
    "tools",
    "response_format",
    "max_tokens",
    "max_completion_tokens",
    "user",
    "audio",
    "frequency_penalty",
    "function_call",
    "functions",
    "logit_bias",
    "logprobs",
    "metadata",
    "modalities",
    "n",
    "parallel_tool_calls",
    "prediction",
    "presence_penalty",
    "prompt_cache_key",
    "reasoning_effort",
    "safety_identifier",
    "seed",
    "service_tier",
    "stop",
    "store",
    "stream",
    "stream_options",
    "temperature",
    "tool_choice",
    "top_logprobs",
    "top_p",
    "verbosity",
    "web_search_options",
];

/// Reads what a case gives. A field that is neither the host's nor a request's is a mistake: nobody would see it.
pub(super) fn known<'de, D: Deserializer<'de>>(from: D) -> Result<Map<String, Value>, D::Error> {
    let given = Map::<String, Value>::deserialize(from)?;
    match { given.keys() }.find(|name| !ADDED.contains(&name.as_str()) && !OF_A_REQUEST.contains(&name.as_str())) {
        None => Ok(given),
        Some(unknown) => Err(serde::de::Error::custom(format!(
            "given: unknown field `{unknown}`; beside those of a chat request (`messages`, `tools`, …) there are {}",
            ADDED.join(", ")
        ))),
    }
}

/// The call of a case: its turn is like a request, with what the host adds. With it the conversation as the policy sees it.
pub(super) fn call(
    inner: &Inner,
    case: &Case,
    artifacts: &Arc<BTreeMap<String, Artifact>>,
) -> Result<(Call, Conversation), String> {
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
    let attributes = read::<BTreeMap<String, String>>("attributes", take("attributes"))?;
    let previous = match take("previous") {
        Value::Null => None,
        value => Some(previous(value)?),
    };
    let tenant_settings = take("tenant-settings");
    let memory = match take("memory") {
        Value::Null => None,
        value => Some(memory(value)?),
    };
    let model = read::<Option<String>>("model", take("model"))?;
    let mut request =
        Request::from_json(&Value::Object(given).to_string()).map_err(|error| format!("given: {error}"))?;
    // Without limits of its own, a case has those of its request.
    request.limits = limits.unwrap_or(request.limits);
    request.attributes = attributes.unwrap_or_default();
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
    let conversation = view.conversation.clone();
    let mut call = Call::new(Arc::new(input), view, Arc::from("case"), artifacts.clone());
    call.memory = memory;
    call.tenant_settings = (!tenant_settings.is_null()).then(|| tenant_settings.to_string());
    Ok((call, conversation))
}

/// A memory; what is left out of it is empty.
fn memory(value: Value) -> Result<Memory, String> {
    let Value::Object(given) = value else {
        return Err("given.memory: expected an object".to_owned());
    };
    let mut whole = json!({
        "version": 0, "covered": 0, "topics": [], "sentiments": [], "events": [], "facts": [], "questions": [],
        "importance": [], "sections": [], "state": [],
    });
    for (name, value) in given {
        let field = whole.get_mut(&name);
        *field.ok_or_else(|| format!("given.memory: unknown field `{name}`"))? = value;
    }
    serde_json::from_value(whole).map_err(|error| format!("given.memory: {error}"))
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
