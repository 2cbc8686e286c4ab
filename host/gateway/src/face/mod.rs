//! The forms of requests: what clients speak here, and what upstreams speak there.

pub(crate) mod chat;
pub(crate) mod embeddings;
pub(crate) mod messages;
pub(crate) mod models;
mod once;
pub(crate) mod responses;

use bytes::Bytes;
use pointsman::{Request, Usage};
use serde::Deserialize as _;
use serde_json::Value;

use crate::problem::Problem;

/// The form of a request and of its reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// OpenAI's chat completions.
    Chat,
    /// Anthropic's messages.
    Messages,
    /// OpenAI's responses.
    Responses,
}

/// What is asked for, here and there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Api {
    /// A model's reply.
    Reply(Form),
    /// OpenAI's embeddings.
    Embeddings,
    /// How many tokens a request of Anthropic's messages has.
    CountTokens,
}

impl Api {
    /// What OpenTelemetry calls it.
    pub(crate) fn operation(self) -> &'static str {
        match self {
            Api::Reply(_) => "chat",
            Api::Embeddings => "embeddings",
            Api::CountTokens => "count_tokens",
        }
    }
}

/// A request as it was asked.
pub(crate) struct Asked {
    /// In the chat form, which is the one that policies read.
    pub(crate) request: Request,
    /// The name that was asked for: a model, or a route.
    pub(crate) model: String,
    /// Whether the reply is to be streamed.
    pub(crate) stream: bool,
    /// Whether a stream is to end with its usage.
    pub(crate) wants_usage: bool,
    /// The request as it came, where it came in another form.
    pub(crate) original: Option<String>,
    /// Fields that have no place in the chat form.
    pub(crate) left_out: Vec<String>,
    /// What can only be had of an upstream that speaks the client's own form.
    pub(crate) only_there: Option<String>,
}

impl Api {
    /// The form of its errors.
    pub(crate) fn form(self) -> Form {
        match self {
            Api::Reply(form) => form,
            Api::Embeddings => Form::Chat,
            Api::CountTokens => Form::Messages,
        }
    }

    /// Reads a request.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub(crate) fn read(self, body: &Bytes) -> Result<Asked, Problem> {
        let text = std::str::from_utf8(body).map_err(|error| {
            let at = error.valid_up_to();
            Problem::request(format!(
                "the body is not UTF-8: byte {at} begins no character; send JSON in UTF-8"
            ))
        })?;
        match self {
            Api::Reply(Form::Chat) => chat::read(text),
            Api::Reply(Form::Messages) => messages::read(text),
            Api::Reply(Form::Responses) => responses::read(text),
            Api::Embeddings => embeddings::read(text),
            Api::CountTokens => messages::read_to_count(text),
        }
    }

    /// What an upstream billed; `None` where its reply does not say.
    pub(crate) fn usage(self, reply: &Value) -> Option<Usage> {
        match self {
            Api::Reply(form) => form.usage(reply),
            Api::Embeddings => embeddings::usage(reply),
            // Counting costs nothing.
            Api::CountTokens => Some(Usage::default()),
        }
    }
}

impl Form {
    /// What an upstream of this form billed; `None` where its reply does not say.
    pub(crate) fn usage(self, reply: &Value) -> Option<Usage> {
        let usage = reply.get("usage")?;
        match self {
            Form::Chat => chat::ChatUsage::deserialize(usage).ok().map(Into::into),
            Form::Messages => messages::usage(usage),
            Form::Responses => responses::usage(usage),
        }
    }

    /// A reply in the place of one that a checker keeps back.
    pub(crate) fn blocked(self, reply: &Value, words: &str) -> Value {
        match self {
            Form::Chat => chat::blocked(reply, words),
            Form::Messages => messages::blocked(reply, words),
            Form::Responses => responses::blocked(reply, words),
        }
    }

    /// Puts a better text in the place of one choice.
    pub(crate) fn repair(self, reply: &mut Value, choice: u32, text: &str) {
        match self {
            Form::Chat => chat::repair(reply, choice, text),
            Form::Messages => messages::repair(reply, text),
            Form::Responses => responses::repair(reply, text),
        }
    }
}
