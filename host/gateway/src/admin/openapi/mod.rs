//! The description of the admin API: OpenAPI 3.1, made from the types that it reads and answers.

mod operations;

use axum::Json;
use axum::extract::State;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::Shared;
use operations::{Types, operations};

/// The description.
pub(super) async fn document(State(_): Shared) -> Json<Value> {
    Json(describe())
}

fn describe() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut types = Types(settings.into_generator());
    let mut paths: Map<String, Value> = Map::new();
    for operation in operations(&mut types) {
        let mut answers = operation.answers;
        if operation.closed {
            answers.push(types.problem(401));
        }
        let responses: Map<String, Value> = answers
            .into_iter()
            .map(|(status, description, content)| {
                (
                    status.to_string(),
                    json!({ "description": description, "content": content }),
                )
            })
            .collect();
        let mut said = json!({
            "operationId": operation.id,
            "summary": operation.summary,
            "responses": responses,
            "security": if operation.closed { json!([{ "token": [] }]) } else { json!([]) },
        });
        if let Some(content) = operation.body {
            said["requestBody"] = json!({ "required": true, "content": content });
        }
        let steps = operation.path.split('/');
        let named = steps.filter_map(|step| step.strip_prefix('{')?.strip_suffix('}'));
        let in_path = named.map(|name| {
            let schema = if name == "number" {
                number()
            } else {
                json!({ "type": "string", "minLength": 1 })
            };
            json!({ "name": name, "in": "path", "required": true, "schema": schema })
        });
        let in_query = operation.query.iter().map(|(name, kind, words)| {
            let mut schema = json!({ "type": kind });
            if *kind == "integer" {
                schema["minimum"] = 0.into();
                schema["maximum"] = u32::MAX.into();
            }
            json!({ "name": name, "in": "query", "required": false, "description": words, "schema": schema })
        });
        let parameters: Vec<Value> = in_path.chain(in_query).collect();
        if !parameters.is_empty() {
            said["parameters"] = parameters.into();
        }
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method] = said;
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Pointsman: the admin API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Policies staged, activated and rolled back under the traffic; the configuration; how it goes.",
            "license": { "name": "Apache-2.0 OR MIT" },
        },
        "paths": paths,
        "components": {
            "schemas": types.0.take_definitions(true),
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
    })
}

fn number() -> Value {
    json!({ "type": "integer", "minimum": 1, "maximum": u64::from(u32::MAX) })
}
