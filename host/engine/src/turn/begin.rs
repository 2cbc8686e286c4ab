//! The way of a request to its model: guards, the router, compressors.

use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use super::ask::Asked;
use super::{Turn, TurnError};
use crate::conversation::{Candidates, Conversation, Request, RequestError};
use crate::decision::{Compression, Decision, Edit, GuardAction, GuardDecision, Memory, Parameters, Record, State};
use crate::edit::{Locks, apply};
use crate::engine::Engine;
use crate::memory::MemoryKey;
use crate::model::Model;
use crate::policy::call::Policy;
use crate::policy::host::{TurnInput, View};
use crate::sandbox::failure::Failure;
use crate::settings::{PolicyKind, Settings};
use crate::snapshot::{Snapshot, Units};
use crate::tokens::{Encoding, TokenCount, total};

impl Engine {
    /// Begins a turn: pins the active revision, assigns arms, asks guards, the router and compressors.
    ///
    /// # Errors
    /// The request cannot be taken, or a policy failed whose plan is `fail`.
    pub async fn begin(&self, request: Request) -> Result<Turn, TurnError> {
        let started = Instant::now();
        // An engine is built with a first revision, and none is ever taken away.
        let snapshot = self.inner.active.load_full().ok_or(TurnError::NoCandidates)?;
        check_size(&request, &snapshot.settings)?;
        let candidates = candidates(&request, &snapshot)?;
        let previous = self.previous(&request).await;
        let seed = request.seed.unwrap_or_else(random_u64);
        let at_ms = request.at_ms.unwrap_or_else(now_ms);
        let model = default_model(&request, &candidates);
        let input = Arc::new(TurnInput {
            candidates,
            previous,
            at_ms,
            seed,
            counter: self.inner.counter.clone(),
            request,
        });
        let view = View::before_routing(&input);
        let id = format!("{:016x}{:016x}", random_u64(), random_u64());
        let mut turn = Turn {
            arms: assign(&snapshot, &input.request, &id),
            record: first_record(id, snapshot.number, &input, &view, model),
            engine: self.clone(),
            snapshot,
            input,
            view,
            refusal: None,
            decided: 0,
            remember: Vec::new(),
            started,
            done: false,
        };
        match turn.decide().await {
            Ok(()) => {
                turn.decided = turn.record.slots.len();
                turn.record.tokens_after = total(&turn.view.counts);
                turn.record.engine_us = turn.started.elapsed().as_secs_f64() * 1e6;
                Ok(turn)
            }
            Err(error) => Err(error),
        }
    }

    async fn previous(&self, request: &Request) -> Option<crate::decision::Previous> {
        let key = memory_key(request, "")?;
        match self.inner.memory.load_previous(&key).await {
            Ok(previous) => previous,
            Err(error) => {
                tracing::warn!("the previous decision could not be read: {error}");
                None
            }
        }
    }
}

impl Turn {
    async fn decide(&mut self) -> Result<(), TurnError> {
        if let Some(fixed) = self.engine.inner.fixed.clone() {
            self.record.model = fixed.model.unwrap_or_else(|| self.record.model.clone());
            self.record.fallbacks = fixed.fallbacks;
            return Ok(());
        }
        self.guard().await?;
        self.route().await?;
        self.compress().await
    }

