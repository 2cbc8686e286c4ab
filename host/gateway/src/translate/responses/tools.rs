//! Tools: the responses form writes flat what the chat form puts under the tool's type.

use serde_json::{Value, json};

/// A tool of the client's own; one of the provider has no form that others know.
pub(super) fn to_chat(tool: &Value) -> Option<Value> {
    let kind = tool["type"]
        .as_str()
        .filter(|kind| matches!(*kind, "function" | "custom"))?;
    // Who speaks the chat form at heart writes it here too.
    if tool.get(kind).is_some() {
        return Some(tool.clone());
    }
    let mut own = tool.clone();
    own.as_object_mut()?
        .retain(|name, value| name != "type" && !value.is_null());
    Some(json!({ "type": kind, kind: own }))
}

/// Which tool is to be taken.
pub(super) fn choice_to_chat(choice: &Value) -> Value {
    match choice["type"].as_str() {
        Some(kind @ ("function" | "custom")) => json!({ "type": kind, kind: { "name": choice["name"] } }),
        Some("allowed_tools") => {
            let all = choice["tools"].as_array().into_iter().flatten();
            let tools: Vec<Value> = all.filter_map(to_chat).collect();
            let allowed = json!({ "mode": choice["mode"], "tools": tools });
            json!({ "type": "allowed_tools", "allowed_tools": allowed })
        }
        // A tool of the provider was left out.
        Some(_) => Value::Null,
        None => choice.clone(),
    }
}
