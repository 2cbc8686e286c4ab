//! Policies: what may be staged by name, what was uploaded, what runs.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Refusal, Shared};

/// Names and digests that may be staged.
pub(super) async fn list(State(admin): Shared) -> Json<Value> {
    let uploads = admin.uploads.all();
    let uploaded = uploads
        .iter()
        .filter_map(|component| pointsman::inspect(component).ok());
    let uploaded: Vec<Value> = uploaded
        .map(|found| json!({ "digest": found.digest, "kinds": found.kinds, "bytes": found.bytes }))
        .collect();
    let named: Vec<&str> = admin.engine.policies().collect();
    Json(json!({ "named": named, "uploaded": uploaded }))
}

/// Takes a component, so that it can be staged by its digest.
pub(super) async fn upload(
    State(admin): Shared,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let body = body.map_err(|error| {
        let words = format!("the component was not taken: {error}; the limit is `admin.component-limit-mib`");
        Refusal(error.status(), words)
    })?;
    if body.is_empty() {
        return Err(Refusal::request(
            "the body is empty: send the bytes of a .wasm component",
        ));
    }
    let found =
        pointsman::inspect(&body).map_err(|error| Refusal(StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))?;
    admin.uploads.keep(Arc::from(&body[..]));
    let said = json!({
        "digest": found.digest,
        "kinds": found.kinds,
        "bytes": found.bytes,
        "imports": found.imports,
        "exports": found.exports,
    });
    Ok((StatusCode::CREATED, Json(said)))
}
