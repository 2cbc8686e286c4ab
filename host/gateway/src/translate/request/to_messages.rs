//! From the chat form to the messages form, for upstreams that speak it.

use serde_json::{Map, Value, json};

use super::left_out::left_out;
use super::texts;
use crate::problem::Problem;

/// A request in the messages form.
pub(crate) struct Told {
    pub(crate) json: String,
    /// What the messages form has no word for.
    pub(crate) left_out: Vec<String>,
}

/// What the messages form wants where the client did not say how long a reply may be.
const MAX_TOKENS: u64 = 4_096;

/// From the chat form to the messages form. Where it is only counted, it says nothing of the reply.
///
/// # Errors
/// What has no place there, and cannot be left out.
pub(crate) fn to_messages(text: &str, counted: bool) -> Result<Told, Problem> {
    let mut chat: Map<String, Value> = serde_json::from_str(text).map_err(Problem::request)?;
    let mut take = |name: &str| chat.remove(name).filter(|value| !value.is_null());
    let mut system: Vec<String> = Vec::new();
    let mut messages: Vec<Value> = Vec::new();
    let all = match take("messages") {
        Some(Value::Array(all)) => all,
        _ => Vec::new(),
    };
    for message in &all {
        match line(message) {
            Line::System(text) => system.extend(text),
            // Roles take turns in the messages form.
            Line::Said(role, blocks) => match messages.last_mut() {
                Some(last) if last["role"] == role => {
                    if let Some(content) = last["content"].as_array_mut() {
                        content.extend(blocks);
                    }
                }
                _ => messages.push(json!({ "role": role, "content": blocks })),
            },
        }
    }
    let mut out = Map::new();
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            out.insert(name.to_owned(), value);
        }
    };
    set("model", take("model"));
    let (most, before) = (take("max_completion_tokens"), take("max_tokens"));
    let most = most.or(before);
    if !counted {
        set("max_tokens", Some(most.unwrap_or_else(|| MAX_TOKENS.into())));
    }
    set("system", (!system.is_empty()).then(|| system.join("\n\n").into()));
    set("messages", Some(messages.into()));
    set("stream", take("stream"));
    set("temperature", take("temperature"));
    set("top_p", take("top_p"));
    set(
        "stop_sequences",
        take("stop").map(|stop| if stop.is_array() { stop } else { json!([stop]) }),
    );
    set("metadata", take("user").map(|user| json!({ "user_id": user })));
    set("output_config", output_config(take("response_format"))?);
    let parallel = take("parallel_tool_calls");
    let mut not_told = Vec::new();
    let choice = take("tool_choice");
    if let Some(Value::Array(tools)) = take("tools") {
        if tools.iter().any(|tool| tool.get("function").is_none()) {
            not_told.push("tools that are no functions".to_owned());
        }
        let own = tools.iter().filter_map(|tool| tool.get("function"));
        let tools: Vec<Value> = own
            .map(|function| {
                let schema = function.get("parameters").cloned();
                json!({
                    "name": function["name"],
                    "description": function["description"].as_str().unwrap_or_default(),
                    "input_schema": schema.unwrap_or_else(|| json!({ "type": "object" })),
                })
            })
            .collect();
        let any = !tools.is_empty();
        set("tools", any.then(|| tools.into()));
        let mut choice = match choice {
            Some(Value::String(word)) if word == "required" => json!({ "type": "any" }),
            Some(Value::String(word)) if word == "none" => json!({ "type": "none" }),
            Some(choice) if choice["function"]["name"].is_string() => {
                json!({ "type": "tool", "name": choice["function"]["name"] })
            }
            Some(choice) if choice.is_object() => {
                not_told.push("tool_choice".to_owned());
                json!({ "type": "auto" })
            }
            _ => json!({ "type": "auto" }),
        };
        if parallel == Some(Value::Bool(false)) {
            choice["disable_parallel_tool_use"] = true.into();
        }
        set("tool_choice", any.then_some(choice));
    }
    not_told.extend(left_out(&chat));
    Ok(Told {
        json: Value::Object(out).to_string(),
        left_out: not_told,
    })
}

/// How the reply is to be written: the messages form has a word for a schema, and none for JSON of any shape. A client that
/// waits for JSON is not helped by a reply in prose.
fn output_config(format: Option<Value>) -> Result<Option<Value>, Problem> {
    let Some(format) = format else { return Ok(None) };
    match (format["type"].as_str(), &format["json_schema"]["schema"]) {
        (Some("text"), _) => Ok(None),
        (Some("json_schema"), schema) if schema.is_object() => {
            Ok(Some(json!({ "format": { "type": "json_schema", "schema": schema } })))
        }
        (kind, _) => Err(Problem {
            param: Some("response_format"),
            ..Problem::request(format!(
                "`response_format`: an upstream of Anthropic's form cannot be held to `{}`: give a `json_schema` with its \
                 `schema`, or ask a model of another upstream",
                kind.unwrap_or("a format without a type")
            ))
        }),
    }
}

/// One message of the chat form, told in the messages form.
pub(super) enum Line {
    /// It belongs into `system`.
    System(Option<String>),
    /// Its role, and its blocks.
    Said(&'static str, Vec<Value>),
}

/// Tells one message.
pub(super) fn line(message: &Value) -> Line {
    match message["role"].as_str() {
        Some("system" | "developer") => Line::System(texts(&message["content"])),
        Some("tool" | "function") => Line::Said("user", vec![tool_result(message)]),
        Some("assistant") => Line::Said("assistant", assistant_blocks(message)),
        _ => Line::Said("user", content_blocks(&message["content"])),
    }
}

fn tool_result(message: &Value) -> Value {
    let content: Value = match (texts(&message["content"]), &message["content"]) {
        (Some(text), _) => text.into(),
        // Pictures among the texts.
        (None, Value::Array(parts)) => parts.iter().map(block).collect(),
        (None, _) => "".into(),
    };
    json!({ "type": "tool_result", "tool_use_id": message["tool_call_id"], "content": content })
}

fn assistant_blocks(message: &Value) -> Vec<Value> {
    let mut blocks = content_blocks(&message["content"]);
    for call in message["tool_calls"].as_array().into_iter().flatten() {
        let input = call["function"]["arguments"].as_str().unwrap_or_default();
        let input: Value = serde_json::from_str(input).unwrap_or_else(|_| json!({}));
        blocks.push(json!({ "type": "tool_use", "id": call["id"], "name": call["function"]["name"], "input": input }));
    }
    blocks
}

fn content_blocks(content: &Value) -> Vec<Value> {
    match content {
        Value::String(text) if text.is_empty() => Vec::new(),
        Value::String(text) => vec![json!({ "type": "text", "text": text })],
        Value::Array(parts) => parts.iter().map(block).collect(),
        _ => Vec::new(),
    }
}

fn block(part: &Value) -> Value {
    let url = part["image_url"]["url"].as_str().or(part["image_url"].as_str());
    match (part["type"].as_str(), url) {
        (Some("image_url"), Some(url)) => {
            let inline = url.strip_prefix("data:").and_then(|data| data.split_once(";base64,"));
            let source = match inline {
                Some((kind, data)) => json!({ "type": "base64", "media_type": kind, "data": data }),
                None => json!({ "type": "url", "url": url }),
            };
            json!({ "type": "image", "source": source })
        }
        (Some("refusal"), _) => json!({ "type": "text", "text": part["refusal"] }),
        (Some("text"), _) => json!({ "type": "text", "text": part["text"] }),
        // What this form may know by another name goes as it is: its provider says what it thinks of it.
        _ => part.clone(),
    }
}
