//! The way of a request to its model: guards, the router, compressors.

mod carry_out;
mod compress;
mod fixed;
mod guard;
mod route;

use std::sync::Arc;
use std::time::Instant;

use super::opening::{
    assign, candidates, check_size, default_model, first_record, memory_key, now_ms, random_id, random_u64,
};
use super::{Turn, TurnError};
use crate::conversation::{Purpose, Request};
use crate::engine::Engine;
use crate::policy::call::Policy;
use crate::policy::host::{TurnInput, View};

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
        let id = random_id();
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
        // Boxed, so that only a turn whose policies are asked has room for their calls.
        let decided = if turn.asks_nobody() {
            turn.choose();
            Ok(())
        } else {
            Box::pin(turn.decide()).await
        };
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
    /// Whether nobody decides: no policy, and nothing that a test has fixed.
    fn asks_nobody(&self) -> bool {
        self.engine.inner.fixed.is_none() && self.snapshot.slots.is_empty()
    }

    async fn decide(&mut self) -> Result<(), TurnError> {
        if let Some(fixed) = self.engine.inner.fixed.clone() {
            return self.decide_as(fixed);
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

    pub(in crate::turn) fn policy(&self, slot: usize) -> Arc<Policy> {
        self.snapshot.slots[slot].arms[self.arms[slot]].policy.clone()
    }
}

/// Why a decision of a slot that observes changes nothing.
const OBSERVES: &str = "the slot observes";
