//! What a schema says of one value by itself.

use serde_json::{Map, Value};

use super::unread::MOST_UNIQUE;

/// The types that a schema may name.
pub(super) const TYPES: [&str; 7] = ["string", "integer", "number", "boolean", "object", "array", "null"];

/// What was expected, if the value is not it.
pub(super) fn broken(value: &Value, schema: &Map<String, Value>) -> Option<String> {
    if let Some(kind) = schema.get("type")
        && !is_of(value, kind)
    {
        let name = |kind: &Value| kind.as_str().unwrap_or_default().to_owned();
        let names = kind.as_array().map_or_else(
            || name(kind),
            |kinds| kinds.iter().map(name).collect::<Vec<_>>().join(" or "),
        );
        return Some(format!("{names}, not {}", name_of(value)));
    }
    if let Some(all) = schema.get("enum").and_then(Value::as_array)
        && !all.iter().any(|one| same(one, value))
    {
        let shown: Vec<String> = all.iter().take(8).map(Value::to_string).collect();
        return Some(format!("one of {}", shown.join(", ")));
    }
    if let Some(only) = schema.get("const")
        && !same(only, value)
    {
        return Some(only.to_string());
    }
    match value {
        Value::Number(number) => of_number(number.as_f64()?, schema),
        Value::String(text) => {
            let length = text.chars().count();
            of_count(length, schema, "minLength", "maxLength", "characters")
        }
        Value::Array(items) => of_count(items.len(), schema, "minItems", "maxItems", "items").or_else(|| {
            let unique = schema.get("uniqueItems") == Some(&Value::Bool(true));
            let twice = || {
                items
                    .iter()
                    .enumerate()
                    .any(|(at, item)| items[..at].iter().any(|other| same(item, other)))
            };
            (unique && items.len() <= MOST_UNIQUE && twice()).then(|| "no item twice".to_owned())
        }),
        Value::Object(fields) => of_count(fields.len(), schema, "minProperties", "maxProperties", "fields"),
        _ => None,
    }
}

fn is_of(value: &Value, kind: &Value) -> bool {
    match kind {
        Value::Array(kinds) => kinds.iter().any(|kind| is_of(value, kind)),
        Value::String(kind) => match kind.as_str() {
            "string" => value.is_string(),
            // A number without a fraction is whole, however it is written.
            "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            "object" => value.is_object(),
            "array" => value.is_array(),
            "null" => value.is_null(),
            _ => true,
        },
        _ => true,
    }
}

fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn same(a: &Value, b: &Value) -> bool {
    // Two whole numbers are compared as such: as fractions, long ones would seem the same.
    match (a.as_f64(), b.as_f64()) {
        (Some(x), Some(y)) if a.is_f64() || b.is_f64() => x == y,
        _ => a == b,
    }
}

fn of_number(number: f64, schema: &Map<String, Value>) -> Option<String> {
    let limit = |name: &str| schema.get(name).and_then(Value::as_f64);
    if let Some(least) = limit("minimum").filter(|least| number < *least) {
        return Some(format!("at least {least}"));
    }
    if let Some(most) = limit("maximum").filter(|most| number > *most) {
        return Some(format!("at most {most}"));
    }
    if let Some(bound) = limit("exclusiveMinimum").filter(|bound| number <= *bound) {
        return Some(format!("more than {bound}"));
    }
    if let Some(bound) = limit("exclusiveMaximum").filter(|bound| number >= *bound) {
        return Some(format!("less than {bound}"));
    }
    let step = limit("multipleOf").filter(|step| *step > 0.0)?;
    let times = number / step;
    ((times - times.round()).abs() > 1e-9 * times.abs().max(1.0)).then(|| format!("a multiple of {step}"))
}

fn of_count(count: usize, schema: &Map<String, Value>, least: &str, most: &str, what: &str) -> Option<String> {
    let limit = |name: &str| schema.get(name).and_then(Value::as_f64);
    if let Some(least) = limit(least).filter(|least| (count as f64) < *least) {
        return Some(format!("at least {least} {what}"));
    }
    limit(most)
        .filter(|most| count as f64 > *most)
        .map(|most| format!("at most {most} {what}"))
}