    async fn guard(&mut self) -> Result<(), TurnError> {
        for index in self.slots(PolicyKind::Checker) {
            let policy = self.policy(index);
            if !policy.about.guards {
                continue;
            }
            if self.refusal.is_some() {
                self.record.slots.push(self.slot_record(index, None));
                continue;
            }
            let conversation = self.conversation().clone();
            let check = move |decision: GuardDecision| {
                let edits = if let GuardAction::Mask(edits) = &decision.action {
                    &edits[..]
                } else {
                    &[]
                };
                Ok((edited(&conversation, edits, Locks::Yield)?, decision))
            };
            let ask = |policy: Arc<Policy>, call| {
                let check = check.clone();
                async move { policy.guard(call).await.checked(check) }
            };
            let mut asked = self.ask(index, None, ask).await?;
            if let Some((masked, decision)) = &asked.decided {
                let refused = match &decision.action {
                    GuardAction::Refuse(words) => Some(words.clone()),
                    _ => None,
                };
                match (masked.clone(), refused) {
                    (Some(masked), _) => self.carry_out(index, &mut asked, masked, Locks::Yield),
                    (None, Some(words)) if self.enforces(index) => {
                        self.refusal = Some(words);
                        self.record.state = State::Refused;
                    }
                    (None, Some(_)) => asked.undone(OBSERVES),
                    (None, None) => {}
                }
            }
            let record = asked.into_record(|(_, decision)| Decision::Guard(decision));
            self.record.slots.push(record);
        }
        Ok(())
    }

    async fn route(&mut self) -> Result<(), TurnError> {
        for index in self.slots(PolicyKind::Router) {
            if self.refusal.is_some() {
                self.record.slots.push(self.slot_record(index, None));
                continue;
            }
            let ask = |policy: Arc<Policy>, call| async move { policy.route(call).await };
            let mut asked = self.ask(index, None, ask).await?;
            match &asked.decided {
                Some(choice) if self.enforces(index) => {
                    self.record.model.clone_from(&choice.model);
                    self.record.fallbacks.clone_from(&choice.fallbacks);
                    self.record.parameters.clone_from(&choice.parameters);
                }
                Some(_) => asked.undone(OBSERVES),
                None => {}
            }
            self.record.slots.push(asked.into_record(Decision::Route));
        }
        self.view = self
            .view
            .chosen(&self.input, self.candidate(&self.record.model), &self.record.model);
        self.record.tokens_before = total(&self.view.counts);
        Ok(())
    }

    async fn compress(&mut self) -> Result<(), TurnError> {
        for index in self.slots(PolicyKind::Compressor) {
            if self.refusal.is_some() {
                self.record.slots.push(self.slot_record(index, None));
                continue;
            }
            let memory = self.load_memory(index).await;
            let conversation = self.conversation().clone();
            let check = move |c: Compression| Ok((edited(&conversation, &c.edits, Locks::Hold)?, c));
            let ask = |policy: Arc<Policy>, call| {
                let check = check.clone();
                async move { policy.compress(call).await.checked(check) }
            };
            let mut asked = self.ask(index, memory, ask).await?;
            if let Some((shorter, compression)) = &asked.decided {
                let (shorter, remember) = (shorter.clone(), compression.remember.clone());
                if let Some(shorter) = shorter {
                    self.carry_out(index, &mut asked, shorter, Locks::Hold);
                }
                let key = self.memory_key(&self.snapshot.slots[index].name);
                if let (true, Some(memory), Some(key)) = (self.enforces(index), remember, key) {
                    self.remember.push((key, memory));
                }
            }
            let record = asked.into_record(|(_, compression)| Decision::Compress(compression));
            self.record.slots.push(record);
        }
        Ok(())
    }

    /// Goes on with an edited conversation, where the slot enforces and the edits gain something.
    fn carry_out<T>(&mut self, index: usize, asked: &mut Asked<T>, edited: Conversation, locks: Locks) {
        let before = total(&self.view.counts);
        let model = self.view.model.clone();
        let mut view = self.view.with(&self.input, edited);
        view.model = model;
        let after = total(&view.counts);
        asked.tokens(before, after);
        if locks == Locks::Hold && after.tokens >= before.tokens {
            asked.undone(format!(
                "it would gain nothing: {} tokens before, {} after",
                before.tokens, after.tokens
            ));
        } else if !self.enforces(index) {
            asked.undone(OBSERVES);
        } else {
            self.view = view;
        }
    }

