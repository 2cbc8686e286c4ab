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

#[test]
fn what_is_not_read_is_neither_right_nor_wrong() {
    let forms = json!({"oneOf": [{"type": "string", "format": "email"}, {"type": "string", "format": "uri"}]});
    let patterns = json!({"oneOf": [{"pattern": "^a"}, {"pattern": "^b"}]});
    let not = json!({"not": {"pattern": "^x"}});
    let when = json!({"if": {"pattern": "^x"}, "then": {"minLength": 9}, "else": {"maxLength": 3}});
    let elsewhere = json!({"not": {"$ref": "https://example.org/x"}});
    let below = json!({"not": {"allOf": [{"anyOf": [{"items": {"pattern": "^x"}}]}]}});
    let newer = json!({"not": {"laterKeyword": 1}});
    let older = json!({"oneOf": [{"maximum": 5, "exclusiveMaximum": true}, {"minimum": 5}]});
    for (value, schema) in [
        (json!("a@b.co"), &forms),
        (json!("abc"), &patterns),
        (json!("abc"), &not),
        (json!("abcd"), &when),
        (json!("abc"), &elsewhere),
        (json!(["abc"]), &below),
        (json!("abc"), &newer),
        (json!(5), &older),
    ] {
        assert_eq!(at(value, schema), None, "{schema}");
    }
}

#[test]
fn what_is_known_beside_it_is_still_judged() {
    let forms = json!({"oneOf": [{"type": "string", "format": "email"}, {"type": "string", "format": "uri"}]});
    assert_eq!(at(json!(1), &forms).as_deref(), Some(": exactly one of several forms"));
    let sure = json!({"oneOf": [{"pattern": "^a"}, {"minLength": 1}, {"maxLength": 9}]});
    assert_eq!(
        at(json!("abc"), &sure).as_deref(),
        Some(": exactly one of several forms")
    );
    // A pattern says nothing of numbers, so they all fit it.
    let not = json!({"not": {"pattern": "^x"}});
    assert_eq!(at(json!(5), &not).as_deref(), Some(": another form"));
    let field = json!({"properties": {"a": {"pattern": "^x", "maxLength": 2}}});
    assert_eq!(
        at(json!({"a": "xyz"}), &field).as_deref(),
        Some("/a: at most 2 characters")
    );
    let any = json!({"anyOf": [{"type": "null"}, {"type": "string", "title": "Name"}]});
    assert_eq!(at(json!(2), &any).as_deref(), Some(": one of several forms"));
}

#[test]
fn long_whole_numbers_are_told_apart() {
    let unique = json!({"uniqueItems": true});
    assert_eq!(
        at(
            json!([1_234_567_890_123_456_788_u64, 1_234_567_890_123_456_789_u64]),
            &unique
        ),
        None
    );
    assert_eq!(at(json!([2, 2.0]), &unique).as_deref(), Some(": no item twice"));
}
