//! Checkers: a guard on the request, and a review that is fed the reply piece by piece.

mod texts;
mod verdict;

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::OwnedSemaphorePermit;
use wasmtime::component::{Resource, ResourceAny};

use self::texts::{Fed, Texts};
use self::verdict::{guard_decision, verdict};
use super::call::{Answer, Bindings, Called, Live, Policy};
use super::contract::v0_1::checker::exports::pointsman::policy::checker as wit;
use super::host::Call;
use super::router::{Said, said, wrong_kind};
use crate::decision::{Content, Delta, GuardDecision, LogLine, Timing, Verdict};
use crate::sandbox::failure::{Failure, FailureKind};
use crate::sandbox::instance;

impl Policy {
    /// Asks a checker about the request.
    pub(crate) async fn guard(self: &Arc<Self>, call: Call) -> Called<Said<GuardDecision>> {
        self.call(call, Live::guard).await
    }

    /// Opens a review, which holds an instance of its own, its log and its time until it ends.
    pub(crate) async fn open(self: &Arc<Self>, call: Call) -> Called<Said<Review>> {
        self.with_room(|policy, room| policy.open_here(room, call)).await
    }

    fn open_here(self: &Arc<Self>, room: OwnedSemaphorePermit, call: Call) -> Called<Said<Review>> {
        let started = Instant::now();
        let live = match self.live(call) {
            Ok(live) => live,
            Err((failure, call)) => {
                return Called {
                    log_dropped: call.log_dropped,
                    log: call.log,
                    ..Called::without_a_call(failure, started)
                };
            }
        };
        let mut review = Review {
            policy: self.clone(),
            live: Some(live),
            handle: None,
            fed: Fed::default(),
            room: Some(room),
            log: Vec::new(),
            log_dropped: 0,
            timing: Timing::default(),
        };
        let opened = review.call(Live::open);
        review.timing.call_us = started.elapsed().as_secs_f64() * 1e6;
        let result = match opened {
            Ok(Ok(handle)) => {
                review.handle = Some(handle);
                return Called {
                    result: Ok(Ok(review)),
                    log: Vec::new(),
                    log_dropped: 0,
                    timing: Timing::default(),
                };
            }
            Ok(Err(declined)) => Ok(Err(declined)),
            Err(failure) => Err(failure),
        };
        let (log, log_dropped, timing) = review.close();
        Called {
            result,
            log,
            log_dropped,
            timing,
        }
    }
}

impl Live {
    fn guard(&mut self) -> Answer<Said<GuardDecision>> {
        let Bindings::Checker(policy) = &self.bindings else {
            return Ok(Err(wrong_kind("checker")));
        };
        let answer = policy
            .pointsman_policy_checker()
            .call_guard(&mut self.store, Resource::new_borrow(0))?;
        Ok(said(answer, |decision| guard_decision(decision, &self.texts(None))))
    }

    fn open(&mut self) -> Answer<Said<ResourceAny>> {
        let Bindings::Checker(policy) = &self.bindings else {
            return Ok(Err(wrong_kind("checker")));
        };
        let answer = policy
            .pointsman_policy_checker()
            .review()
            .call_open(&mut self.store, Resource::new_borrow(0))?;
        Ok(said(answer, Ok))
    }

    fn feed(&mut self, review: ResourceAny, deltas: &[Delta], fed: &Fed) -> Answer<Said<Option<Verdict>>> {
        let Bindings::Checker(policy) = &self.bindings else {
            return Ok(Err(wrong_kind("checker")));
        };
        let deltas: Vec<wit::Delta> = deltas.iter().map(wit_delta).collect();
        let reviews = policy.pointsman_policy_checker().review();
        let answer = reviews.call_feed(&mut self.store, review, Resource::new_borrow(0), &deltas)?;
        let texts = self.texts(Some(fed));
        Ok(said(answer, |early| {
            early.map(|early| verdict(early, &texts)).transpose()
        }))
    }

    fn finish(&mut self, review: ResourceAny, fed: &Fed) -> Answer<Said<Verdict>> {
        let Bindings::Checker(policy) = &self.bindings else {
            return Ok(Err(wrong_kind("checker")));
        };
        let reviews = policy.pointsman_policy_checker().review();
        let answer = reviews.call_finish(&mut self.store, review, Resource::new_borrow(0))?;
        Ok(said(answer, |last| verdict(last, &self.texts(Some(fed)))))
    }

