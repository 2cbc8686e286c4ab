//! The operations, each with what it reads and what it may answer: one file for each part of the API.

mod config;
mod kept;
mod policies;
mod watch;

use schemars::generate::SchemaGenerator;
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use crate::admin::answers;

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
    pub(super) answers: Vec<Answer>,
}

/// One field of a query: its name, its type in JSON Schema, and what it is for.
pub(super) type Field = (&'static str, &'static str, &'static str);

/// What may be answered: a status, when that is, and its content.
pub(super) type Answer = (u16, &'static str, Value);

/// All of them, in the order in which they are listed.
pub(super) fn operations(types: &mut Types) -> Vec<Operation> {
    let parts: [fn(&mut Types) -> Vec<Operation>; 4] = [
        policies::operations,
        kept::operations,
        config::operations,
        watch::operations,
    ];
    parts.iter().flat_map(|part| part(types)).collect()
}

impl Operation {
    fn new(method: &'static str, path: &'static str, id: &'static str, summary: &'static str) -> Self {
        Operation {
            method,
            path,
            id,
            summary,
            closed: true,
            query: &[],
            body: None,
            answers: Vec::new(),
        }
    }

    fn get(path: &'static str, id: &'static str, summary: &'static str) -> Self {
        Operation::new("get", path, id, summary)
    }

    fn post(path: &'static str, id: &'static str, summary: &'static str) -> Self {
        Operation::new("post", path, id, summary)
    }

    fn delete(path: &'static str, id: &'static str, summary: &'static str) -> Self {
        Operation::new("delete", path, id, summary)
    }

    /// Wants no token.
    fn open(mut self) -> Self {
        self.closed = false;
        self
    }

    fn query(mut self, fields: &'static [Field]) -> Self {
        self.query = fields;
        self
    }

    /// Reads this content.
    fn reads(mut self, content: Value) -> Self {
        self.body = Some(content);
        self
    }

    fn answers(mut self, answers: Vec<Answer>) -> Self {
        self.answers.extend(answers);
        self
    }
}

/// What one operation reads and answers is said with these.
pub(super) struct Types(pub(super) SchemaGenerator);

impl Types {
    /// Content of this type.
    fn json<T: JsonSchema>(&mut self) -> Value {
        let schema: Schema = self.0.subschema_for::<T>();
        json!({ "application/json": { "schema": schema } })
    }

    /// An answer of this type, and the problems that may stand in its place.
    fn answer<T: JsonSchema>(&mut self, status: u16, words: &'static str, problems: &[u16]) -> Vec<Answer> {
        let mut all = vec![(status, words, self.json::<T>())];
        all.extend(problems.iter().map(|status| self.problem(*status)));
        all
    }

    pub(super) fn problem(&mut self, status: u16) -> Answer {
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

/// A schema, of which nothing is said here but that it is an object.
fn schema(words: &'static str) -> Vec<Answer> {
    let content = json!({ "application/json": { "schema": { "type": "object" } } });
    vec![(200, words, content)]
}
