//! Turns in the traces: listed, and taken out again.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use pointsman_telemetry::{Traces, Which};

use super::answers::{Erased, Turns};
use super::memory::{Filter, LISTED};
use super::{Refusal, Shared};

/// Turns in the files, the latest last.
pub(super) async fn list(State(admin): Shared, uri: Uri) -> Result<Json<Turns>, Refusal> {
    let filter = Filter::of(&uri)?;
    let limit = filter.limit.unwrap_or(LISTED).min(LISTED) as usize;
    let found = on_files(admin.kept.traces(), filter, move |traces, which| {
        traces.list(which, limit)
    })
    .await?;
    Ok(Json(Turns {
        turns: found.into_iter().map(Into::into).collect(),
    }))
}

/// Takes turns out of the files.
pub(super) async fn erase(State(admin): Shared, uri: Uri) -> Result<Json<Erased>, Refusal> {
    let filter = Filter::of(&uri)?;
    filter.names_something()?;
    let gone = on_files(admin.kept.traces(), filter, Traces::erase).await?;
    Ok(Json(Erased { erased: gone }))
}

/// Files are read where nobody waits for it.
async fn on_files<T: Send + 'static>(
    traces: Option<&Traces>,
    filter: Filter,
    work: impl FnOnce(&Traces, &Which) -> std::io::Result<T> + Send + 'static,
) -> Result<T, Refusal> {
    let Some(traces) = traces.cloned() else {
        return Err(Refusal::unknown(
            "this gateway writes no traces: name a file in [traces]",
        ));
    };
    let which = Which {
        tenant: filter.tenant,
        user: filter.user,
        conversation: filter.conversation,
    };
    let failed = |error: String| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, format!("the traces: {error}"));
    tokio::task::spawn_blocking(move || work(&traces, &which))
        .await
        .map_err(|error| failed(error.to_string()))?
        .map_err(|error| failed(error.to_string()))
}
