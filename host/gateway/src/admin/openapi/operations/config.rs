//! The configuration.

use serde_json::{Value, json};

use super::{Operation, Types, schema};
use crate::admin::answers;

pub(super) fn operations(types: &mut Types) -> Vec<Operation> {
    vec![
        Operation::get("/config", "servingConfig", "The configuration that serves")
            .answers(types.answer::<answers::ConfigAnswer>(200, "And what was refused since", &[404])),
        Operation::get("/config/schema", "configSchema", "JSON Schema of the configuration")
            .answers(schema("Draft 2020-12")),
        Operation::get("/config/history", "configHistory", "The configurations that are kept")
            .answers(types.answer::<answers::ConfigHistory>(200, "Oldest first", &[])),
        Operation::get("/config/history/{number}", "oneConfig", "One of them")
            .answers(types.answer::<answers::ConfigEntry>(200, "With its text", &[404])),
        Operation::post(
            "/config/check",
            "checkConfig",
            "Whether a configuration could be applied",
        )
        .reads(toml())
        .answers(types.answer::<answers::CheckedAnswer>(200, "It could", &[400, 413, 422])),
        Operation::post(
            "/config/apply",
            "applyConfig",
            "Apply a configuration: all of it, or nothing",
        )
        .reads(toml())
        .answers(types.answer::<answers::AppliedAnswer>(200, "It serves", &[400, 413, 422])),
    ]
}

/// Tools that know no TOML send it as what it is to everybody.
fn toml() -> Value {
    let text = json!({ "schema": { "type": "string" } });
    json!({ "application/toml": text, "text/plain": text })
}