    /// What findings may point at.
    fn texts<'a>(&'a self, reply: Option<&'a Fed>) -> Texts<'a> {
        let turn = self.store.data().host.turn.as_ref();
        Texts {
            view: turn.map(|(_, view)| view),
            reply,
        }
    }

    /// Reviews a whole reply at once.
    pub(crate) fn review(&mut self, deltas: &[Delta]) -> Answer<Said<Verdict>> {
        let review = match self.open()? {
            Ok(Ok(review)) => review,
            Ok(Err(declined)) => return Ok(Ok(Err(declined))),
            Err(failure) => return Ok(Err(failure)),
        };
        let mut fed = Fed::default();
        fed.add(deltas);
        match self.feed(review, deltas, &fed)? {
            Ok(Ok(Some(verdict))) => Ok(Ok(Ok(verdict))),
            Ok(Ok(None)) => self.finish(review, &fed),
            Ok(Err(declined)) => Ok(Ok(Err(declined))),
            Err(failure) => Ok(Err(failure)),
        }
    }
}

/// A reply under review by one policy.
pub(crate) struct Review {
    policy: Arc<Policy>,
    live: Option<Live>,
    handle: Option<ResourceAny>,
    fed: Fed,
    room: Option<OwnedSemaphorePermit>,
    log: Vec<LogLine>,
    log_dropped: u32,
    timing: Timing,
}

impl Review {
    /// Feeds the next pieces; a verdict ends the review.
    pub(crate) fn feed(&mut self, deltas: &[Delta]) -> Result<Said<Option<Verdict>>, Failure> {
        let handle = self.handle.ok_or_else(ended)?;
        let mut fed = std::mem::take(&mut self.fed);
        fed.add(deltas);
        let said = self.call(|live| live.feed(handle, deltas, &fed));
        self.fed = fed;
        said
    }

    /// The reply has ended.
    pub(crate) fn finish(&mut self) -> Result<Said<Verdict>, Failure> {
        let handle = self.handle.ok_or_else(ended)?;
        let fed = std::mem::take(&mut self.fed);
        self.call(|live| live.finish(handle, &fed))
    }

    /// What it logged, what was dropped of that, and how long it took.
    pub(crate) fn close(mut self) -> (Vec<LogLine>, u32, Timing) {
        if let (Some(mut live), Some(room)) = (self.live.take(), self.room.take()) {
            let freed = match self.handle.take() {
                // The guest has a say in the end of its review only where its instance goes on without it.
                Some(handle) if self.policy.reuse => {
                    instance::arm(&mut live.store, &self.policy.limits);
                    handle.resource_drop(&mut live.store).is_ok()
                }
                _ => true,
            };
            let call = self.policy.put_away(live, room, freed);
            self.keep_log(call);
        }
        (std::mem::take(&mut self.log), self.log_dropped, self.timing)
    }

    fn keep_log(&mut self, call: Call) {
        self.log.extend(call.log);
        self.log_dropped += call.log_dropped;
    }

    /// Whether calls should leave the thread that serves traffic.
    pub(crate) fn on_own_thread(&self) -> bool {
        self.policy.on_own_thread()
    }

    /// Calls with a deadline of its own; after a failure the instance is gone.
    fn call<T>(&mut self, run: impl FnOnce(&mut Live) -> Answer<T>) -> Result<T, Failure> {
        let started = Instant::now();
        let live = self.live.as_mut().ok_or_else(ended)?;
        instance::arm(&mut live.store, &self.policy.limits);
        let answer = run(live);
        let stopped = answer.is_err();
        let result = live.named(answer);
        if stopped && let Some(live) = self.live.take() {
            self.keep_log(live.store.into_data().host);
        }
        self.timing.calls += 1;
        self.timing.call_us += started.elapsed().as_secs_f64() * 1e6;
        result
    }
}

fn ended() -> Failure {
    Failure::new(FailureKind::Trap, "the review has ended")
}

fn wit_delta(delta: &Delta) -> wit::Delta {
    let content = match &delta.content {
        Content::Text(text) => wit::Content::Text(text.clone()),
        Content::Reasoning(text) => wit::Content::Reasoning(text.clone()),
        Content::ToolArguments(text) => wit::Content::ToolArguments(text.clone()),
        Content::Finish(reason) => wit::Content::Finish(reason.clone()),
        Content::Other(json) => wit::Content::Other(json.clone()),
    };
    wit::Delta {
        choice: delta.choice,
        content,
    }
}
