//! The service for operators: policies are staged, activated and rolled back here, on a listener of its own.

mod client;
mod policies;
mod revisions;
mod uploads;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use pointsman::{Engine, SwapError};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::config::{AdminSettings, Secret};
use crate::trace::Traces;

pub use client::{AdminClient, AdminError};

/// What all operators' requests share.
pub(crate) struct Admin {
    engine: Engine,
    token: Secret,
    uploads: uploads::Uploads,
    /// One change at a time: each is made from what is active.
    notes: tokio::sync::Mutex<revisions::Notes>,
    traces: Option<Traces>,
}

type Shared = State<Arc<Admin>>;

/// What went wrong: a status, and a sentence that says what to mend.
pub(crate) struct Refusal(StatusCode, String);

impl Refusal {
    fn request(message: impl Into<String>) -> Self {
        Refusal(StatusCode::BAD_REQUEST, message.into())
    }

    fn unknown(message: impl Into<String>) -> Self {
        Refusal(StatusCode::NOT_FOUND, message.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": { "message": self.1 } }))).into_response()
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
        Refusal(status, error.to_string())
    }
}

/// The routes.
pub(crate) fn router(engine: Engine, settings: &AdminSettings, token: Secret, traces: Option<Traces>) -> Router {
    let notes = revisions::Notes::first(engine.revision());
    let admin = Arc::new(Admin {
        engine,
        token,
        uploads: uploads::Uploads::default(),
        notes: tokio::sync::Mutex::new(notes),
        traces,
    });
    let limit = DefaultBodyLimit::max(settings.component_limit_mib << 20);
    Router::new()
        .route("/policies", get(policies::list).post(policies::upload))
        .route("/revisions", get(revisions::list).post(revisions::stage))
        .route("/revisions/{number}", get(revisions::one))
        .route("/revisions/{number}/activate", post(revisions::activate))
        .route("/rollback", post(revisions::rollback))
        .route("/mode", post(revisions::mode))
        .route("/traces", get(traces_counted))
        .layer(from_fn_with_state(admin.clone(), authenticated))
        // Those who watch over the process have no token.
        .route("/health", get(async || Json(json!({ "status": "ok" }))))
        .route("/ready", get(ready))
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
    let mut response = Refusal(StatusCode::UNAUTHORIZED, words.to_owned()).into_response();
    let bearer = HeaderValue::from_static("Bearer");
    response.headers_mut().insert(WWW_AUTHENTICATE, bearer);
    response
}

async fn ready(State(admin): Shared) -> Json<Value> {
    Json(json!({ "status": "ready", "revision": admin.engine.revision() }))
}

async fn traces_counted(State(admin): Shared) -> Json<Value> {
    let traces = admin.traces.as_ref();
    Json(json!({
        "recorded": traces.map(Traces::recorded),
        "shed": traces.map(Traces::shed),
    }))
}

async fn nothing(request: Request) -> Refusal {
    let path = request.uri().path();
    let cut = &path[..path.floor_char_boundary(100)];
    Refusal::unknown(format!(
        "there is nothing at {cut}: try /policies, /revisions, /rollback, /mode, /traces, /health or /ready"
    ))
}

async fn other_method(request: Request) -> Refusal {
    let words = format!("{} does not answer {}", request.uri().path(), request.method());
    Refusal(StatusCode::METHOD_NOT_ALLOWED, words)
}

/// Reads a body, and says where it is wrong.
fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refusal> {
    let body: &[u8] = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| Refusal::request(format!("the body cannot be read: {error}")))
}