    async fn load_memory(&self, index: usize) -> Option<Memory> {
        let key = self.memory_key(&self.snapshot.slots[index].name)?;
        match self.engine.inner.memory.load(&key).await {
            Ok(memory) => memory,
            Err(error) => {
                tracing::warn!(slot = key.slot, "memory could not be read: {error}");
                None
            }
        }
    }

    pub(super) fn policy(&self, slot: usize) -> Arc<Policy> {
        self.snapshot.slots[slot].arms[self.arms[slot]].policy.clone()
    }
}

/// Why a decision of a slot that observes changes nothing.
const OBSERVES: &str = "the slot observes";

/// What edits come to. Edits that may not be carried out are a failure of the policy that asked for them.
fn edited(conversation: &Conversation, edits: &[Edit], locks: Locks) -> Result<Option<Conversation>, Failure> {
    if edits.is_empty() {
        return Ok(None);
    }
    apply(conversation, edits, locks)
        .map(Some)
        .map_err(|error| Failure::rejected(error.to_string()))
}

impl View {
    /// The conversation as it came, counted for the first candidate.
    pub(crate) fn before_routing(input: &TurnInput) -> Self {
        let encoding = Encoding::of_model(input.candidates.first().map_or("", |model| &model.name));
        let conversation = input.request.conversation.clone();
        View {
            counts: Arc::new(input.counter.messages(&conversation, encoding)),
            conversation,
            encoding,
            model: None,
            context_tokens: input.request.limits.context_tokens,
        }
    }

    /// The same conversation as the chosen model sees it. `model` is `None` where nothing is known of it but its name.
    pub(crate) fn chosen(&self, input: &TurnInput, model: Option<&Model>, name: &str) -> Self {
        let encoding = Encoding::of_model(name);
        let counts = if encoding == self.encoding {
            self.counts.clone()
        } else {
            Arc::new(input.counter.messages(&self.conversation, encoding))
        };
        let limits = &input.request.limits;
        let window = model.and_then(|model| {
            let reply = limits.max_output_tokens.or(model.max_output_tokens).unwrap_or(0);
            Some(model.window?.saturating_sub(reply))
        });
        View {
            conversation: self.conversation.clone(),
            counts,
            encoding,
            model: model.map(|model| Arc::from(model.name.as_str())),
            context_tokens: [limits.context_tokens, window].into_iter().flatten().min(),
        }
    }

    /// The same view of an edited conversation.
    fn with(&self, input: &TurnInput, conversation: Conversation) -> Self {
        let counts = Arc::new(input.counter.messages(&conversation, self.encoding));
        View {
            conversation,
            counts,
            ..self.clone()
        }
    }
}

fn check_size(request: &Request, settings: &Settings) -> Result<(), RequestError> {
    let bytes: usize = request.messages().iter().map(|message| message.raw().len()).sum();
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

fn candidates(request: &Request, snapshot: &Snapshot) -> Result<Arc<[Model]>, TurnError> {
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
fn default_model(request: &Request, candidates: &[Model]) -> String {
    let named = request
        .model()
        .filter(|name| candidates.iter().any(|model| model.name == *name));
    named.unwrap_or_else(|| candidates[0].name.clone())
}

fn assign(snapshot: &Snapshot, request: &Request, turn: &str) -> Vec<usize> {
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
        conversation,
        user: request.user.clone(),
    })
}

fn first_record(turn: String, revision: u64, input: &TurnInput, view: &View, model: String) -> Record {
    let request = &input.request;
    let counted: TokenCount = total(&view.counts);
    Record {
        schema: 1,
        turn,
        revision,
        state: State::Open,
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
        tokens_before: counted,
        tokens_after: counted,
        usage: None,
        cost_usd: None,
        attempts: Vec::new(),
        error: None,
        engine_us: 0.0,
    }
}

fn now_ms() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_millis() as u64)
}

/// From the keys that the standard library draws from the system for every map: nothing here is secret.
fn random_u64() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(now_ms())
}
