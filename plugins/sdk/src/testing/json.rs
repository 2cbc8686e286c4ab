//! Builds a turn from JSON, with messages in OpenAI's form.
use std::{collections::BTreeMap, fmt};

use serde::Deserialize;
use serde_json::Value;

use super::{
    builder::turn,
    openai::{draft, response_format},
    turn::Turn,
};
use crate::{Candidate, Previous, RequestedLimits, ResponseFormat};

/// Why a JSON text is no turn: a path, and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TurnError(String);

impl fmt::Display for TurnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TurnError {}

/// A turn from a JSON object: `messages`, `tools` and `response_format` in OpenAI's form; `candidates` as names or
/// objects, `limits`, `attributes`, `model`, `previous` and `tenant-settings` with the names of the contract.
///
/// ```
/// use pointsman_policy::testing::turn_from_json;
///
/// let turn = turn_from_json(
///     r#"{"messages": [{"role": "user", "content": "hi"}], "candidates": ["small", {"name": "large", "window": 8192}]}"#,
/// )
/// .unwrap();
/// assert_eq!(turn.candidate("large").unwrap().window, Some(8192));
/// ```
///
/// # Errors
/// What is wrong, with its path.
pub fn turn_from_json(json: &str) -> Result<Turn, TurnError> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let given: Given = serde_path_to_error::deserialize(&mut reader).map_err(|error| TurnError(error.to_string()))?;

    let mut builder = turn();
    for (index, message) in given.messages.into_iter().enumerate() {
        builder = builder.draft(draft(&message).map_err(|wrong| TurnError(format!("messages[{index}]: {wrong}")))?);
    }
    for (index, tool) in given.tools.iter().enumerate() {
        let function = &tool["function"];
        let name = function["name"]
            .as_str()
            .ok_or_else(|| TurnError(format!("tools[{index}]: no function.name")))?;
        let parameters = function.get("parameters").map(Value::to_string).unwrap_or_default();
        builder = builder.tool(name, function["description"].as_str().unwrap_or_default(), &parameters);
    }
    for (name, value) in given.attributes {
        builder = builder.attribute(name, value);
    }
    if let Some(settings) = given.tenant_settings {
        builder = builder.tenant_settings(settings.to_string());
    }
    if let Some(model) = given.model {
        builder = builder.model(model);
    }
    if let Some(GivenPrevious { model, policy, at_ms }) = given.previous {
        builder = builder.previous(Previous { model, policy, at_ms });
    }
    let GivenLimits {
        max_output_tokens,
        context_tokens,
        time_ms,
        cost_usd,
    } = given.limits;
    Ok(builder
        .limits(RequestedLimits {
            max_output_tokens,
            context_tokens,
            time_ms,
            cost_usd,
        })
        .response_format(given.response_format.map_or(ResponseFormat::Text, response_format))
        .candidates(given.candidates)
        .build())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Given {
    messages: Vec<Value>,
    #[serde(default)]
    tools: Vec<Value>,
    #[serde(default, rename = "response_format")]
    response_format: Option<Value>,
    #[serde(default)]
    candidates: Vec<GivenCandidate>,
    #[serde(default)]
    limits: GivenLimits,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    #[serde(default)]
    model: Option<String>,
    #[serde(default)]
    previous: Option<GivenPrevious>,
    #[serde(default)]
    tenant_settings: Option<Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum GivenCandidate {
    Name(String),
    Whole(WholeCandidate),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct WholeCandidate {
    name: String,
    window: Option<u32>,
    max_output_tokens: Option<u32>,
    input_price: Option<f64>,
    cached_input_price: Option<f64>,
    output_price: Option<f64>,
    #[serde(default)]
    tags: Vec<String>,
}

impl From<GivenCandidate> for Candidate {
    fn from(given: GivenCandidate) -> Self {
        match given {
            GivenCandidate::Name(name) => Candidate::from(name.as_str()),
            GivenCandidate::Whole(whole) => Candidate {
                window: whole.window,
                max_output_tokens: whole.max_output_tokens,
                input_price: whole.input_price,
                cached_input_price: whole.cached_input_price,
                output_price: whole.output_price,
                tags: whole.tags,
                ..Candidate::from(whole.name.as_str())
            },
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct GivenLimits {
    max_output_tokens: Option<u32>,
    context_tokens: Option<u32>,
    time_ms: Option<u32>,
    cost_usd: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct GivenPrevious {
    model: String,
    #[serde(default)]
    policy: String,
    #[serde(default)]
    at_ms: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_beside_the_messages_is_read() {
        let turn = turn_from_json(
            r#"{"messages": [{"role": "user", "content": "hi"}],
                "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
                "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}},
                "candidates": ["small", {"name": "large", "input-price": 2.5, "tags": ["strong"]}],
                "limits": {"context-tokens": 100}, "attributes": {"tenant": "a"}, "model": "small",
                "previous": {"model": "large"}, "tenant-settings": {"x": 1}}"#,
        )
        .unwrap();
        assert_eq!(turn.tools()[0].parameters, r#"{"type":"object"}"#);
        assert_eq!(
            turn.response_format(),
            ResponseFormat::JsonSchema(r#"{"type":"object"}"#.to_owned())
        );
        let large = turn.candidate("large").unwrap();
        assert_eq!((large.input_price, large.output_price), (Some(2.5), None));
        assert_eq!(turn.limits().context_tokens, Some(100));
        assert_eq!(turn.previous().map(|previous| previous.model).as_deref(), Some("large"));
        assert_eq!(turn.tenant_settings().as_deref(), Some(r#"{"x":1}"#));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let error = |json| turn_from_json(json).unwrap_err().to_string();
        assert!(error(r#"{"messages": [{"role": "user"}, {"content": "x"}]}"#).starts_with("messages[1]: "));
        assert!(error(r#"{"messages": [], "limits": {"time-ms": "soon"}}"#).starts_with("limits.time-ms: "));
        assert!(error(r#"{"messages": [], "candidate": []}"#).contains("unknown field `candidate`"));
    }
}
