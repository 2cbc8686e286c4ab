//! For those who watch over the process.

use serde_json::json;

use super::{Operation, Types, schema};
use crate::admin::answers;

pub(super) fn operations(types: &mut Types) -> Vec<Operation> {
    let ready = types.json::<answers::ReadyAnswer>();
    let figures = json!({ "application/openmetrics-text": { "schema": { "type": "string" } } });
    let mut drain = || types.answer::<answers::DrainAnswer>(200, "Requests in flight", &[]);
    vec![
        Operation::get("/drain", "draining", "How far draining is").answers(drain()),
        Operation::post(
            "/drain",
            "drain",
            "Tell balancers to go elsewhere; whoever comes all the same is served",
        )
        .answers(drain()),
        Operation::delete("/drain", "undrain", "Tell balancers to come again").answers(drain()),
        Operation::get(
            "/upstreams",
            "listUpstreams",
            "How the upstreams and their models are doing",
        )
        .answers(types.answer::<answers::Upstreams>(200, "In the order of the configuration", &[])),
        Operation::get("/metrics", "metrics", "Figures for Prometheus")
            .open()
            .answers(vec![(200, "OpenMetrics", figures)]),
        Operation::get("/health", "health", "Whether the process answers")
            .open()
            .answers(types.answer::<answers::HealthAnswer>(200, "It does", &[])),
        Operation::get("/ready", "ready", "Whether requests should be sent here")
            .open()
            .answers(vec![
                (200, "Requests should be sent here", ready.clone()),
                (503, "Requests should be sent elsewhere", ready),
            ]),
        Operation::get("/openapi.json", "openapi", "This description")
            .open()
            .answers(schema("OpenAPI 3.1")),
    ]
}
