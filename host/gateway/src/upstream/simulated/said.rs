//! What is said in answer to a request, and what it is billed as.

use std::collections::VecDeque;
use std::time::Duration;

use pointsman::{Counter, Encoding, Request, Role, Usage};
use serde_json::{Value, json};

use super::answers::Answers;
use super::pieces::Pieces;
use super::tools;
use crate::face::chat::ChatUsage;
use crate::stream::event;

/// What is said in answer to a request.
pub(super) struct Said {
    id: String,
    model: String,
    text: String,
    call: Option<Value>,
    finish: String,
    pub(super) usage: Usage,
}

impl Said {
    /// The reply that is known, a call of a tool where the request insists on one, or a few words about the request; no
    /// longer than it asks for.
    pub(super) fn to(request: &Request, answers: &Answers, counter: &Counter) -> Self {
        let model = request.model().unwrap_or_default();
        let encoding = Encoding::of_model(&model);
        let counts = request
            .messages()
            .iter()
            .map(|message| counter.message(message, encoding).tokens);
        let sent: u32 = counts.sum();
        let last = request.messages().last();
        let content = last.and_then(|message| serde_json::from_str::<Value>(message.raw()).ok());
        let known = content.and_then(|message| answers.to(&message["content"]));
        let call = if known.is_none() { tools::call(request) } else { None };
        let (text, finish) = match (known, &call) {
            (Some(known), _) => (known.text.clone(), known.finish.clone()),
            (None, Some(_)) => (String::new(), "tool_calls".to_owned()),
            (None, None) => (composed(&model, request, sent), "stop".to_owned()),
        };
        let most = [request.field("max_completion_tokens"), request.field("max_tokens")];
        let most = most
            .into_iter()
            .flatten()
            .find_map(|json| serde_json::from_str(json).ok());
        let (text, finish) = match most.and_then(|most| beginning(&text, most, counter, encoding)) {
            Some(end) => (text[..end].to_owned(), "length".to_owned()),
            None => (text, finish),
        };
        let called = call
            .as_ref()
            .map(|call| call["function"].to_string())
            .unwrap_or_default();
        let answered = [&text, &called].map(|said| counter.text(said, encoding).tokens);
        let usage = Usage::new(sent, answered.iter().sum());
        Said {
            id: format!(
                "chatcmpl-simulated-{:016x}",
                xxhash_rust::xxh3::xxh3_64(text.as_bytes())
            ),
            model,
            text,
            call,
            finish,
            usage,
        }
    }

    /// All of it.
    pub(super) fn json(&self) -> String {
        let mut message = json!({ "role": "assistant", "content": self.text });
        if let Some(call) = &self.call {
            message["content"] = Value::Null;
            message["tool_calls"] = json!([call]);
        }
        json!({
            "id": self.id,
            "object": "chat.completion",
            "created": 0,
            "model": self.model,
            "choices": [{
                "index": 0,
                "message": message,
                "finish_reason": self.finish,
            }],
            "usage": ChatUsage::from(self.usage),
        })
        .to_string()
    }

    /// One event a word, about a token each.
    pub(super) fn pieces(&self, with_usage: bool, cut: bool, pause: Option<Duration>) -> Pieces {
        let chunk = |choices: Value, usage: Option<Usage>| {
            let mut chunk = json!({
                "id": self.id,
                "object": "chat.completion.chunk",
                "created": 0,
                "model": self.model,
                "choices": choices,
            });
            if let Some(usage) = usage {
                chunk["usage"] = json!(ChatUsage::from(usage));
            }
            event(None, &chunk.to_string())
        };
        let delta = |delta: Value, finish: Option<&str>| {
            chunk(json!([{ "index": 0, "delta": delta, "finish_reason": finish }]), None)
        };
        let mut frames = VecDeque::from([delta(json!({ "role": "assistant", "content": "" }), None)]);
        frames.extend(
            self.text
                .split_inclusive(' ')
                .map(|word| delta(json!({ "content": word }), None)),
        );
        if let Some(call) = &self.call {
            let mut call = call.clone();
            call["index"] = 0.into();
            frames.push_back(delta(json!({ "tool_calls": [call] }), None));
        }
        frames.push_back(delta(json!({}), Some(&self.finish)));
        if with_usage {
            frames.push_back(chunk(json!([]), Some(self.usage)));
        }
        frames.push_back(event(None, "[DONE]"));
        if cut {
            frames.truncate(frames.len() / 2);
        }
        Pieces::events(frames, pause, cut)
    }
}

/// Where a text ends that may have so many tokens: after the last word that fits; `None` where all of it does.
fn beginning(text: &str, most: u32, counter: &Counter, encoding: Encoding) -> Option<usize> {
    let fits = |end: usize| counter.text(&text[..end], encoding).tokens <= most;
    if fits(text.len()) {
        return None;
    }
    let mut ends: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).collect();
    ends.truncate(ends.partition_point(|end| fits(*end)));
    Some(ends.pop().unwrap_or(0))
}

/// A few words about the request, as JSON where that was asked for.
fn composed(model: &str, request: &Request, sent: u32) -> String {
    let users = request
        .messages()
        .iter()
        .rev()
        .filter(|message| message.role == Role::User);
    let question = users.map(|message| message.text()).next().unwrap_or_default();
    let begins: String = question
        .chars()
        .take(60)
        .collect::<String>()
        .replace(['\n', '\r', '"', '\\'], " ");
    let messages = request.messages().len();
    let text = format!(
        "This is {model}, simulated. I was sent {messages} messages of {sent} tokens; the last question begins: {begins}"
    );
    let format = request.field("response_format");
    let kind: Option<Value> = format.and_then(|json| serde_json::from_str(json).ok());
    match kind.as_ref().and_then(|kind| kind["type"].as_str()) {
        Some("json_object" | "json_schema") => json!({ "simulated": text }).to_string(),
        _ => text,
    }
}
