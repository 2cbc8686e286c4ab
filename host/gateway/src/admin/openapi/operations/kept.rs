//! What is kept: keys and budgets, memory of conversations, turns in the traces.

use super::{Field, Operation, Types};
use crate::admin::answers;
use crate::tenant::Grant;

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

pub(super) fn operations(types: &mut Types) -> Vec<Operation> {
    vec![
        Operation::get("/keys", "listKeys", "The keys that hold").answers(types.answer::<answers::Keys>(
            200,
            "Of a secret only its end",
            &[],
        )),
        Operation::post("/keys", "makeKey", "Make a key")
            .reads(types.json::<Grant>())
            .answers(types.answer::<answers::MadeKey>(
                201,
                "With its secret, which nobody can ask for again",
                &[400, 409, 413],
            )),
        Operation::delete("/keys/{name}", "revokeKey", "Revoke a key by its name or its id")
            .answers(types.answer::<answers::RevokedKey>(200, "The key", &[404])),
        Operation::get("/budgets", "listBudgets", "How every budget stands").answers(types.answer::<answers::Budgets>(
            200,
            "Spent and reserved, in USD",
            &[],
        )),
        Operation::get("/memory", "listMemory", "What is remembered of conversations")
            .query(&LISTED)
            .answers(types.answer::<answers::Conversations>(200, "The latest first", &[400])),
        Operation::delete("/memory", "forget", "Forget conversations")
            .query(&ERASED)
            .answers(types.answer::<answers::Forgotten>(200, "How many", &[400])),
        Operation::get("/traces/turns", "listTurns", "Turns in the files of traces")
            .query(&LISTED)
            .answers(types.answer::<answers::Turns>(200, "The latest last", &[400, 404])),
        Operation::delete("/traces/turns", "eraseTurns", "Take turns out of the files of traces")
            .query(&ERASED)
            .answers(types.answer::<answers::Erased>(200, "How many", &[400, 404])),
        Operation::get("/traces", "countTraces", "What became of the records of turns")
            .answers(types.answer::<answers::TracesAnswer>(200, "Counts", &[])),
    ]
}
