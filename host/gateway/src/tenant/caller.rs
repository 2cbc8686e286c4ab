//! Whose request it is, and what that one may ask for.

use std::sync::Arc;
use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{AUTHORIZATION, HeaderMap, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};

use super::Tenants;
use super::key::PREFIX;
use super::ring::Live;
use crate::problem::Problem;
use pointsman_telemetry::now_ms;

/// Where a key may stand: OpenAI's clients, Anthropic's, Azure's.
const PLACES: [&str; 3] = ["authorization", "x-api-key", "api-key"];

/// Who asks: the holder of a key, or nobody in particular.
#[derive(Clone)]
pub(crate) struct Caller(Option<Arc<Live>>);

impl Tenants {
    /// Whose request this is. The request counts against the key's limit.
    ///
    /// # Errors
    /// The key is not known, or holds no more; there is none, and one is needed; the key's minute has no room.
    pub(crate) fn caller(&self, headers: &HeaderMap) -> Result<Caller, Problem> {
        let Some(secret) = secret(headers) else {
            // What is no key of ours is what SDKs want to be given, and says nothing here.
            return if self.required {
                Err(unknown("this gateway wants a key"))
            } else {
                Ok(Caller(None))
            };
        };
        let Some(live) = self.ring.find(secret) else {
            return Err(unknown("this key is not known: it was revoked, or never made"));
        };
        if live.key.grant.expires_at_ms.is_some_and(|end| end <= now_ms()) {
            return Err(unknown("this key has expired"));
        }
        live.request().map_err(|wait| {
            let limit = live.key.grant.requests_per_minute.unwrap_or_default();
            too_many(
                &format!("the key `{}` may send {limit} requests a minute", live.key.grant.name),
                wait,
            )
        })?;
        Ok(Caller(Some(live)))
    }
}

impl Caller {
    /// The key that was brought.
    pub(super) fn live(&self) -> Option<&Arc<Live>> {
        self.0.as_ref()
    }

    /// Within whom conversations are known; empty without a key.
    pub(crate) fn tenant(&self) -> &str {
        self.0.as_ref().map_or("", |live| live.key.tenant())
    }

    /// What people call the key; `None` without one.
    pub(crate) fn key_name(&self) -> Option<&str> {
        self.0.as_ref().map(|live| live.key.grant.name.as_str())
    }

    /// Tags of the key.
    pub(crate) fn tags(&self) -> &[String] {
        self.0.as_ref().map_or(&[], |live| &live.key.grant.tags)
    }

    /// Whether this name may be asked for. A route is permitted by its own name, whatever its candidates are.
    pub(crate) fn sees(&self, name: &str) -> bool {
        self.0.as_ref().is_none_or(|live| live.key.may_ask(name))
    }

    /// Holds a request to what its key permits.
    ///
    /// # Errors
    /// The key does not permit this name; the sentence has those that it does.
    pub(crate) fn may_ask(&self, name: &str) -> Result<(), Problem> {
        let Some(live) = self.0.as_ref().filter(|live| !live.key.may_ask(name)) else {
            return Ok(());
        };
        let cut = &name[..name.floor_char_boundary(100)];
        let own = live.key.grant.models.join(", ");
        let words = format!(
            "the key `{}` may not ask for `{cut}`: it may ask for {own}",
            live.key.grant.name
        );
        Err(Problem {
            code: Some("model_not_permitted"),
            param: Some("model"),
            ..Problem::new(StatusCode::FORBIDDEN, words)
        })
    }
}

fn secret(headers: &HeaderMap) -> Option<&str> {
    PLACES.iter().find_map(|place| {
        let value = headers.get(*place)?.to_str().ok()?;
        let value = if *place == AUTHORIZATION.as_str() {
            value
                .get(..7)
                .filter(|scheme| scheme.eq_ignore_ascii_case("bearer "))
                .and(value.get(7..))?
        } else {
            value
        };
        Some(value.trim()).filter(|value| value.starts_with(PREFIX))
    })
}

fn unknown(words: &str) -> Problem {
    let words = format!(
        "{words}: send `authorization: Bearer {PREFIX}…` or `x-api-key`; operators make keys with `pointsman key create`"
    );
    Problem {
        code: Some("invalid_api_key"),
        ..Problem::new(StatusCode::UNAUTHORIZED, words)
    }
    .header(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
}

/// A limit by the minute was met. Without a time, waiting is no use.
pub(super) fn too_many(what: &str, wait: Option<Duration>) -> Problem {
    let words = match wait {
        Some(wait) => format!("{what}: try again in {} s", seconds(wait)),
        None => format!("{what}: this request alone is more, shorten it"),
    };
    let problem = Problem {
        code: Some("rate_limit_exceeded"),
        ..Problem::new(StatusCode::TOO_MANY_REQUESTS, words)
    };
    retry_after(problem, wait)
}

/// Says when to come back, or that coming back is no use, in the headers that SDKs read.
pub(super) fn retry_after(problem: Problem, wait: Option<Duration>) -> Problem {
    match wait {
        Some(wait) => problem.header(RETRY_AFTER, HeaderValue::from(seconds(wait))),
        None => problem.header(SHOULD_RETRY, HeaderValue::from_static("false")),
    }
}

/// What SDKs of OpenAI and Anthropic obey before they look at the status.
const SHOULD_RETRY: hyper::header::HeaderName = hyper::header::HeaderName::from_static("x-should-retry");

/// Rounded up: who comes back earlier comes in vain.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}
