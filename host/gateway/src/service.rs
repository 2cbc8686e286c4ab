//! The service for clients: which path is whose.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use pointsman::Engine;

use crate::catalogue::Catalogue;
use crate::config::{ServerSettings, VerdictSettings};
use crate::conversation::Conversations;
use crate::exchange::exchange;
use crate::face::{Api, Form, models};
use crate::limit::Limit;
use crate::metrics::Metrics;
use crate::problem::Problem;
use crate::reply::{ReplyBody, whole};
use crate::tenant::Tenants;

/// What all requests share.
#[derive(Clone)]
pub(crate) struct Inner {
    pub(crate) engine: Engine,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) metrics: Metrics,
    pub(crate) server: ServerSettings,
    /// For the head of a request, and then for its body.
    pub(crate) reading: Limit,
    pub(crate) verdicts: VerdictSettings,
    pub(crate) tenants: Arc<Tenants>,
    pub(crate) conversations: Arc<Conversations>,
}

/// Answers one request.
pub(crate) async fn serve(gateway: Arc<Inner>, request: Request<Incoming>) -> Result<Response<ReplyBody>, Infallible> {
    let path = request.uri().path();
    let anthropic = path.starts_with("/v1/messages") || request.headers().contains_key("anthropic-version");
    let form = if anthropic { Form::Messages } else { Form::Chat };
    let allowed = match path {
        _ if api(path).is_some() => Method::POST,
        "/health" | "/v1/models" => Method::GET,
        _ if path.starts_with("/v1/models/") => Method::GET,
        _ => return Ok(unknown(path).response(form)),
    };
    // The head of an answer is what balancers ask for: hyper leaves the body out.
    let head = allowed == Method::GET && request.method() == Method::HEAD;
    if request.method() != allowed && !head {
        return Ok(other_method(path, request.method(), &allowed).response(form));
    }
    if let Some(api) = api(path) {
        // Boxed: an exchange holds all that a turn may come to, too much to be moved about with every request.
        return Ok(Box::pin(exchange(gateway, api, request)).await);
    }
    Ok(match path {
        "/health" => health(),
        _ => listed(&gateway, path, request.headers(), form).unwrap_or_else(|problem| problem.response(form)),
    })
}

/// The names that this caller may ask for, or one of them.
fn listed(gateway: &Inner, path: &str, headers: &HeaderMap, form: Form) -> Result<Response<ReplyBody>, Problem> {
    let caller = gateway.tenants.caller(headers)?;
    match path.strip_prefix("/v1/models/") {
        None => Ok(models::list(&gateway.catalogue, &caller, form)),
        Some(name) => {
            caller.may_ask(name)?;
            models::one(&gateway.catalogue, name, form)
        }
    }
}

/// What a path asks a model for.
fn api(path: &str) -> Option<Api> {
    Some(match path {
        "/v1/chat/completions" => Api::Reply(Form::Chat),
        "/v1/messages" => Api::Reply(Form::Messages),
        "/v1/responses" => Api::Reply(Form::Responses),
        "/v1/embeddings" => Api::Embeddings,
        "/v1/messages/count_tokens" => Api::CountTokens,
        _ => return None,
    })
}

fn unknown(path: &str) -> Problem {
    let cut = &path[..path.floor_char_boundary(100)];
    Problem {
        code: Some("unknown_url"),
        ..Problem::new(
            StatusCode::NOT_FOUND,
            format!(
                "there is nothing at {cut}: try /v1/chat/completions, /v1/responses, /v1/messages, /v1/embeddings or /v1/models"
            ),
        )
    }
}

fn other_method(path: &str, method: &Method, allowed: &Method) -> Problem {
    let value = HeaderValue::from_str(allowed.as_str()).unwrap_or(HeaderValue::from_static("POST"));
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        format!("{path} answers {allowed}, not {method}"),
    )
    .header(ALLOW, value)
}

fn health() -> Response<ReplyBody> {
    let mut response = whole(Bytes::from_static(br#"{"status":"ok"}"#));
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}
