//! The way of a request to its model: guards, the router, compressors.

use std::sync::Arc;
use std::time::Instant;

use super::ask::Asked;
use super::opening::{assign, candidates, check_size, default_model, first_record, memory_key, now_ms, random_u64};
use super::{Turn, TurnError};
use crate::conversation::{Conversation, Purpose, Request};
use crate::decision::{Compression, Decision, GuardAction, GuardDecision, Memory, State};
use crate::edit::{Locks, edited};
use crate::engine::Engine;
use crate::policy::call::Policy;
use crate::policy::host::{TurnInput, View};
use crate::settings::PolicyKind;

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
            record: first_record(id, snapshot.number, &input, model),
            engine: self.clone(),
            snapshot,
            input,
            whole: view.counts.clone(),
            view,
            refusal: None,
            decided: 0,
            remember: Vec::new(),
            fed: Vec::new(),
            seen_bytes: 0,
            started,
            done: false,
        };
        let decided = turn.decide().await;
        turn.record.engine_us = turn.started.elapsed().as_secs_f64() * 1e6;
        if let Err(error) = decided {
            turn.failed(&error);
            return Err(error);
        }
        turn.decided = turn.record.slots.len();
        turn.note_tokens();
        Ok(turn)
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
        if self.input.request.purpose != Purpose::Reply {
            // There is nothing to choose and nothing to leave out: what is asked for is of this model and of all the texts.
            self.choose();
            return Ok(());
        }
        self.route().await?;
        self.choose();
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
        Ok(())
    }

    /// From here on the conversation is seen as the model sees it that was chosen.
    fn choose(&mut self) {
        let name = &self.record.model;
        let asked = self.record.parameters.max_output_tokens;
        let reply = asked.or(self.input.request.limits.max_output_tokens);
        self.view = self.view.chosen(&self.input, self.candidate(name), name, reply);
        self.whole = self.view.counts.clone();
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
        let before = self.view.counts.total();
        if locks == Locks::Hold {
            // What such a slot saves is told against the whole.
            self.whole.total();
        }
        let model = self.view.model.clone();
        let mut view = self.view.with(edited);
        view.model = model;
        let after = view.counts.total();
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
