//! What is remembered of conversations.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use pointsman_telemetry::{StoreError, Whose};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refusal, Shared};

/// Whose. What is left out is not looked at; empty is nobody in particular.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    #[serde(default)]
    pub(super) tenant: Option<String>,
    #[serde(default)]
    pub(super) user: Option<String>,
    #[serde(default)]
    pub(super) conversation: Option<String>,
    /// Most that are listed.
    #[serde(default)]
    pub(super) limit: Option<u32>,
    /// Everything, where nothing else is said.
    #[serde(default)]
    pub(super) all: bool,
}

/// A list that nobody limits is still no longer than this.
pub(super) const LISTED: u32 = 1_000;

impl Filter {
    /// Something is to be taken away: nobody takes everything away by leaving something out.
    pub(super) fn names_something(&self) -> Result<(), Refusal> {
        if self.all || self.tenant.is_some() || self.user.is_some() || self.conversation.is_some() {
            return Ok(());
        }
        Err(Refusal::request("whose? give `user`, `tenant` or `conversation`, or `all=true` for everything"))
    }

    fn whose(self) -> Whose {
        Whose {
            tenant: self.tenant,
            user: self.user,
            conversation: self.conversation,
        }
    }
}

/// Queries as they are read, with their errors in this API's form.
pub(super) type Asked = Result<Query<Filter>, axum::extract::rejection::QueryRejection>;

pub(super) fn filter(asked: Asked) -> Result<Filter, Refusal> {
    asked.map(|Query(filter)| filter).map_err(|error| Refusal::request(error.body_text()))
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Refusal(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }
}

/// Conversations, the latest first.
pub(super) async fn list(State(admin): Shared, asked: Asked) -> Result<Json<Value>, Refusal> {
    let filter = filter(asked)?;
    let limit = filter.limit.unwrap_or(LISTED).min(LISTED);
    let found = admin.live.now().conversations.memory().list(&filter.whose(), limit).await?;
    Ok(Json(json!({ "conversations": found })))
}

/// Forgets them.
pub(super) async fn forget(State(admin): Shared, asked: Asked) -> Result<Json<Value>, Refusal> {
    let filter = filter(asked)?;
    filter.names_something()?;
    let gone = admin.live.now().conversations.memory().forget(&filter.whose()).await?;
    Ok(Json(json!({ "forgotten": gone })))
}
