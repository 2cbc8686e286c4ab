//! A call of a tool, where the request insists on one: with the arguments that the tool's schema requires.

use pointsman::Request;
use serde_json::{Map, Value, json};

/// The call, in the chat form.
pub(super) fn call(request: &Request) -> Option<Value> {
    let read = |field: &str| -> Option<Value> { serde_json::from_str(request.field(field)?).ok() };
    let choice = read("tool_choice")?;
    let named = choice["function"]["name"].as_str();
    if named.is_none() && choice != "required" {
        return None;
    }
    let tools = read("tools")?;
    let functions = tools.as_array()?.iter().map(|tool| &tool["function"]);
    let function = functions
        .clone()
        .find(|function| named.is_none_or(|name| function["name"] == name))?;
    let arguments = example(&function["parameters"], 0).to_string();
    Some(json!({
        "id": "call_simulated",
        "type": "function",
        "function": { "name": function["name"], "arguments": arguments },
    }))
}

/// A value of this schema, as far as schemas of tools usually go.
fn example(schema: &Value, depth: usize) -> Value {
    if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
        return first.clone();
    }
    match schema["type"].as_str() {
        Some("string") => "simulated".into(),
        Some("integer" | "number") => 1.into(),
        Some("boolean") => true.into(),
        Some("array") => json!([]),
        _ if depth > 8 => json!({}),
        _ => {
            let required = schema["required"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str);
            let fields: Map<String, Value> = required
                .map(|name| (name.to_owned(), example(&schema["properties"][name], depth + 1)))
                .collect();
            fields.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_that_is_required_is_called_with_what_its_schema_requires() {
        let request = Request::from_json(
            r#"{"messages":[{"role":"user","content":"go"}],"tool_choice":"required","tools":[{"type":"function","function":
            {"name":"look","parameters":{"type":"object","required":["at","unit"],"properties":
            {"at":{"type":"string"},"unit":{"enum":["m","ft"]},"more":{"type":"string"}}}}}]}"#,
        )
        .unwrap();
        let call = call(&request).unwrap();
        assert_eq!(call["function"]["name"], "look");
        assert_eq!(call["function"]["arguments"], r#"{"at":"simulated","unit":"m"}"#);
    }
}
