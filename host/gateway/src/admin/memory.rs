//! What is remembered of conversations.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use percent_encoding::percent_decode_str;
use pointsman_telemetry::{StoreError, Whose};

use super::answers::{Conversations, Forgotten};
use super::{Refusal, Shared};

/// Whose. What is left out is not looked at; empty is nobody in particular.
#[derive(Default)]
pub(super) struct Filter {
    pub(super) tenant: Option<String>,
    pub(super) user: Option<String>,
    pub(super) conversation: Option<String>,
    /// Most that are listed.
    pub(super) limit: Option<u32>,
    /// Everything, where nothing else is said.
    all: bool,
}

/// A list that nobody limits is still no longer than this.
pub(super) const LISTED: u32 = 1_000;

impl Filter {
    /// Reads the query of an address.
    ///
    /// # Errors
    /// A field that is not known, given twice, or not of its form.
    pub(super) fn of(uri: &Uri) -> Result<Self, Refusal> {
        let mut filter = Filter::default();
        let mut seen = Vec::new();
        for field in uri
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|field| !field.is_empty())
        {
            let (name, value) = field.split_once('=').unwrap_or((field, ""));
            let value = value.replace('+', " ");
            let wrong = |what: &str| Refusal::request(format!("the query's `{name}` {what}"));
            if seen.contains(&name) {
                return Err(wrong("stands there twice: keep one"));
            }
            seen.push(name);
            let value = percent_decode_str(&value)
                .decode_utf8()
                .map_err(|_| wrong("is not UTF-8"))?
                .into_owned();
            match name {
                "tenant" => filter.tenant = Some(value),
                "user" => filter.user = Some(value),
                "conversation" => filter.conversation = Some(value),
                "limit" => filter.limit = Some(value.parse().map_err(|_| wrong("is no number"))?),
                "all" => filter.all = value.parse().map_err(|_| wrong("is neither true nor false"))?,
                _ => return Err(wrong("is not known: give tenant, user, conversation, limit or all")),
            }
        }
        Ok(filter)
    }

    /// Something is to be taken away: nobody takes everything away by leaving something out.
    pub(super) fn names_something(&self) -> Result<(), Refusal> {
        if self.all || self.tenant.is_some() || self.user.is_some() || self.conversation.is_some() {
            return Ok(());
        }
        Err(Refusal::request(
            "whose? give `user`, `tenant` or `conversation`, or `all=true` for everything",
        ))
    }

    fn whose(self) -> Whose {
        Whose {
            tenant: self.tenant,
            user: self.user,
            conversation: self.conversation,
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }
}

/// Conversations, the latest first.
pub(super) async fn list(State(admin): Shared, uri: Uri) -> Result<Json<Conversations>, Refusal> {
    let filter = Filter::of(&uri)?;
    let limit = filter.limit.unwrap_or(LISTED).min(LISTED);
    let found = admin
        .live
        .now()
        .conversations
        .memory()
        .list(&filter.whose(), limit)
        .await?;
    Ok(Json(Conversations {
        conversations: found.into_iter().map(Into::into).collect(),
    }))
}

/// Forgets them.
pub(super) async fn forget(State(admin): Shared, uri: Uri) -> Result<Json<Forgotten>, Refusal> {
    let filter = Filter::of(&uri)?;
    filter.names_something()?;
    let gone = admin.live.now().conversations.memory().forget(&filter.whose()).await?;
    Ok(Json(Forgotten { forgotten: gone }))
}
