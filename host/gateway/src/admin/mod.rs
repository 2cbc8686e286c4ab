//! The service for operators, on a listener of its own: policies are staged, activated and rolled back here, the
//! configuration is changed, and the process is watched.

mod answers;
mod client;
mod config;
mod keys;
mod memory;
mod openapi;
mod policies;
mod revisions;
mod traces;
mod watch;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use pointsman::SwapError;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::config::{AdminSettings, ConfigError, Secret};
use crate::kept::Kept;
use crate::live::Live;

pub use client::{AdminClient, AdminError};

/// What all operators' requests share.
pub(crate) struct Admin {
    live: Arc<Live>,
    token: Secret,
    kept: Kept,
}

type Shared = State<Arc<Admin>>;

/// What went wrong: a status, and a sentence that says what to mend.
pub(crate) struct Refusal {
    status: StatusCode,
    message: String,
    /// Of a configuration.
    line: Option<usize>,
}

impl Refusal {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Refusal {
            status,
            message: message.into(),
            line: None,
        }
    }

    fn request(message: impl Into<String>) -> Self {
        Refusal::new(StatusCode::BAD_REQUEST, message)
    }

    fn unknown(message: impl Into<String>) -> Self {
        Refusal::new(StatusCode::NOT_FOUND, message)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Refusal { status, message, line } = self;
        let error = answers::ProblemWords { message, line };
        (status, Json(answers::Problem { error })).into_response()
    }
}

impl From<SwapError> for Refusal {
    fn from(error: SwapError) -> Self {
        let status = match error {
            SwapError::NoRevision { .. } => StatusCode::NOT_FOUND,
            SwapError::NothingBefore => StatusCode::CONFLICT,
            SwapError::Interrupted(_) => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Refusal::new(status, error.to_string())
    }
}

impl From<ConfigError> for Refusal {
    fn from(error: ConfigError) -> Self {
        Refusal {
            line: error.line(),
            ..Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, error.to_string())
        }
    }
}

/// The routes.
pub(crate) fn router(live: Arc<Live>, settings: &AdminSettings, token: Secret, kept: Kept) -> Router {
    let admin = Arc::new(Admin { live, token, kept });
    let limit = DefaultBodyLimit::max(settings.component_limit_mib << 20);
    Router::new()
        .route("/policies", get(policies::list).post(policies::upload))
        .route("/revisions", get(revisions::list).post(revisions::stage))
        .route("/revisions/{number}", get(revisions::one))
        .route("/revisions/{number}/activate", post(revisions::activate))
        .route("/rollback", post(revisions::rollback))
        .route("/mode", post(revisions::mode))
        .route("/upstreams", get(watch::upstreams))
        .route("/config", get(config::serving))
        .route("/config/schema", get(config::schema))
        .route("/config/history", get(config::history))
        .route("/config/history/{number}", get(config::one))
        .route("/config/check", post(config::check))
        .route("/config/apply", post(config::apply))
        .route("/drain", get(watch::draining).post(watch::drain).delete(watch::undrain))
        .route("/keys", get(keys::list).post(keys::make))
        .route("/keys/{name}", delete(keys::revoke))
        .route("/budgets", get(keys::budgets))
        .route("/memory", get(memory::list).delete(memory::forget))
        .route("/traces", get(watch::traces))
        .route("/traces/turns", get(traces::list).delete(traces::erase))
        .layer(from_fn_with_state(admin.clone(), authenticated))
        // Those who watch over the process have no token.
        .route("/metrics", get(watch::figures))
        .route("/health", get(watch::alive))
        .route("/ready", get(watch::ready))
        .route("/openapi.json", get(openapi::document))
        .fallback(nothing)
        .method_not_allowed_fallback(other_method)
        .layer(limit)
        .with_state(admin)
}

/// Lets through who brings the token.
async fn authenticated(State(admin): Shared, request: Request, next: Next) -> Response {
    let given = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let given = given
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or_default();
    // Digests are compared, so that the time it takes tells nothing of the token.
    if Sha256::digest(given) == Sha256::digest(admin.token.value()) {
        return next.run(request).await;
    }
    let words =
        "the admin API wants its token: send `authorization: Bearer …`, as `admin.token` of the configuration says";
    let mut response = Refusal::new(StatusCode::UNAUTHORIZED, words).into_response();
    let bearer = HeaderValue::from_static("Bearer");
    response.headers_mut().insert(WWW_AUTHENTICATE, bearer);
    response
}

async fn nothing(request: Request) -> Refusal {
    let path = request.uri().path();
    let cut = &path[..path.floor_char_boundary(100)];
    Refusal::unknown(format!(
        "there is nothing at {cut}: GET /openapi.json says what there is: /policies, /revisions, /rollback, /mode, /upstreams, /config, /drain, \
         /keys, /budgets, /memory, /traces, /metrics, /health, /ready"
    ))
}

async fn other_method(request: Request) -> Refusal {
    let words = format!("{} does not answer {}", request.uri().path(), request.method());
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, words)
}

/// Who asks, in their own words; the token alone says whether they may.
fn by(headers: &HeaderMap) -> Option<String> {
    let by = headers.get("x-pointsman-by")?.to_str().ok()?;
    Some(by.chars().take(100).collect())
}

/// Reads a body, and says where it is wrong.
fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refusal> {
    let body: &[u8] = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| Refusal::request(format!("the body cannot be read: {error}")))
}
