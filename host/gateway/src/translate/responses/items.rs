//! The items of a conversation in the responses form, and the messages of the chat form.

use serde_json::{Value, json};

use crate::problem::Problem;

/// Items in the chat form.
#[derive(Default)]
pub(super) struct Read {
    pub(super) messages: Vec<Value>,
    /// What the chat form has no word for.
    pub(super) left_out: Vec<String>,
    /// What stands for something that only the provider keeps.
    pub(super) only_there: Option<String>,
}

/// From `input` to messages.
///
/// # Errors
/// What is wrong, and where.
pub(super) fn to_messages(input: Value) -> Result<Read, Problem> {
    let wrong = |message: String| Problem {
        param: Some("input"),
        ..Problem::request(message)
    };
    let mut read = Read::default();
    let items = match input {
        Value::String(text) => vec![json!({ "role": "user", "content": text })],
        Value::Array(items) => items,
        Value::Null => return Err(wrong("`input` is missing: give a text or a list of items".to_owned())),
        _ => return Err(wrong("`input`: expected a text or a list of items".to_owned())),
    };
    for (index, item) in items.into_iter().enumerate() {
        let kind = match (item["type"].as_str(), item["role"].is_string()) {
            (Some(kind), _) => kind.to_owned(),
            (None, true) => "message".to_owned(),
            (None, false) => return Err(wrong(format!("input[{index}]: it has neither a type nor a role"))),
        };
        match kind.as_str() {
            "message" => {
                let content = content(&item["content"]).map_err(|why| wrong(format!("input[{index}].content{why}")))?;
                read.messages.push(json!({ "role": item["role"], "content": content }));
            }
            "function_call" => read.call(json!({
                "id": item["call_id"],
                "type": "function",
                "function": { "name": item["name"], "arguments": item["arguments"] },
            })),
            "custom_tool_call" => read.call(json!({
                "id": item["call_id"],
                "type": "custom",
                "custom": { "name": item["name"], "input": item["input"] },
            })),
            "function_call_output" | "custom_tool_call_output" => {
                let output = content(&item["output"]).map_err(|why| wrong(format!("input[{index}].output{why}")))?;
                let message = json!({ "role": "tool", "tool_call_id": item["call_id"], "content": output });
                read.messages.push(message);
            }
            "item_reference" => read.only_there = Some("input items of type item_reference".to_owned()),
            other => {
                let other = &other[..other.floor_char_boundary(40)];
                let name = format!("input items of type {other}");
                if !read.left_out.contains(&name) {
                    read.left_out.push(name);
                }
            }
        }
    }
    Ok(read)
}

impl Read {
    /// A call joins the assistant's message that it belongs to.
    fn call(&mut self, call: Value) {
        match self.messages.last_mut() {
            Some(last) if last["role"] == "assistant" => {
                if let Some(calls) = last.get_mut("tool_calls").and_then(Value::as_array_mut) {
                    calls.push(call);
                } else {
                    last["tool_calls"] = json!([call]);
                }
            }
            _ => {
                let message = json!({ "role": "assistant", "content": null, "tool_calls": [call] });
                self.messages.push(message);
            }
        }
    }
}

fn content(content: &Value) -> Result<Value, String> {
    match content {
        Value::String(_) | Value::Null => Ok(content.clone()),
        Value::Array(parts) => parts.iter().enumerate().map(|(at, part)| to_part(at, part)).collect(),
        _ => Err(": expected a text or a list of parts".to_owned()),
    }
}

fn to_part(at: usize, part: &Value) -> Result<Value, String> {
    Ok(match part["type"].as_str() {
        Some("input_text" | "output_text" | "text") => json!({ "type": "text", "text": part["text"] }),
        Some("input_image") if part["image_url"].is_string() => {
            let mut image = json!({ "url": part["image_url"] });
            if part["detail"].is_string() {
                image["detail"] = part["detail"].clone();
            }
            json!({ "type": "image_url", "image_url": image })
        }
        Some("input_file") if part["file_data"].is_string() || part["file_id"].is_string() => {
            let known = ["filename", "file_data", "file_id"]
                .iter()
                .filter(|name| part[**name].is_string());
            let file: serde_json::Map<_, _> = known.map(|name| ((*name).to_owned(), part[*name].clone())).collect();
            json!({ "type": "file", "file": file })
        }
        // What the chat form may know as it is, its provider says what it thinks of it.
        Some(_) => part.clone(),
        None => return Err(format!("[{at}].type is missing")),
    })
}

/// From messages to items.
pub(super) fn to_items<'a>(messages: impl Iterator<Item = &'a Value>) -> Vec<Value> {
    let mut items = Vec::new();
    for message in messages {
        if message["role"] == "tool" {
            let output = parts(&message["content"], "input_text");
            items.push(json!({ "type": "function_call_output", "call_id": message["tool_call_id"], "output": output }));
            continue;
        }
        let of = if message["role"] == "assistant" {
            "output_text"
        } else {
            "input_text"
        };
        let content = parts(&message["content"], of);
        if !content.is_null() && content != "" {
            items.push(json!({ "type": "message", "role": message["role"], "content": content }));
        }
        for call in message["tool_calls"].as_array().into_iter().flatten() {
            items.push(match &call["custom"] {
                Value::Null => json!({
                    "type": "function_call",
                    "call_id": call["id"],
                    "name": call["function"]["name"],
                    "arguments": call["function"]["arguments"],
                }),
                custom => json!({
                    "type": "custom_tool_call",
                    "call_id": call["id"],
                    "name": custom["name"],
                    "input": custom["input"],
                }),
            });
        }
    }
    items
}

fn parts(content: &Value, text: &str) -> Value {
    let Value::Array(parts) = content else {
        return content.clone();
    };
    let part = |part: &Value| match part["type"].as_str() {
        Some("text") => json!({ "type": text, "text": part["text"] }),
        Some("image_url") => {
            let detail = part["image_url"]["detail"].as_str().unwrap_or("auto");
            json!({ "type": "input_image", "image_url": part["image_url"]["url"], "detail": detail })
        }
        Some("file") => {
            let mut file = part["file"].clone();
            file["type"] = "input_file".into();
            file
        }
        _ => part.clone(),
    };
    parts.iter().map(part).collect()
}
