//! What a turn starts with: its size checked, its candidates, its arms, and its record with all that is known already.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::TurnError;
use crate::conversation::{Candidates, Request, RequestError};
use crate::decision::{Parameters, Record, State};
use crate::memory::MemoryKey;
use crate::model::Model;
use crate::policy::host::TurnInput;
use crate::settings::Settings;
use crate::snapshot::{Snapshot, Units};

pub(super) fn check_size(request: &Request, settings: &Settings) -> Result<(), RequestError> {
    let bytes = request.bytes();
    let limit = settings.limits.request_bytes;
    if bytes > limit {
        return Err(RequestError::TooLarge { bytes, limit });
    }
    let (count, most) = (request.messages().len(), settings.limits.messages);
    if count > most {
        return Err(RequestError::TooMany { count, most });
    }
    Ok(())
}

pub(super) fn candidates(request: &Request, snapshot: &Snapshot) -> Result<Arc<[Model]>, TurnError> {
    let names = match &request.candidates {
        None => return Ok(snapshot.models.clone()),
        Some(Candidates::Given(models)) if !models.is_empty() => return Ok(models.clone()),
        Some(Candidates::Named(names)) if !names.is_empty() => names,
        Some(_) => return Err(TurnError::NoCandidates),
    };
    let find = |name: &String| {
        snapshot
            .models
            .iter()
            .find(|model| model.name == *name)
            .cloned()
            .ok_or_else(|| TurnError::UnknownCandidate {
                name: name.clone(),
                known: snapshot.models.iter().map(|model| model.name.clone()).collect(),
            })
    };
    names.iter().map(find).collect()
}

/// The model that answers where no router chooses: the one that the request names, or the first candidate.
pub(super) fn default_model(request: &Request, candidates: &[Model]) -> String {
    let named = request
        .model()
        .filter(|name| candidates.iter().any(|model| model.name == *name));
    named.unwrap_or_else(|| candidates[0].name.clone())
}

pub(super) fn assign(snapshot: &Snapshot, request: &Request, turn: &str) -> Vec<usize> {
    let units = Units {
        turn,
        conversation: request.conversation_id.as_deref(),
        user: request.user.as_deref(),
        tenant: request.attributes.get("tenant").map(String::as_str),
    };
    snapshot.slots.iter().map(|slot| slot.assign(&units).0).collect()
}

/// Whose memory a request may have: without a conversation there is none.
pub(super) fn memory_key(request: &Request, slot: &str) -> Option<MemoryKey> {
    let conversation = request.conversation_id.clone()?;
    Some(MemoryKey {
        slot: slot.to_owned(),
        tenant: request.attributes.get("tenant").cloned(),
        conversation,
        user: request.user.clone(),
    })
}

pub(super) fn first_record(turn: String, revision: u64, input: &TurnInput, model: String) -> Record {
    let request = &input.request;
    Record {
        schema: 1,
        turn,
        revision,
        state: State::Open,
        purpose: request.purpose,
        at_ms: input.at_ms,
        seed: input.seed,
        request: request.digest(),
        conversation: request.conversation_id.clone(),
        user: request.user.clone(),
        attributes: request.attributes.clone(),
        limits: request.limits.clone(),
        candidates: input.candidates.clone(),
        previous: input.previous.clone(),
        slots: Vec::new(),
        model,
        fallbacks: Vec::new(),
        parameters: Parameters::default(),
        tokens_before: None,
        tokens_after: None,
        usage: None,
        cost_usd: None,
        attempts: Vec::new(),
        error: None,
        engine_us: 0.0,
    }
}

pub(super) fn now_ms() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_millis() as u64)
}

/// A turn's name: 32 digits of base 16.
pub(super) fn random_id() -> String {
    let random = [random_u64(), random_u64()];
    let bytes = random.iter().flat_map(|half| half.to_be_bytes());
    let digit = |four: u8| char::from(b"0123456789abcdef"[usize::from(four & 15)]);
    bytes.flat_map(|byte| [digit(byte >> 4), digit(byte)]).collect()
}

/// From the keys that the standard library draws from the system for every map: nothing here is secret.
pub(super) fn random_u64() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(now_ms())
}
