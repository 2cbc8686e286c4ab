//! Keys and budgets.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use super::answers::{Budgets, Keys, MadeKey, RevokedKey};
use super::{Refusal, Shared, read};
use crate::tenant::{Grant, KeyError};

impl From<KeyError> for Refusal {
    fn from(error: KeyError) -> Self {
        let status = match error {
            KeyError::Taken(_) => StatusCode::CONFLICT,
            KeyError::Unknown(_) => StatusCode::NOT_FOUND,
            KeyError::Wrong(_) => StatusCode::BAD_REQUEST,
            KeyError::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Refusal::new(status, error.to_string())
    }
}

/// The keys that hold. Of a secret only its end is known.
pub(super) async fn list(State(admin): Shared) -> Json<Keys> {
    let keys = admin.live.now().tenants.keys();
    Json(Keys {
        keys: keys.into_iter().map(Into::into).collect(),
    })
}

/// Makes a key. The answer has its secret, which nobody can ask for again.
pub(super) async fn make(State(admin): Shared, body: Bytes) -> Result<(StatusCode, Json<MadeKey>), Refusal> {
    let grant: Grant = read(&body)?;
    for name in &grant.models {
        // A name that is misspelt would be a key that can ask for nothing.
        admin
            .live
            .now()
            .catalogue
            .candidates(name)
            .map_err(|problem| Refusal::request(problem.message))?;
    }
    let (key, secret) = admin.live.now().tenants.add(grant).await?;
    let made = MadeKey {
        key: key.into(),
        secret,
        outlives_this_process: admin.kept.store().is_durable(),
    };
    Ok((StatusCode::CREATED, Json(made)))
}

/// Revokes a key by its name or its id. Requests that it began go on to their end.
pub(super) async fn revoke(State(admin): Shared, Path(name): Path<String>) -> Result<Json<RevokedKey>, Refusal> {
    let key = admin.live.now().tenants.revoke(&name).await?;
    Ok(Json(RevokedKey { revoked: key.into() }))
}

/// How every budget stands.
pub(super) async fn budgets(State(admin): Shared) -> Json<Budgets> {
    Json(Budgets {
        budgets: admin.live.now().tenants.balances(),
    })
}
