//! What a schema says that is not read here.

use serde_json::{Map, Value};

use super::limits::TYPES;

/// Lists of more items are not searched for one that is there twice.
pub(super) const MOST_UNIQUE: usize = 256;

/// Whether a schema says anything of this value that is not read.
pub(super) fn any(value: &Value, schema: &Map<String, Value>) -> bool {
    schema.iter().any(|(name, said)| !is_read(name, said, value))
}

fn is_read(name: &str, said: &Value, value: &Value) -> bool {
    match name {
        "type" => match said {
            Value::Array(types) => types.iter().all(is_type),
            one => is_type(one),
        },
        "allOf" | "anyOf" | "oneOf" | "enum" | "prefixItems" | "required" => said.is_array(),
        "properties" => said.is_object(),
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
            said.is_number() || !value.is_number()
        }
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => said.is_number(),
        "uniqueItems" => value.as_array().is_none_or(|items| items.len() <= MOST_UNIQUE),
        // These say nothing of values of other kinds.
        "pattern" => !value.is_string(),
        "format" => !value.is_string() && !value.is_number(),
        "contains" | "minContains" | "maxContains" | "additionalItems" | "unevaluatedItems" => !value.is_array(),
        "patternProperties"
        | "propertyNames"
        | "dependencies"
        | "dependentRequired"
        | "dependentSchemas"
        | "unevaluatedProperties" => !value.is_object(),
        // Read where they are used.
        "$ref" | "additionalProperties" | "const" | "else" | "if" | "items" | "not" | "then" => true,
        // These say nothing of what fits.
        "$anchor" | "$comment" | "$defs" | "$id" | "$schema" | "$vocabulary" | "contentEncoding"
        | "contentMediaType" | "contentSchema" | "default" | "definitions" | "deprecated" | "description"
        | "examples" | "readOnly" | "title" | "writeOnly" => true,
        other => other.starts_with("x-"),
    }
}

fn is_type(name: &Value) -> bool {
    name.as_str().is_some_and(|name| TYPES.contains(&name))
}
