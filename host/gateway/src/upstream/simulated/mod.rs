//! An upstream that is not there: it answers from within, always the same, with usage counted as a provider counts it.

mod answers;
mod embeddings;
mod pieces;
mod said;
mod tools;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use pointsman::{Counter, Request};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::config::{ConfigError, UpstreamSettings};
use crate::face::Api;

use answers::Answers;
pub(super) use pieces::Pieces;
use said::Said;

/// What it answers, and how well.
#[derive(Debug)]
pub(super) struct Simulated {
    latency: Duration,
    /// Between two tokens of a stream.
    pause: Option<Duration>,
    error_rate: f64,
    cut_rate: f64,
    /// Replies by the last message that they answer.
    answers: Answers,
    counter: Counter,
    /// Numbers the requests, so that rates hold however alike requests are.
    asked: AtomicU64,
}

impl Simulated {
    pub(super) fn new(settings: &UpstreamSettings, base: &Path, place: &str) -> Result<Self, ConfigError> {
        let answers = match &settings.answers {
            Some(file) => {
                Answers::read(&base.join(file)).map_err(|why| ConfigError::wrong(format!("{place}.answers"), why))?
            }
            None => Answers::default(),
        };
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
        let said = Said::to(&request, &self.answers, &self.counter);
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
            pieces.wait(all);
        }
        if cut {
            pieces.cut_in_half();
        }
        (StatusCode::OK, headers, pieces)
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
