//! Providers: one of them asked once. Who is asked next, and whether at all, is for the exchange to say.

mod address;
pub(crate) mod breaker;
mod call;
pub(crate) mod figures;
pub(crate) mod health;
mod http;
pub(crate) mod retries;
mod simulated;

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::StatusCode;
use hyper::body::{Body, Frame, Incoming};
use hyper::header::HeaderMap;
use tokio::time::timeout;

use crate::config::{ConfigError, UpstreamKind, UpstreamSettings};
use crate::face::{Api, Form};

use breaker::Breaker;
pub(crate) use call::{Call, Fault};
use figures::Figures;
use retries::RetryBudget;

/// A provider and how long to wait for it.
#[derive(Debug)]
pub(crate) struct Upstream {
    name: Arc<str>,
    /// What it speaks, in the words of OpenTelemetry's conventions.
    provider: &'static str,
    kind: Kind,
    first_byte: Duration,
    silence: Duration,
    pub(crate) retries: u32,
    pub(crate) stream_usage: bool,
    pub(crate) breaker: Breaker,
    /// Of all its models.
    pub(crate) figures: Figures,
    pub(crate) budget: RetryBudget,
}

#[derive(Debug)]
enum Kind {
    Http(Box<http::Provider>),
    Simulated(simulated::Simulated),
}

/// A provider's answer, whatever its status.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: AnswerBody,
}

/// The pieces of an answer, each waited for no longer than the upstream's silence allows.
pub(crate) struct AnswerBody {
    pieces: Pieces,
    silence: Duration,
    name: Arc<str>,
}

enum Pieces {
    Http(Incoming),
    Simulated(simulated::Pieces),
}

/// Why there is no answer, or not all of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AskError {
    /// No connection came about, so that nothing was sent.
    #[error("upstream `{upstream}` cannot be reached: {why}")]
    Connection { upstream: Arc<str>, why: String },
    /// It failed too often of late, and is spared.
    #[error(
        "upstream `{upstream}` is not asked for another {seconds} s: its circuit breaker opened after {failures} failures in a row"
    )]
    Open {
        upstream: Arc<str>,
        seconds: u64,
        failures: u32,
    },
    /// Nothing came in time.
    #[error("upstream `{upstream}` sent nothing for {seconds} s")]
    Silent { upstream: Arc<str>, seconds: f64 },
    /// The answer broke off, or did not even begin though the request was sent.
    #[error("upstream `{upstream}` broke its answer off: {why}")]
    Cut { upstream: Arc<str>, why: String },
    /// The answer is longer than this gateway takes.
    #[error("upstream `{upstream}` sent more than {limit} bytes, the limit of `server.reply-limit-mib`")]
    TooLong { upstream: Arc<str>, limit: usize },
}

impl Upstream {
    pub(crate) fn new(settings: &UpstreamSettings, base: &Path, place: &str) -> Result<Self, ConfigError> {
        let kind = match settings.kind {
            UpstreamKind::Simulated => Kind::Simulated(simulated::Simulated::new(settings, base, place)?),
            UpstreamKind::Openai | UpstreamKind::Azure | UpstreamKind::Anthropic => {
                Kind::Http(Box::new(http::Provider::new(settings, base, place)?))
            }
        };
        Ok(Upstream {
            name: settings.name.as_str().into(),
            provider: match settings.kind {
                UpstreamKind::Openai => "openai",
                UpstreamKind::Azure => "azure.ai.openai",
                UpstreamKind::Anthropic => "anthropic",
                UpstreamKind::Simulated => "simulated",
            },
            kind,
            first_byte: Duration::from_secs_f64(settings.first_byte_seconds),
            silence: Duration::from_secs_f64(settings.silence_seconds),
            retries: settings.retries,
            stream_usage: settings.stream_usage,
            breaker: Breaker::new(settings.breaker.clone()),
            figures: Figures::new(),
            budget: RetryBudget::new(settings.retry_budget.clone()),
        })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What figures call it: `openai`, say, for all that speak as OpenAI does.
    pub(crate) fn provider(&self) -> &'static str {
        self.provider
    }

    /// What it is asked for, so that a client gets what it asked for: its own form of a reply, or another that is told in
    /// the client's.
    pub(crate) fn api(&self, asked: Api) -> Api {
        match (asked, &self.kind) {
            (Api::Reply(form), Kind::Http(provider)) => Api::Reply(provider.form(form)),
            (Api::Reply(_), Kind::Simulated(_)) => Api::Reply(Form::Chat),
            (other, _) => other,
        }
    }

