//! How a turn ends: what was asked and billed on the way, its price, and its record handed on.

use super::{Turn, TurnError};
use crate::decision::{Attempt, Decision, Outcome, Previous, Record, State};
use crate::engine::Recorded;
use crate::model::Usage;
use crate::tokens::TokenCount;

impl Turn {
    /// Ends the turn: computes its cost, keeps what policies asked to remember, and hands its record on.
    pub async fn finish(mut self, usage: Option<Usage>) -> Record {
        self.record.usage = usage;
        self.price();
        if self.record.state == State::Open {
            self.record.state = State::Finished;
        }
        self.remember().await;
        self.close();
        self.take_record()
    }

    /// Writes down that a model was asked and gave no reply that could be passed on.
    ///
    /// `usage` is what was billed: nothing for a call that never reached the model, `None` where it is not known.
    pub fn attempted(&mut self, model: &str, why: impl Into<String>, usage: Option<Usage>) {
        self.record.attempts.push(Attempt {
            model: model.to_owned(),
            why: why.into(),
            usage,
            cost_usd: usage.and_then(|usage| self.candidate(model)?.cost(&usage)),
            slots: Vec::new(),
        });
    }

    /// Writes down that a verdict sends the turn round again: the reply so far, what was billed for it and what checkers
    /// said of it become an attempt.
    pub fn sent_round(&mut self, why: impl Into<String>, usage: Option<Usage>) {
        let model = self.record.model.clone();
        self.attempted(&model, why, usage);
        self.seen_bytes = 0;
        let slots = self.record.slots.split_off(self.decided.min(self.record.slots.len()));
        if let Some(attempt) = self.record.attempts.last_mut() {
            attempt.slots = slots;
        }
    }

    /// Writes down that another model than the chosen one answers: a fallback, or a stronger one.
    pub fn answered_by(&mut self, model: &str) {
        model.clone_into(&mut self.record.model);
    }

    /// Says what has been billed for the reply under way, for a turn that fails or is dropped before it is finished:
    /// nothing (`Usage::default()`), where no call is under way; `None`, and before anybody says so, where it is not known.
    pub fn billed(&mut self, usage: Option<Usage>) {
        self.record.usage = usage;
    }

    /// What may have been billed for the reply so far, where nobody says: the messages as they were sent, and what checkers
    /// were fed. `None` where that is nothing.
    pub fn estimated_usage(&self) -> Option<Usage> {
        (self.seen_bytes > 0).then(|| Usage {
            estimated: true,
            ..Usage::new(self.tokens().tokens, TokenCount::of_bytes(self.seen_bytes).tokens)
        })
    }

    /// Ends the turn without a reply, or in the middle of one, and hands its record on. What was billed for it is as
    /// [`Turn::billed`] says, else estimated by what was seen.
    pub fn fail(mut self, why: impl Into<String>) -> Record {
        self.record.error = Some(why.into());
        self.record.state = State::Failed;
        self.price_as_far_as_known();
        self.close();
        self.take_record()
    }

    /// Writes down that the turn cannot go on. Dropped now, it has not been abandoned.
    pub(super) fn failed(&mut self, error: &TurnError) {
        self.record.error = Some(error.to_string());
        self.record.state = State::Failed;
    }

    fn price_as_far_as_known(&mut self) {
        if self.record.usage.is_none() {
            self.record.usage = self.estimated_usage();
        }
        self.price();
    }

    /// What the turn cost, attempts included.
    fn price(&mut self) {
        let before = self.record.attempts.iter().map(|attempt| attempt.cost_usd);
        self.record.cost_usd = std::iter::once(self.record.reply_cost_usd()).chain(before).sum();
    }

    async fn remember(&mut self) {
        let store = self.engine.inner.memory.clone();
        for (key, memory) in std::mem::take(&mut self.remember) {
            if let Err(error) = store.save(&key, memory).await {
                tracing::warn!(slot = key.slot, "memory could not be kept: {error}");
            }
        }
        if let (Some(key), State::Finished) = (self.memory_key(""), self.record.state) {
            let router = self.record.slots.iter().find_map(|slot| match &slot.outcome {
                Outcome::Decided {
                    decision: Decision::Route(_),
                    undone: None,
                } => Some(slot.answered_by.as_ref().unwrap_or(&slot.policy).digest.clone()),
                _ => None,
            });
            let (model, policy) = (self.record.model.clone(), router.unwrap_or_default());
            let previous = Previous {
                model,
                policy,
                at_ms: self.record.at_ms,
            };
            if let Err(error) = store.save_previous(&key, previous).await {
                tracing::warn!("the previous decision could not be kept: {error}");
            }
        }
    }

    /// The record, once it was handed on: the drop guard keeps the turn whole, and looks at it no more.
    fn take_record(&mut self) -> Record {
        std::mem::replace(&mut self.record, Record::none())
    }

    /// Writes down what was counted.
    pub(super) fn note_tokens(&mut self) {
        self.record.tokens_before = self.whole.known();
        self.record.tokens_after = self.view.counts.known();
    }

    /// Hands the record on, once.
    fn close(&mut self) {
        self.done = true;
        self.note_tokens();
        for recorder in self.engine.inner.recorders.load().iter() {
            recorder.record_turn(Recorded {
                record: &self.record,
                request: &self.input.request,
                reply: &self.fed,
            });
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.done {
            if self.record.state == State::Open {
                self.record.state = State::Abandoned;
            }
            if self.record.state != State::Refused {
                self.price_as_far_as_known();
            }
            self.close();
        }
    }
}
