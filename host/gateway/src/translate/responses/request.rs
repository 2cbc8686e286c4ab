//! Requests.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::read::Read;
use super::tools;
use crate::problem::Problem;
use crate::translate::changes::Origin;

/// A request of the responses form, in the chat form.
pub(crate) struct Translated {
    pub(crate) json: String,
    pub(crate) model: String,
    pub(crate) stream: bool,
    /// What the chat form has no word for.
    pub(crate) left_out: Vec<String>,
    /// What only an upstream that keeps responses can do.
    pub(crate) only_there: Option<String>,
    /// Where each message came from.
    pub(crate) origins: Vec<Origin>,
}

/// The responses form. Fields are named one by one, so that one which stands twice is refused; all others are passed on.
#[derive(Deserialize)]
struct Wire {
    model: String,
    #[serde(default)]
    input: Value,
    #[serde(default)]
    instructions: Value,
    #[serde(default)]
    stream: Option<bool>,
    #[serde(default)]
    max_output_tokens: Value,
    #[serde(default)]
    tools: Option<Vec<Value>>,
    #[serde(default)]
    tool_choice: Value,
    #[serde(default)]
    text: Value,
    #[serde(default)]
    reasoning: Value,
    #[serde(default)]
    previous_response_id: Value,
    #[serde(default)]
    conversation: Value,
    #[serde(default)]
    prompt: Value,
    #[serde(default)]
    background: Option<bool>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// Fields that shape a response and have no place in the chat form; the chat form's defaults are theirs.
const OF_RESPONSES: [&str; 4] = ["include", "truncation", "max_tool_calls", "stream_options"];

/// To the chat form.
///
/// # Errors
/// What is wrong, and where.
pub(crate) fn to_chat(text: &str) -> Result<Translated, Problem> {
    let wire: Wire = serde_json::from_str(text)
        .map_err(|error| Problem::request(format!("the request is not valid JSON of the responses form: {error}")))?;
    let only_there = only_there(&wire);
    let mut read = Read::default();
    if let Some(words) = wire.instructions.as_str() {
        read.instructions(words);
    }
    read.input(wire.input, only_there.is_some())?;
    let mut left_out = read.left_out;
    let mut out = Map::new();
    let mut set = |name: &str, value: Value| {
        if !value.is_null() {
            out.insert(name.to_owned(), value);
        }
    };
    set("model", wire.model.clone().into());
    set("messages", read.messages.into());
    set("stream", wire.stream.into());
    set("max_completion_tokens", wire.max_output_tokens);
    set("reasoning_effort", wire.reasoning["effort"].clone());
    set("verbosity", wire.text["verbosity"].clone());
    set("response_format", response_format(&wire.text["format"]));
    if let Some(all) = wire.tools {
        let count = all.len();
        let own: Vec<Value> = all.iter().filter_map(tools::to_chat).collect();
        if own.len() < count {
            left_out.push("tools of the provider".to_owned());
        }
        if !own.is_empty() {
            set("tools", own.into());
            set("tool_choice", tools::choice_to_chat(&wire.tool_choice));
        }
    }
    for (name, value) in wire.rest {
        if !OF_RESPONSES.contains(&name.as_str()) {
            set(&name, value);
        } else if !value.is_null() {
            left_out.push(name);
        }
    }
    Ok(Translated {
        json: Value::Object(out).to_string(),
        model: wire.model,
        stream: wire.stream.unwrap_or(false),
        left_out,
        only_there: only_there.or(read.only_there),
        origins: read.origins,
    })
}

fn only_there(wire: &Wire) -> Option<String> {
    let stored = [
        ("previous_response_id", &wire.previous_response_id),
        ("conversation", &wire.conversation),
        ("prompt", &wire.prompt),
    ];
    let named = stored.iter().find(|(_, value)| !value.is_null()).map(|(name, _)| *name);
    let background = wire.background.filter(|background| *background).map(|_| "background");
    named.or(background).map(str::to_owned)
}

/// `text.format` of a response, as the chat form's `response_format`.
fn response_format(format: &Value) -> Value {
    if format["type"] != "json_schema" {
        return format.clone();
    }
    let mut schema = format.clone();
    if let Some(fields) = schema.as_object_mut() {
        fields.remove("type");
    }
    json!({ "type": "json_schema", "json_schema": schema })
}
