//! The operations, each with what it reads and what it may answer.

use schemars::generate::SchemaGenerator;
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use super::super::{answers, revisions};
use crate::tenant::Grant;

/// One operation.
pub(super) struct Operation {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) id: &'static str,
    pub(super) summary: &'static str,
    /// Whether it wants the token.
    pub(super) closed: bool,
    /// Fields of the address's query.
    pub(super) query: &'static [Field],
    pub(super) body: Option<Value>,
    pub(super) answers: Vec<(u16, &'static str, Value)>,
}

/// One field of a query: its name, its type in JSON Schema, and what it is for.
pub(super) type Field = (&'static str, &'static str, &'static str);

/// Whose turns or conversations.
const WHOSE: [Field; 3] = [
    ("tenant", "string", "The tenant; empty: of requests without a key"),
    ("user", "string", "The user; empty: of requests that named none"),
    ("conversation", "string", "The conversation"),
];
const LISTED: [Field; 4] = [
    WHOSE[0],
    WHOSE[1],
    WHOSE[2],
    ("limit", "integer", "Most that are listed, at most 1000"),
];
const ERASED: [Field; 4] = [
    WHOSE[0],
    WHOSE[1],
    WHOSE[2],
    ("all", "boolean", "Everything, where nothing else is given"),
];

/// What one operation reads and answers is said with these.
pub(super) struct Types(pub(super) SchemaGenerator);

impl Types {
    fn json<T: JsonSchema>(&mut self) -> Value {
        let schema: Schema = self.0.subschema_for::<T>();
        json!({ "application/json": { "schema": schema } })
    }

    pub(super) fn problem(&mut self, status: u16) -> (u16, &'static str, Value) {
        let words = match status {
            400 => "The request cannot be read, or names what does not fit",
            401 => "The token is missing or wrong",
            404 => "There is no such thing; the sentence says what there is",
            409 => "There is nothing to go back to, or the name is taken",
            413 => "The body is longer than `admin.component-limit-mib` allows",
            _ => "It was read and cannot be used; nothing was changed",
        };
        (status, words, self.json::<answers::Problem>())
    }
}

/// All of them, in the order in which they are listed.
pub(super) fn operations(types: &mut Types) -> Vec<Operation> {
    let text = |kind: &str| json!({ kind: { "schema": { "type": "string" } } });
    // Tools that know no TOML and no Wasm send them as what they are to everybody.
    let toml = || {
        let text = json!({ "schema": { "type": "string" } });
        Some(json!({ "application/toml": text, "text/plain": text }))
    };
    let wasm = || {
        let bytes = json!({ "schema": { "type": "string", "format": "binary" } });
        Some(json!({ "application/wasm": bytes, "application/octet-stream": bytes }))
    };
    let open = |mut operation: Operation| {
        operation.closed = false;
        operation
    };
    macro_rules! answers {
        ($status:literal $words:literal $type:ty $(, $problem:literal)*) => {
            vec![($status, $words, types.json::<$type>()) $(, types.problem($problem))*]
        };
    }
    let get = |path, id, summary, answers| Operation {
        method: "get",
        path,
        id,
        summary,
        closed: true,
        query: &[],
        body: None,
        answers,
    };
    let post = |path, id, summary, body, answers| Operation {
        method: "post",
        path,
        id,
        summary,
        closed: true,
        query: &[],
        body,
        answers,
    };
    let object = || json!({ "application/json": { "schema": { "type": "object" } } });
    macro_rules! object {
        ($status:literal $words:literal $(, $problem:literal)*) => {
            vec![($status, $words, object()) $(, types.problem($problem))*]
        };
    }
    let remove = |path, id, summary, query, answers| Operation {
        method: "delete",
        query,
        ..get(path, id, summary, answers)
    };
    let ready = vec![
        (
            200,
            "Requests should be sent here",
            types.json::<answers::ReadyAnswer>(),
        ),
        (
            503,
            "Requests should be sent elsewhere",
            types.json::<answers::ReadyAnswer>(),
        ),
    ];
    vec![
        get(
            "/policies",
            "listPolicies",
            "Policies that may be staged",
            answers!(200 "By name and by digest" answers::Policies),
        ),
        post(
            "/policies",
            "uploadPolicy",
            "Hand a component over, to be staged by its digest",
            wasm(),
            answers!(201 "Its digest" answers::Component, 400, 413, 422),
        ),
        get(
            "/revisions",
            "listRevisions",
            "The revisions that are kept",
            answers!(200 "Oldest first" answers::Revisions),
        ),
        post(
            "/revisions",
            "stageRevision",
            "Stage a change to one slot: checked, compiled, warm",
            Some(types.json::<revisions::Change>()),
            answers!(201 "The new revision" answers::RevisionAnswer, 400, 404, 413, 422),
        ),
        get(
            "/revisions/active",
            "activeRevision",
            "The revision that new turns begin on",
            answers!(200 "With what its policies say of themselves" answers::RevisionAnswer),
        ),
        get(
            "/revisions/{number}",
            "oneRevision",
            "One revision",
            answers!(200 "With what its policies say of themselves" answers::RevisionAnswer, 400, 404),
        ),
        post(
            "/revisions/{number}/activate",
            "activateRevision",
            "Let new turns begin on a revision",
            None,
            answers!(200 "The revision, now active" answers::RevisionAnswer, 400, 404),
        ),
        post(
            "/rollback",
            "rollBack",
            "Go back to the revision that was active before",
            None,
            answers!(200 "The revision, active again" answers::RevisionAnswer, 404, 409),
        ),
        post(
            "/mode",
            "setMode",
            "The mode of one slot, or of all",
            Some(types.json::<revisions::ModeChange>()),
            answers!(200 "The revision that says so" answers::RevisionAnswer, 400, 404, 413, 422),
        ),
        get(
            "/upstreams",
            "listUpstreams",
            "How the upstreams and their models are doing",
            answers!(200 "In the order of the configuration" answers::Upstreams),
        ),
        get(
            "/keys",
            "listKeys",
            "The keys that hold",
            object!(200 "Of a secret only its end"),
        ),
        post(
            "/keys",
            "makeKey",
            "Make a key",
            Some(types.json::<Grant>()),
            object!(201 "With its secret, which nobody can ask for again", 400, 409, 413),
        ),
        remove(
            "/keys/{name}",
            "revokeKey",
            "Revoke a key by its name or its id",
            &[],
            object!(200 "The key", 404),
        ),
        get(
            "/budgets",
            "listBudgets",
            "How every budget stands",
            object!(200 "Spent, reserved, and left, in USD"),
        ),
        Operation {
            query: &LISTED,
            ..get(
                "/memory",
                "listMemory",
                "What is remembered of conversations",
                object!(200 "The latest first", 400),
            )
        },
        remove(
            "/memory",
            "forget",
            "Forget conversations",
            &ERASED,
            object!(200 "How many", 400),
        ),
        Operation {
            query: &LISTED,
            ..get(
                "/traces/turns",
                "listTurns",
                "Turns in the files of traces",
                object!(200 "The latest last", 400, 404),
            )
        },
        remove(
            "/traces/turns",
            "eraseTurns",
            "Take turns out of the files of traces",
            &ERASED,
            object!(200 "How many", 400, 404),
        ),
        get(
            "/traces",
            "countTraces",
            "What became of the records of turns",
            answers!(200 "Counts" answers::TracesAnswer),
        ),
        get(
            "/config",
            "servingConfig",
            "The configuration that serves",
            answers!(200 "And what was refused since" answers::ConfigAnswer, 404),
        ),
        get(
            "/config/schema",
            "configSchema",
            "JSON Schema of the configuration",
            vec![(
                200,
                "Draft 2020-12",
                json!({ "application/json": { "schema": { "type": "object" } } }),
            )],
        ),
        get(
            "/config/history",
            "configHistory",
            "The configurations that are kept",
            answers!(200 "Oldest first" answers::ConfigHistory),
        ),
        get(
            "/config/history/{number}",
            "oneConfig",
            "One of them",
            answers!(200 "With its text" answers::ConfigEntry, 404),
        ),
        post(
            "/config/check",
            "checkConfig",
            "Whether a configuration could be applied",
            toml(),
            answers!(200 "It could" answers::CheckedAnswer, 400, 413, 422),
        ),
        post(
            "/config/apply",
            "applyConfig",
            "Apply a configuration: all of it, or nothing",
            toml(),
            answers!(200 "It serves" answers::AppliedAnswer, 400, 413, 422),
        ),
        get(
            "/drain",
            "draining",
            "How far draining is",
            answers!(200 "Requests in flight" answers::DrainAnswer),
        ),
        post(
            "/drain",
            "drain",
            "Tell balancers to go elsewhere; whoever comes all the same is served",
            None,
            answers!(200 "Requests in flight" answers::DrainAnswer),
        ),
        Operation {
            method: "delete",
            ..get(
                "/drain",
                "undrain",
                "Tell balancers to come again",
                answers!(200 "Requests in flight" answers::DrainAnswer),
            )
        },
        open(get(
            "/metrics",
            "metrics",
            "Figures for Prometheus",
            vec![(200, "OpenMetrics", text("application/openmetrics-text"))],
        )),
        open(get(
            "/health",
            "health",
            "Whether the process answers",
            answers!(200 "It does" answers::HealthAnswer),
        )),
        open(get("/ready", "ready", "Whether requests should be sent here", ready)),
        open(get(
            "/openapi.json",
            "openapi",
            "This description",
            vec![(
                200,
                "OpenAPI 3.1",
                json!({ "application/json": { "schema": { "type": "object" } } }),
            )],
        )),
    ]
}