    /// Whether it has this at all.
    pub(crate) fn offers(&self, api: Api) -> bool {
        match (&self.kind, api) {
            (Kind::Http(provider), api) => provider.offers(api),
            (Kind::Simulated(_), Api::Reply(form)) => form == Form::Chat,
            (Kind::Simulated(_), Api::Embeddings) => true,
            (Kind::Simulated(_), Api::CountTokens) => false,
        }
    }

    /// Sends one request for a model, by its name there, and waits for the head of the answer. `client` are headers that came
    /// with the request.
    ///
    /// # Errors
    /// There is no answer.
    pub(crate) async fn ask(
        &self,
        api: Api,
        model: &str,
        body: String,
        client: &HeaderMap,
    ) -> Result<Answer, AskError> {
        let answer = async {
            match &self.kind {
                Kind::Http(provider) => {
                    let (head, body) = provider.send(api, model, body, client).await?.into_parts();
                    Ok((head.status, head.headers, Pieces::Http(body)))
                }
                Kind::Simulated(simulated) => {
                    let (status, headers, pieces) = simulated.answer(api, &body).await;
                    Ok((status, headers, Pieces::Simulated(pieces)))
                }
            }
        };
        let (status, headers, pieces) = timeout(self.first_byte, answer)
            .await
            .map_err(|_| AskError::Silent {
                upstream: self.name.clone(),
                seconds: self.first_byte.as_secs_f64(),
            })?
            .map_err(|http::Lost { why, sent }| {
                let upstream = self.name.clone();
                match sent {
                    true => AskError::Cut { upstream, why },
                    false => AskError::Connection { upstream, why },
                }
            })?;
        let body = AnswerBody {
            pieces,
            silence: self.silence,
            name: self.name.clone(),
        };
        Ok(Answer { status, headers, body })
    }
}

impl AnswerBody {
    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// The answer broke off, or nothing came in time.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, AskError> {
        loop {
            let frame = async {
                match &mut self.pieces {
                    Pieces::Http(body) => body.frame().await.transpose().map_err(|error| chain(&error)),
                    Pieces::Simulated(body) => next_frame(Pin::new(body)).await,
                }
            };
            let frame = timeout(self.silence, frame).await.map_err(|_| AskError::Silent {
                upstream: self.name.clone(),
                seconds: self.silence.as_secs_f64(),
            })?;
            let frame = frame.map_err(|why| AskError::Cut {
                upstream: self.name.clone(),
                why,
            })?;
            match frame.map(Frame::into_data) {
                None => return Ok(None),
                Some(Ok(data)) if !data.is_empty() => return Ok(Some(data)),
                // Trailers, and frames without data, say nothing here.
                Some(_) => {}
            }
        }
    }

    /// The whole answer.
    ///
    /// # Errors
    /// As [`AnswerBody::next`], or it is longer than `limit` bytes.
    pub(crate) async fn whole(&mut self, limit: usize) -> Result<Bytes, AskError> {
        let Some(first) = self.next().await? else {
            return Ok(Bytes::new());
        };
        let too_long = || AskError::TooLong {
            upstream: self.name.clone(),
            limit,
        };
        if first.len() > limit {
            return Err(too_long());
        }
        let mut all: Option<Vec<u8>> = None;
        while let Some(piece) = self.next().await? {
            let all = all.get_or_insert_with(|| first.to_vec());
            if all.len() + piece.len() > limit {
                return Err(AskError::TooLong {
                    upstream: self.name.clone(),
                    limit,
                });
            }
            all.extend_from_slice(&piece);
        }
        Ok(all.map_or(first, Bytes::from))
    }
}

async fn next_frame<B: Body<Error = String> + Unpin>(mut body: Pin<&mut B>) -> Result<Option<Frame<B::Data>>, String> {
    std::future::poll_fn(|context| body.as_mut().poll_frame(context))
        .await
        .transpose()
}

/// An error with what it rests on: of hyper's, only the last says what happened.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(deeper) = source {
        let more = deeper.to_string();
        if !words.contains(&more) {
            words = format!("{words}: {more}");
        }
        source = deeper.source();
    }
    words
}
