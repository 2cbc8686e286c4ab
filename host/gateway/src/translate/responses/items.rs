//! Messages of the chat form, as items of the responses form.

use serde_json::{Value, json};

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
