//! Values that fit and values that do not.

use serde_json::{Value, json};

use super::misfit;

fn at(value: Value, schema: &Value) -> Option<String> {
    misfit(&value, schema).map(|misfit| format!("{}: {}", misfit.at, misfit.expected))
}

#[test]
fn each_assertion_is_checked_where_it_stands() {
    let schema = json!({
        "type": "object",
        "properties": {
            "name": {"type": "string", "minLength": 2},
            "age": {"type": "integer", "minimum": 0, "maximum": 150},
            "kind": {"enum": ["cat", "dog"]},
            "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 2, "uniqueItems": true},
            "friend": {"$ref": "#"},
            "home": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/place"}]}
        },
        "required": ["name"],
        "additionalProperties": false,
        "$defs": {"place": {"type": "object", "required": ["city"]}}
    });
    assert_eq!(
        at(
            json!({"name": "Mia", "age": 3.0, "kind": "cat", "tags": ["a"], "home": null}),
            &schema
        ),
        None
    );
    for (value, wrong) in [
        (json!([]), ": object, not array"),
        (json!({}), ": a field `name`"),
        (json!({"name": "M"}), "/name: at least 2 characters"),
        (json!({"name": "Mia", "age": 1.5}), "/age: integer, not number"),
        (json!({"name": "Mia", "age": -1}), "/age: at least 0"),
        (json!({"name": "Mia", "kind": "cow"}), "/kind: one of \"cat\", \"dog\""),
        (json!({"name": "Mia", "tags": ["a", 1]}), "/tags/1: string, not number"),
        (json!({"name": "Mia", "tags": ["a", "a"]}), "/tags: no item twice"),
        (
            json!({"name": "Mia", "friend": {"name": 1}}),
            "/friend/name: string, not number",
        ),
        (json!({"name": "Mia", "home": {}}), "/home: one of several forms"),
        (json!({"name": "Mia", "x": 1}), ": no field `x`"),
    ] {
        assert_eq!(at(value.clone(), &schema).as_deref(), Some(wrong), "{value}");
    }
}

#[test]
fn combinations_and_conditions_hold() {
    let schema = json!({"allOf": [{"type": "number"}, {"multipleOf": 0.5}], "not": {"const": 2}});
    assert_eq!(at(json!(1.5), &schema), None);
    assert_eq!(at(json!(1.2), &schema).as_deref(), Some(": a multiple of 0.5"));
    assert_eq!(at(json!(2.0), &schema).as_deref(), Some(": another form"));
    let one = json!({"oneOf": [{"minimum": 3}, {"maximum": 5}]});
    assert_eq!(at(json!(4), &one).as_deref(), Some(": exactly one of several forms"));
    let when = json!({"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"maxProperties": 0}});
    assert_eq!(at(json!({"a": 1}), &when).as_deref(), Some(": a field `b`"));
    assert_eq!(at(json!({"c": 1}), &when).as_deref(), Some(": at most 0 fields"));
}

#[test]
fn a_schema_that_refers_to_itself_or_to_nothing_ends() {
    assert_eq!(at(json!(1), &json!({"$ref": "#"})), None);
    assert_eq!(at(json!(1), &json!({"anyOf": [{"$ref": "#"}, {"$ref": "#"}]})), None);
    assert_eq!(at(json!(1), &json!({"$ref": "https://example.org/x"})), None);
    assert_eq!(at(json!(1), &json!({"type": 3, "enum": {}, "required": "x"})), None);
    assert_eq!(at(json!(1), &json!(false)).as_deref(), Some(": nothing"));
}
