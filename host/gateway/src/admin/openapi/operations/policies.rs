//! Policies and the revisions that run them.

use serde_json::{Value, json};

use super::{Operation, Types};
use crate::admin::{answers, revisions};

pub(super) fn operations(types: &mut Types) -> Vec<Operation> {
    vec![
        Operation::get("/policies", "listPolicies", "Policies that may be staged")
            .answers(types.answer::<answers::Policies>(200, "By name and by digest", &[])),
        Operation::post(
            "/policies",
            "uploadPolicy",
            "Hand a component over, to be staged by its digest",
        )
        .reads(wasm())
        .answers(types.answer::<answers::Component>(201, "Its digest", &[400, 413, 422])),
        Operation::get("/revisions", "listRevisions", "The revisions that are kept")
            .answers(types.answer::<answers::Revisions>(200, "Oldest first", &[])),
        Operation::post(
            "/revisions",
            "stageRevision",
            "Stage a change to one slot: checked, compiled, warm",
        )
        .reads(types.json::<revisions::Change>())
        .answers(types.answer::<answers::RevisionAnswer>(201, "The new revision", &[400, 404, 413, 422])),
        Operation::get(
            "/revisions/active",
            "activeRevision",
            "The revision that new turns begin on",
        )
        .answers(types.answer::<answers::RevisionAnswer>(200, WHOLE, &[])),
        Operation::get("/revisions/{number}", "oneRevision", "One revision")
            .answers(types.answer::<answers::RevisionAnswer>(200, WHOLE, &[400, 404])),
        Operation::post(
            "/revisions/{number}/activate",
            "activateRevision",
            "Let new turns begin on a revision",
        )
        .answers(types.answer::<answers::RevisionAnswer>(200, "The revision, now active", &[400, 404])),
        Operation::post(
            "/rollback",
            "rollBack",
            "Go back to the revision that was active before",
        )
        .answers(types.answer::<answers::RevisionAnswer>(200, "The revision, active again", &[404, 409])),
        Operation::post("/mode", "setMode", "The mode of one slot, or of all")
            .reads(types.json::<revisions::ModeChange>())
            .answers(types.answer::<answers::RevisionAnswer>(200, "The revision that says so", &[400, 404, 413, 422])),
    ]
}

const WHOLE: &str = "With what its policies say of themselves";

/// Tools that know no Wasm send it as what it is to everybody.
fn wasm() -> Value {
    let bytes = json!({ "schema": { "type": "string", "format": "binary" } });
    json!({ "application/wasm": bytes, "application/octet-stream": bytes })
}
