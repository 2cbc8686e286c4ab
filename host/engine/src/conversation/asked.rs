//! What a request asks for beside its messages: tools, and the form of the reply.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::RequestError;
use super::error::words;
use super::fields::Fields;
use super::object::object;

/// A tool that the request offers to the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolDefinition {
    /// The tool's name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its parameters as JSON Schema; empty where there are none.
    pub parameters: String,
}

/// The form in which the reply is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseFormat {
    /// Free text.
    #[default]
    Text,
    /// Any JSON object.
    JsonObject,
    /// JSON of this schema.
    JsonSchema(String),
    /// Anything else, as JSON.
    Other(String),
}

/// One field read by `of`; `None` where it is missing.
pub(super) fn read<T>(
    fields: &Fields,
    field: &'static str,
    of: impl FnOnce(&str) -> Result<T, String>,
) -> Result<Option<T>, RequestError> {
    let Some(json) = fields.get(field) else {
        return Ok(None);
    };
    of(json)
        .map(Some)
        .map_err(|message| RequestError::Field { field, message })
}

pub(super) fn as_string(json: &str) -> Result<Option<String>, String> {
    serde_json::from_str(json).map_err(|error| words(&error))
}

pub(super) fn as_model(json: &str) -> Result<Option<String>, String> {
    serde_json::from_str(json).map_err(|_| {
        let found = &json[..json.floor_char_boundary(40)];
        format!("expected the name of a model, as a string, found {found}")
    })
}

pub(super) fn as_count(json: &str) -> Result<Option<u32>, String> {
    serde_json::from_str(json).map_err(|_| {
        let found = &json[..json.floor_char_boundary(40)];
        format!("expected a whole number from 0 to {}, found {found}", u32::MAX)
    })
}

pub(super) fn tools(json: &str) -> Result<Vec<ToolDefinition>, String> {
    let tools: Option<Vec<&RawValue>> = serde_json::from_str(json).map_err(|error| words(&error))?;
    { tools.into_iter().flatten().enumerate() }
        .map(|(at, raw)| tool(raw).map_err(|error| format!("item {at}: {error}")))
        .collect()
}

fn tool(raw: &RawValue) -> Result<ToolDefinition, String> {
    #[derive(Deserialize)]
    struct Tool<'a> {
        #[serde(borrow, default)]
        function: Option<Function<'a>>,
        #[serde(borrow, default)]
        custom: Option<Function<'a>>,
        #[serde(borrow, default, rename = "type")]
        kind: Option<Cow<'a, str>>,
    }
    #[derive(Deserialize)]
    struct Function<'a> {
        name: String,
        #[serde(default)]
        description: Option<String>,
        #[serde(borrow, default)]
        parameters: Option<&'a RawValue>,
    }
    let tool: Tool<'_> = object(raw)?;
    // A custom tool has a grammar of its own in the place of parameters; a provider's built-in tool has a type alone.
    Ok(match tool.function.or(tool.custom) {
        Some(function) => ToolDefinition {
            name: function.name,
            description: function.description.unwrap_or_default(),
            parameters: function.parameters.map(|p| p.get().to_owned()).unwrap_or_default(),
        },
        None => ToolDefinition {
            name: tool.kind.unwrap_or_default().into_owned(),
            description: String::new(),
            parameters: String::new(),
        },
    })
}

pub(super) fn response_format(json: &str) -> Result<ResponseFormat, String> {
    let value: serde_json::Value = serde_json::from_str(json).map_err(|error| words(&error))?;
    Ok(match value.get("type").and_then(|t| t.as_str()) {
        Some("json_object") => ResponseFormat::JsonObject,
        Some("json_schema") => {
            let schema = value.pointer("/json_schema/schema").or(value.get("schema"));
            ResponseFormat::JsonSchema(schema.map(ToString::to_string).unwrap_or_else(|| "{}".to_owned()))
        }
        Some("text") => ResponseFormat::Text,
        _ if value.is_null() => ResponseFormat::Text,
        _ => ResponseFormat::Other(value.to_string()),
    })
}
