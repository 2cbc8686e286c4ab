//! Policies: what may be staged by name, what was uploaded, what runs.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use pointsman::Inspection;

use super::answers::{Component, Policies};
use super::{Refusal, Shared};

/// Names and digests that may be staged.
pub(super) async fn list(State(admin): Shared) -> Json<Policies> {
    let uploads = admin.live.uploads.all();
    let uploaded = uploads.iter().filter_map(|upload| pointsman::inspect(upload).ok());
    Json(Policies {
        named: admin.live.now().engine.policies().map(str::to_owned).collect(),
        uploaded: uploaded.map(component).collect(),
    })
}

/// Takes a component, so that it can be staged by its digest.
pub(super) async fn upload(
    State(admin): Shared,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<(StatusCode, Json<Component>), Refusal> {
    let body = body.map_err(|error| {
        let words = format!("the component was not taken: {error}; the limit is `admin.component-limit-mib`");
        Refusal::new(error.status(), words)
    })?;
    if body.is_empty() {
        return Err(Refusal::request(
            "the body is empty: send the bytes of a .wasm component",
        ));
    }
    let found =
        pointsman::inspect(&body).map_err(|error| Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))?;
    admin.live.uploads.keep(Arc::from(&body[..]));
    Ok((StatusCode::CREATED, Json(component(found))))
}

fn component(found: Inspection) -> Component {
    Component {
        digest: found.digest,
        kinds: found.kinds,
        bytes: found.bytes,
    }
}
