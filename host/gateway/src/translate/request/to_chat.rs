//! From the messages form to the chat form, which policies read.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::texts;
use crate::problem::Problem;
use crate::translate::assistant;

/// A request of the messages form, in the chat form.
pub(crate) struct Translated {
    pub(crate) json: String,
    pub(crate) model: String,
    pub(crate) stream: bool,
    /// Fields that the chat form has no word for.
    pub(crate) left_out: Vec<String>,
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
    let mut messages = Vec::with_capacity(wire.messages.len() + 1);
    if let Some(system) = wire.system.filter(|system| !system.is_null()) {
        let text = texts(&system).ok_or_else(|| Problem::request("`system`: expected a string or a list of texts"))?;
        messages.push(json!({ "role": "system", "content": text }));
    }
    for (index, message) in wire.messages.into_iter().enumerate() {
        let place = format!("messages[{index}]");
        match message.role.as_str() {
            "user" => user(message.content, &place, &mut messages)?,
            "assistant" => messages.push(assistant(&blocks(message.content, &place)?)),
            "system" => messages.push(json!({ "role": "system", "content": message.content })),
            other => {
                let cut = &other[..other.floor_char_boundary(40)];
                let message = format!("{place}.role: unknown role `{cut}`, expected user or assistant");
                return Err(Problem::request(message));
            }
        }
    }
    let mut out = Map::new();
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            out.insert(name.to_owned(), value);
        }
    };
    let mut left_out: Vec<String> = wire.rest.keys().cloned().collect();
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
    })
}

fn blocks(content: Value, place: &str) -> Result<Vec<Value>, Problem> {
    match content {
        Value::String(text) => Ok(vec![json!({ "type": "text", "text": text })]),
        Value::Array(blocks) => Ok(blocks),
        _ => Err(Problem::request(format!(
            "{place}.content: expected a string or a list of blocks"
        ))),
    }
}

/// A user's message: results of tools come first, each a message of its own.
fn user(content: Value, place: &str, into: &mut Vec<Value>) -> Result<(), Problem> {
    if let Value::String(text) = content {
        into.push(json!({ "role": "user", "content": text }));
        return Ok(());
    }
    let mut parts = Vec::new();
    for (at, block) in blocks(content, place)?.into_iter().enumerate() {
        let at = format!("{place}.content[{at}]");
        match block["type"].as_str() {
            Some("tool_result") => {
                let content = block.get("content").cloned().unwrap_or_else(|| "".into());
                let text = match texts(&content) {
                    Some(text) => text,
                    // A picture that a tool made has no place in a tool's message of the chat form.
                    None => content.to_string(),
                };
                into.push(json!({ "role": "tool", "tool_call_id": block["tool_use_id"], "content": text }));
            }
            Some("text") => parts.push(json!({ "type": "text", "text": block["text"] })),
            Some("image") => {
                let url = address(&block["source"])
                    .ok_or_else(|| Problem::request(format!("{at}.source: expected `base64` or `url`")))?;
                parts.push(json!({ "type": "image_url", "image_url": { "url": url } }));
            }
            Some("document") => {
                let part = match (block["source"]["type"].as_str(), address(&block["source"])) {
                    (Some("text"), _) => json!({ "type": "text", "text": block["source"]["data"] }),
                    (_, Some(url)) => {
                        let name = block["title"].as_str().unwrap_or("document");
                        json!({ "type": "file", "file": { "filename": name, "file_data": url } })
                    }
                    _ => {
                        return Err(Problem::request(format!(
                            "{at}.source: expected `base64`, `url` or `text`"
                        )));
                    }
                };
                parts.push(part);
            }
            Some(_) => parts.push(block),
            None => return Err(Problem::request(format!("{at}.type is missing"))),
        }
    }
    if !parts.is_empty() {
        into.push(json!({ "role": "user", "content": parts }));
    }
    Ok(())
}

fn address(source: &Value) -> Option<String> {
    match source["type"].as_str()? {
        "url" => source["url"].as_str().map(str::to_owned),
        "base64" => Some(format!(
            "data:{};base64,{}",
            source["media_type"].as_str()?,
            source["data"].as_str()?
        )),
        _ => None,
    }
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
