//! An upstream that is not there: it answers from within, always the same, with usage counted as a provider counts it.

mod embeddings;
mod tools;

use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::StatusCode;
use hyper::body::{Body, Frame};
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use pointsman::{Counter, Encoding, Request, Role, Usage};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, Sleep, sleep, sleep_until};

use crate::config::{ConfigError, UpstreamSettings};
use crate::face::Api;
use crate::face::chat::ChatUsage;
use crate::stream::event;

/// What it answers, and how well.
#[derive(Debug)]
pub(super) struct Simulated {
    latency: Duration,
    /// Between two tokens of a stream.
    pause: Option<Duration>,
    error_rate: f64,
    cut_rate: f64,
    /// Replies by the last message that they answer.
    answers: HashMap<String, Known>,
    counter: Counter,
    /// Numbers the requests, so that rates hold however alike requests are.
    asked: AtomicU64,
}

#[derive(Debug)]
struct Known {
    text: String,
    finish: String,
}

/// A line of the file of answers; what else stands in it is for others.
#[derive(Deserialize)]
struct Line {
    messages: Vec<Value>,
    #[serde(default)]
    reply: Option<String>,
    #[serde(default)]
    finish: Option<String>,
}

impl Simulated {
    pub(super) fn new(settings: &UpstreamSettings, base: &Path, place: &str) -> Result<Self, ConfigError> {
        let mut answers = HashMap::new();
        if let Some(file) = &settings.answers {
            let path = base.join(file);
            let wrong = |message: String| {
                ConfigError::wrong(format!("{place}.answers"), format!("{}{message}", path.display()))
            };
            let text = std::fs::read_to_string(&path).map_err(|error| wrong(format!(": {error}")))?;
            for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
                let line: Line =
                    serde_json::from_str(line).map_err(|error| wrong(format!(":{}: {error}", number + 1)))?;
                if let (Some(last), Some(text)) = (line.messages.last(), line.reply) {
                    let finish = line.finish.unwrap_or_else(|| "stop".to_owned());
                    answers.insert(last["content"].to_string(), Known { text, finish });
                }
            }
        }
        Ok(Simulated {
            latency: Duration::from_millis(settings.latency_ms.unwrap_or(0)),
            pause: settings
                .tokens_per_second
                .map(|rate| Duration::from_secs_f64(1.0 / rate)),
            error_rate: settings.error_rate.unwrap_or(0.0),
            cut_rate: settings.cut_rate.unwrap_or(0.0),
            answers,
            counter: Counter::new(1 << 14),
            asked: AtomicU64::new(0),
        })
    }

    /// Answers a request in the chat form, or one for embeddings, once the latency is over.
    pub(super) async fn answer(&self, api: Api, body: &str) -> (StatusCode, HeaderMap, Pieces) {
        if !self.latency.is_zero() {
            sleep(self.latency).await;
        }
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if share(number, 1) < self.error_rate {
            let error = error("simulated: overloaded, as `error-rate` asks for", "overloaded_error");
            return (StatusCode::SERVICE_UNAVAILABLE, headers, Pieces::whole(error));
        }
        if api == Api::Embeddings {
            let (status, text) = match embeddings::answer(body, &self.counter) {
                Ok(text) => (StatusCode::OK, text),
                Err(why) => (StatusCode::BAD_REQUEST, error(&why, "invalid_request_error")),
            };
            return (status, headers, Pieces::whole(text));
        }
        let request = match Request::from_json(body) {
            Ok(request) => request,
            Err(why) => {
                let error = error(&why.to_string(), "invalid_request_error");
                return (StatusCode::BAD_REQUEST, headers, Pieces::whole(error));
            }
        };
        let said = self.say(&request);
        let cut = share(number, 2) < self.cut_rate;
        let asks = |field: &str| request.field(field).is_some_and(|json| json == "true");
        if asks("stream") {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
            let options: Option<Value> = request
                .field("stream_options")
                .and_then(|json| serde_json::from_str(json).ok());
            let with_usage = options.is_some_and(|options| options["include_usage"] == true);
            return (StatusCode::OK, headers, said.pieces(with_usage, cut, self.pause));
        }
        let mut pieces = Pieces::whole(said.json());
        if let Some(pause) = self.pause {
            let all = pause * said.usage.output_tokens;
            pieces.wait = Some(Box::pin(sleep(all)));
        }
        if cut {
            pieces.cut_in_half();
        }
        (StatusCode::OK, headers, pieces)
    }

    fn say(&self, request: &Request) -> Said {
        let model = request.model().unwrap_or_default();
        let encoding = Encoding::of_model(&model);
        let counts = request
            .messages()
            .iter()
            .map(|message| self.counter.message(message, encoding).tokens);
        let sent: u32 = counts.sum();
        let last = request.messages().last();
        let content = last.and_then(|message| serde_json::from_str::<Value>(message.raw()).ok());
        let known = content.and_then(|message| self.answers.get(&message["content"].to_string()));
        let call = if known.is_none() { tools::call(request) } else { None };
        let (text, finish) = match (known, &call) {
            (Some(known), _) => (known.text.clone(), known.finish.clone()),
            (None, Some(_)) => (String::new(), "tool_calls".to_owned()),
            (None, None) => (composed(&model, request, sent), "stop".to_owned()),
        };
        let called = call
            .as_ref()
            .map(|call| call["function"].to_string())
            .unwrap_or_default();
        let answered = [&text, &called].map(|said| self.counter.text(said, encoding).tokens);
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

struct Said {
    id: String,
    model: String,
    text: String,
    call: Option<Value>,
    finish: String,
    usage: Usage,
}

impl Said {
    fn json(&self) -> String {
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
    fn pieces(&self, with_usage: bool, cut: bool, pause: Option<Duration>) -> Pieces {
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
        Pieces {
            frames,
            pause,
            wait: None,
            cut,
        }
    }
}

/// The body of an answer.
#[derive(Debug)]
pub(super) struct Pieces {
    frames: VecDeque<Bytes>,
    pause: Option<Duration>,
    wait: Option<Pin<Box<Sleep>>>,
    cut: bool,
}

impl Pieces {
    fn whole(text: String) -> Self {
        Pieces {
            frames: VecDeque::from([Bytes::from(text)]),
            pause: None,
            wait: None,
            cut: false,
        }
    }

    fn cut_in_half(&mut self) {
        self.cut = true;
        if let Some(frame) = self.frames.front_mut() {
            frame.truncate(frame.len() / 2);
        }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = String;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, String>>> {
        if let Some(wait) = &mut self.wait {
            std::task::ready!(wait.as_mut().poll(context));
            self.wait = None;
        }
        let Some(frame) = self.frames.pop_front() else {
            let cut = std::mem::take(&mut self.cut);
            return Poll::Ready(cut.then(|| Err("the connection was closed, as `cut-rate` asks for".to_owned())));
        };
        if let Some(pause) = self.pause {
            self.wait = Some(Box::pin(sleep_until(Instant::now() + pause)));
        }
        Poll::Ready(Some(Ok(Frame::data(frame))))
    }
}

fn error(message: &str, kind: &str) -> String {
    json!({ "error": { "message": message, "type": kind, "param": null, "code": null } }).to_string()
}

/// A number from 0 to 1 that is the same for the same request number.
fn share(number: u64, of: u64) -> f64 {
    let hash = xxhash_rust::xxh3::xxh3_64_with_seed(&number.to_le_bytes(), of);
    (hash >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_held_over_many_requests() {
        let failed = (0..10_000).filter(|number| share(*number, 1) < 0.1).count();
        assert!((900..1_100).contains(&failed), "{failed}");
    }
}
