//! Revisions: staged from what is active and one change, activated, rolled back.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use pointsman::{Engine, FailurePlan, HoldBack, Mode, PolicyKind, Settings, SlotSettings};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answers::{RevisionAnswer, Revisions};
use super::{Refusal, Shared, by, read};
use crate::live::History;

/// A change to one slot. What is left out stays as it is.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    /// Its name.
    slot: String,
    /// The kind of a slot that is new.
    #[serde(default)]
    kind: Option<PolicyKind>,
    /// A name, a `sha256:` digest, or a file that the gateway can read.
    #[serde(default)]
    policy: Option<String>,
    #[serde(default)]
    settings: Option<Value>,
    #[serde(default)]
    mode: Option<Mode>,
    #[serde(default)]
    on_failure: Option<FailurePlan>,
    #[serde(default)]
    on_guard_failure: Option<FailurePlan>,
    #[serde(default)]
    hold_back: Option<HoldBack>,
    /// Activate it too.
    #[serde(default)]
    activate: bool,
}

impl Change {
    fn make(self, settings: &mut Settings) -> Result<String, Refusal> {
        let names: Vec<&str> = settings.slots.iter().map(|slot| slot.name.as_str()).collect();
        let known = names.join(", ");
        let what = match &self.policy {
            Some(policy) => format!("{}: {policy}", self.slot),
            None => format!("{}: settings", self.slot),
        };
        let found = settings.slots.iter_mut().find(|slot| slot.name == self.slot);
        let slot = match (found, self.kind, &self.policy) {
            (Some(slot), None, _) => slot,
            (Some(slot), Some(kind), _) if slot.kind == kind => slot,
            (Some(slot), Some(kind), _) => {
                let words = format!(
                    "the slot `{}` is a {}, not a {kind}: leave `kind` out",
                    slot.name, slot.kind
                );
                return Err(Refusal::request(words));
            }
            (None, Some(kind), Some(policy)) => {
                settings.slots.push(SlotSettings::new(&self.slot, kind, policy));
                let last = settings.slots.len() - 1;
                &mut settings.slots[last]
            }
            (None, _, _) => {
                let words = format!(
                    "there is no slot `{}`: known are {known}; a new one needs `kind` and `policy`",
                    self.slot
                );
                return Err(Refusal::unknown(words));
            }
        };
        if let Some(policy) = self.policy {
            slot.policy = Some(policy);
            slot.arms.clear();
        }
        if let Some(settings) = self.settings {
            slot.settings = settings;
        }
        slot.mode = self.mode.unwrap_or(slot.mode);
        slot.on_failure = self.on_failure.unwrap_or(slot.on_failure);
        slot.on_guard_failure = self.on_guard_failure.unwrap_or(slot.on_guard_failure);
        slot.hold_back = self.hold_back.unwrap_or(slot.hold_back);
        Ok(what)
    }
}

type Revised = Result<Json<RevisionAnswer>, Refusal>;

/// Stages a change.
pub(super) async fn stage(
    State(admin): Shared,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<RevisionAnswer>), Refusal> {
    let change: Change = read(&body)?;
    let activate = change.activate;
    let mut history = admin.live.history.lock().await;
    let engine = admin.live.now().engine.clone();
    let mut settings = engine.settings();
    let what = change.make(&mut settings)?;
    let number = engine.stage_with(settings, admin.live.uploads.all()).await?;
    history.revised(number, what, by(&headers));
    if activate {
        engine.activate(number).await?;
    }
    let described = described(&engine, &history, number).await?;
    Ok((StatusCode::CREATED, described))
}

/// Lets new turns begin on a revision.
pub(super) async fn activate(State(admin): Shared, Path(number): Path<String>) -> Revised {
    let number = parse(&number)?;
    let history = admin.live.history.lock().await;
    let engine = admin.live.now().engine.clone();
    engine.activate(number).await?;
    described(&engine, &history, number).await
}

/// Goes back to the revision that was active before.
pub(super) async fn rollback(State(admin): Shared) -> Revised {
    let history = admin.live.history.lock().await;
    let engine = admin.live.now().engine.clone();
    let number = engine.rollback().await?;
    described(&engine, &history, number).await
}

/// The mode of one slot, or of all.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ModeChange {
    mode: Mode,
    #[serde(default)]
    slot: Option<String>,
}

/// Sets it, by a revision of its own.
pub(super) async fn mode(State(admin): Shared, headers: HeaderMap, body: Bytes) -> Revised {
    let ModeChange { mode, slot } = read(&body)?;
    let mut history = admin.live.history.lock().await;
    let engine = admin.live.now().engine.clone();
    let mut settings = engine.settings();
    let names: Vec<&str> = settings.slots.iter().map(|slot| slot.name.as_str()).collect();
    if let Some(name) = slot.as_deref().filter(|name| !names.contains(name)) {
        return Err(Refusal::unknown(format!(
            "there is no slot `{name}`: known are {}",
            names.join(", ")
        )));
    }
    for known in &mut settings.slots {
        if slot.as_ref().is_none_or(|name| *name == known.name) {
            known.mode = mode;
        }
    }
    let number = engine.apply(settings).await?;
    let word = json!(mode);
    let what = format!(
        "{}: mode {}",
        slot.as_deref().unwrap_or("all slots"),
        word.as_str().unwrap_or_default()
    );
    history.revised(number, what, by(&headers));
    described(&engine, &history, number).await
}

/// The revisions that are kept.
pub(super) async fn list(State(admin): Shared) -> Json<Revisions> {
    let history = admin.live.history.lock().await;
    let engine = admin.live.now().engine.clone();
    let all = engine.revisions().await;
    let all = all.iter().map(|revision| RevisionAnswer::of(revision, &history, false));
    Json(Revisions {
        active: engine.revision(),
        revisions: all.collect(),
    })
}

/// One of them, with what its policies say of themselves.
pub(super) async fn one(State(admin): Shared, Path(number): Path<String>) -> Revised {
    let engine = admin.live.now().engine.clone();
    let number = match number.as_str() {
        "active" => engine.revision(),
        number => parse(number)?,
    };
    let history = admin.live.history.lock().await;
    described(&engine, &history, number).await
}

fn parse(number: &str) -> Result<u64, Refusal> {
    number
        .parse()
        .map_err(|_| Refusal::request("a revision is named by its number; GET /revisions lists them"))
}

async fn described(engine: &Engine, history: &History, number: u64) -> Revised {
    let all = engine.revisions().await;
    match all.iter().find(|revision| revision.number == number) {
        Some(revision) => Ok(Json(RevisionAnswer::of(revision, history, true))),
        None => {
            let kept: Vec<String> = all.iter().map(|revision| revision.number.to_string()).collect();
            Err(Refusal::unknown(format!(
                "there is no revision {number}: kept are {}",
                kept.join(", ")
            )))
        }
    }
}
