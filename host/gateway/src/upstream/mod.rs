//! Providers: one of them asked once. Who is asked next, and whether at all, is for the exchange to say.

mod address;
mod answer;
mod body;
pub(crate) mod breaker;
mod call;
mod connect;
mod connection;
mod error;
pub(crate) mod figures;
pub(crate) mod health;
mod http;
mod pool;
pub(crate) mod retries;
mod simulated;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hyper::header::HeaderMap;

use crate::config::{ConfigError, UpstreamKind, UpstreamSettings};
use crate::face::{Api, Form};
use crate::limit::Limit;

use answer::Pieces;
pub(crate) use answer::{Answer, AnswerBody};
use breaker::Breaker;
pub(crate) use call::{Call, Fault};
pub(crate) use error::AskError;
use figures::Figures;
use retries::RetryBudget;

/// A provider and how long to wait for it.
#[derive(Debug)]
pub(crate) struct Upstream {
    name: Arc<str>,
    /// What it speaks, in the words of OpenTelemetry's conventions.
    provider: &'static str,
    kind: Kind,
    first_byte: Limit,
    silence: Limit,
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
            first_byte: Limit::new(Duration::from_secs_f64(settings.first_byte_seconds)),
            silence: Limit::new(Duration::from_secs_f64(settings.silence_seconds)),
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
        let (status, headers, pieces) = self
            .first_byte
            .hold(answer)
            .await
            .ok_or_else(|| AskError::Silent {
                upstream: self.name.clone(),
                seconds: self.first_byte.length().as_secs_f64(),
            })?
            .map_err(|pool::Lost { why, sent }| {
                let upstream = self.name.clone();
                match sent {
                    true => AskError::Cut { upstream, why },
                    false => AskError::Connection { upstream, why },
                }
            })?;
        let body = AnswerBody::new(pieces, self);
        Ok(Answer { status, headers, body })
    }
}
