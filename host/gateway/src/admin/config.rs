//! The configuration: what serves, what was applied before, and another one checked or applied.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;

use super::answers::{AppliedAnswer, CheckedAnswer, ConfigAnswer, ConfigEntry, ConfigHistory};
use super::{Admin, Refusal, Shared, by};
use crate::config::{Config, ConfigError};

/// What serves.
pub(super) async fn serving(State(admin): Shared) -> Result<Json<ConfigAnswer>, Refusal> {
    let history = admin.live.history.lock().await;
    let last = history.configurations().next_back();
    let serves = last.ok_or_else(|| Refusal::unknown("no configuration is known"))?;
    Ok(Json(ConfigAnswer {
        serves: serves.into(),
        last_refused: history.last_refused().map(Into::into),
    }))
}

/// All that are kept.
pub(super) async fn history(State(admin): Shared) -> Json<ConfigHistory> {
    let history = admin.live.history.lock().await;
    Json(ConfigHistory {
        configurations: history.configurations().map(Into::into).collect(),
        last_refused: history.last_refused().map(Into::into),
    })
}

/// One of them.
pub(super) async fn one(State(admin): Shared, Path(number): Path<String>) -> Result<Json<ConfigEntry>, Refusal> {
    let history = admin.live.history.lock().await;
    let mut kept = history.configurations();
    let found = kept.find(|entry| entry.number.to_string() == number);
    found.map(|entry| Json(entry.into())).ok_or_else(|| {
        Refusal::unknown("there is no such configuration: GET /config/history lists those that are kept")
    })
}

/// Its JSON Schema.
pub(super) async fn schema() -> Json<schemars::Schema> {
    Json(Config::schema())
}

/// Whether it could be applied.
pub(super) async fn check(State(admin): Shared, body: Bytes) -> Result<Json<CheckedAnswer>, Refusal> {
    let config = read(&admin, &body).await?;
    let restart = admin.live.check(&config).await?;
    Ok(Json(CheckedAnswer {
        restart: restart.into_iter().map(str::to_owned).collect(),
    }))
}

/// Applies it.
pub(super) async fn apply(
    State(admin): Shared,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<AppliedAnswer>, Refusal> {
    let by = by(&headers).unwrap_or_else(|| "the admin API".to_owned());
    let config = match read(&admin, &body).await {
        Ok(config) => config,
        Err(error) => {
            admin.live.refuse(&error, &by).await;
            return Err(error.into());
        }
    };
    Ok(Json(admin.live.apply(config, &by).await?.into()))
}

/// Reads a body. Relative paths in it start where they do in the one that serves.
async fn read(admin: &Admin, body: &Bytes) -> Result<Config, ConfigError> {
    let text = std::str::from_utf8(body).map_err(|error| ConfigError::Toml {
        message: format!("the body is not UTF-8 from byte {} on", error.valid_up_to()),
        line: None,
    })?;
    let config = Config::from_toml(text)?;
    let history = admin.live.history.lock().await;
    let base = history
        .configurations()
        .next_back()
        .map(|entry| entry.config.base.clone());
    Ok(config.base(base.unwrap_or_default()))
}
