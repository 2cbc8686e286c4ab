//! Revisions: staged from what is active and one change, activated, rolled back.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use pointsman::{FailurePlan, Image, Mode, PolicyKind, Revision, RevisionArm, RevisionSlot, Settings, SlotSettings};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Admin, Refusal, Shared, read};

/// How revisions came about.
pub(super) struct Notes(BTreeMap<u64, Note>);

struct Note {
    at_ms: u64,
    what: String,
}

impl Notes {
    pub(super) fn first(revision: u64) -> Self {
        let mut notes = Notes(BTreeMap::new());
        notes.add(revision, "the configuration".to_owned());
        notes
    }

    fn add(&mut self, revision: u64, what: String) {
        let at_ms = SystemTime::now().duration_since(UNIX_EPOCH);
        let at_ms = at_ms.map_or(0, |since| since.as_millis() as u64);
        self.0.insert(revision, Note { at_ms, what });
        while self.0.len() > 1_000 {
            self.0.pop_first();
        }
    }
}

/// A change to one slot. What is left out stays as it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
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
        Ok(what)
    }
}

/// Stages a change.
pub(super) async fn stage(State(admin): Shared, body: Bytes) -> Result<(StatusCode, Json<Value>), Refusal> {
    let change: Change = read(&body)?;
    let activate = change.activate;
    let mut notes = admin.notes.lock().await;
    let mut settings = admin.engine.settings();
    let what = change.make(&mut settings)?;
    let number = admin.engine.stage_with(settings, admin.uploads.all()).await?;
    notes.add(number, what);
    if activate {
        admin.engine.activate(number).await?;
    }
    let described = described(&admin, &notes, number).await?;
    Ok((StatusCode::CREATED, Json(described)))
}

/// Lets new turns begin on a revision.
pub(super) async fn activate(State(admin): Shared, Path(number): Path<String>) -> Result<Json<Value>, Refusal> {
    let number = parse(&number)?;
    let notes = admin.notes.lock().await;
    admin.engine.activate(number).await?;
    described(&admin, &notes, number).await.map(Json)
}

/// Goes back to the revision that was active before.
pub(super) async fn rollback(State(admin): Shared) -> Result<Json<Value>, Refusal> {
    let notes = admin.notes.lock().await;
    let number = admin.engine.rollback().await?;
    described(&admin, &notes, number).await.map(Json)
}

/// The mode of one slot, or of all.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ModeChange {
    mode: Mode,
    #[serde(default)]
    slot: Option<String>,
}

/// Sets it, by a revision of its own.
pub(super) async fn mode(State(admin): Shared, body: Bytes) -> Result<Json<Value>, Refusal> {
    let ModeChange { mode, slot } = read(&body)?;
    let mut notes = admin.notes.lock().await;
    let mut settings = admin.engine.settings();
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
    let number = admin.engine.apply(settings).await?;
    let word = json!(mode);
    notes.add(
        number,
        format!(
            "{}: mode {}",
            slot.as_deref().unwrap_or("all slots"),
            word.as_str().unwrap_or_default()
        ),
    );
    described(&admin, &notes, number).await.map(Json)
}

/// The revisions that are kept.
pub(super) async fn list(State(admin): Shared) -> Json<Value> {
    let notes = admin.notes.lock().await;
    let all = admin.engine.revisions().await;
    let all: Vec<Value> = all
        .iter()
        .map(|revision| revision_json(revision, &notes, false))
        .collect();
    Json(json!({ "active": admin.engine.revision(), "revisions": all }))
}

/// One of them, with what its policies say of themselves.
pub(super) async fn one(State(admin): Shared, Path(number): Path<String>) -> Result<Json<Value>, Refusal> {
    let number = match number.as_str() {
        "active" => admin.engine.revision(),
        number => parse(number)?,
    };
    let notes = admin.notes.lock().await;
    described(&admin, &notes, number).await.map(Json)
}

fn parse(number: &str) -> Result<u64, Refusal> {
    number
        .parse()
        .map_err(|_| Refusal::request("a revision is named by its number; GET /revisions lists them"))
}

async fn described(admin: &Admin, notes: &Notes, number: u64) -> Result<Value, Refusal> {
    let all = admin.engine.revisions().await;
    match all.iter().find(|revision| revision.number == number) {
        Some(revision) => Ok(revision_json(revision, notes, true)),
        None => {
            let kept: Vec<String> = all.iter().map(|revision| revision.number.to_string()).collect();
            Err(Refusal::unknown(format!(
                "there is no revision {number}: kept are {}",
                kept.join(", ")
            )))
        }
    }
}

fn revision_json(revision: &Revision, notes: &Notes, whole: bool) -> Value {
    let note = notes.0.get(&revision.number);
    json!({
        "revision": revision.number,
        "active": revision.active,
        "made_at_ms": note.map(|note| note.at_ms),
        "change": note.map(|note| note.what.as_str()),
        "slots": revision.slots.iter().map(|slot| slot_json(slot, whole)).collect::<Vec<_>>(),
    })
}

fn slot_json(slot: &RevisionSlot, whole: bool) -> Value {
    json!({
        "slot": slot.name,
        "kind": slot.kind,
        "mode": slot.mode,
        "arms": slot.arms.iter().map(|arm| arm_json(arm, whole)).collect::<Vec<_>>(),
    })
}

fn arm_json(arm: &RevisionArm, whole: bool) -> Value {
    let mut said = json!({ "arm": arm.name, "weight": arm.weight, "policy": arm.policy });
    if whole {
        said["summary"] = arm.about.summary.clone().into();
        said["settings_schema"] = serde_json::from_str(&arm.about.settings_schema).unwrap_or(Value::Null);
        said["configured_each_time_because"] = match &arm.image {
            Image::ConfiguredEachTime(why) => why.clone().into(),
            _ => Value::Null,
        };
    }
    said
}
