//! From the messages form to the chat form, which policies read.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::read::Read;
use crate::problem::Problem;
use crate::translate::changes::Origin;

/// A request of the messages form, in the chat form.
pub(crate) struct Translated {
    pub(crate) json: String,
    pub(crate) model: String,
    pub(crate) stream: bool,
    /// Fields and blocks that the chat form has no word for.
    pub(crate) left_out: Vec<String>,
    /// Where each message came from.
    pub(crate) origins: Vec<Origin>,
}

/// The messages form. Fields are named one by one, so that one which stands twice is refused.
#[derive(Deserialize)]
struct Wire {
    model: String,
    messages: Vec<WireMessage>,
    #[serde(default)]
    max_tokens: Option<u32>,
    #[serde(default)]
    system: Option<Value>,
    #[serde(default)]
    stream: Option<bool>,
    #[serde(default)]
    stop_sequences: Option<Vec<String>>,
    #[serde(default)]
    temperature: Option<Value>,
    #[serde(default)]
    top_p: Option<Value>,
    #[serde(default)]
    metadata: Option<Value>,
    #[serde(default)]
    tools: Option<Vec<Value>>,
    #[serde(default)]
    tool_choice: Option<Value>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Deserialize)]
struct WireMessage {
    role: String,
    content: Value,
}

/// To the chat form.
///
/// # Errors
/// What is wrong, and where.
pub(crate) fn to_chat(text: &str) -> Result<Translated, Problem> {
    let wire: Wire = serde_json::from_str(text)
        .map_err(|error| Problem::request(format!("the request is not valid JSON of the messages form: {error}")))?;
    let mut read = Read::default();
    if let Some(system) = wire.system.filter(|system| !system.is_null()) {
        read.system(&system)?;
    }
    for (index, message) in wire.messages.into_iter().enumerate() {
        read.message(index, &message.role, message.content)?;
    }
    let Read {
        messages,
        origins,
        left_out: blocks,
    } = read;
    let mut out = Map::new();
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            out.insert(name.to_owned(), value);
        }
    };
    let mut left_out: Vec<String> = wire.rest.keys().cloned().chain(blocks).collect();
    set("model", Some(wire.model.clone().into()));
    set("messages", Some(messages.into()));
    set("max_completion_tokens", wire.max_tokens.map(Value::from));
    set("stream", wire.stream.map(Value::from));
    set("stop", wire.stop_sequences.map(Value::from));
    set("temperature", wire.temperature);
    set("top_p", wire.top_p);
    set(
        "user",
        wire.metadata
            .as_ref()
            .and_then(|metadata| metadata.get("user_id").cloned()),
    );
    if let Some(tools) = wire.tools {
        let all = tools.len();
        let tools: Vec<Value> = tools.into_iter().filter_map(tool).collect();
        if tools.len() < all {
            left_out.push("tools of the provider".to_owned());
        }
        set("tools", (!tools.is_empty()).then(|| tools.into()));
    }
    if let Some(choice) = wire.tool_choice {
        let one_at_a_time = choice.get("disable_parallel_tool_use") == Some(&Value::Bool(true));
        set("parallel_tool_calls", one_at_a_time.then_some(Value::Bool(false)));
        set("tool_choice", tool_choice(&choice));
    }
    Ok(Translated {
        json: Value::Object(out).to_string(),
        model: wire.model,
        stream: wire.stream.unwrap_or(false),
        left_out,
        origins,
    })
}

/// A tool of the client's own; a tool of the provider has no form that others know.
fn tool(tool: Value) -> Option<Value> {
    let schema = tool.get("input_schema")?;
    let mut function = json!({ "name": tool["name"], "parameters": schema });
    if let Some(description) = tool.get("description") {
        function["description"] = description.clone();
    }
    Some(json!({ "type": "function", "function": function }))
}

fn tool_choice(choice: &Value) -> Option<Value> {
    Some(match choice["type"].as_str()? {
        "any" => "required".into(),
        "tool" => json!({ "type": "function", "function": { "name": choice["name"] } }),
        "none" => "none".into(),
        _ => "auto".into(),
    })
}
