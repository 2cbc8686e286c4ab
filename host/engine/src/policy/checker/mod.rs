//! Checkers: a guard on the request, and a review that is fed the reply piece by piece.

pub(crate) mod home;
mod review;
mod texts;
mod verdict;

use std::sync::Arc;
use wasmtime::component::{Resource, ResourceAny};

pub(crate) use self::review::Review;
use self::texts::{Fed, Texts};
use self::verdict::{guard_decision, verdict};
use super::call::{Called, Policy};
use super::contract::v0_1::checker::exports::pointsman::policy::checker as wit;
use super::host::Call;
use super::live::{Answer, Bindings, Live};
use super::router::{Said, said, wrong_kind};
use crate::decision::{Content, Delta, GuardDecision, Verdict};

impl Policy {
    /// Asks a checker about the request.
    pub(crate) async fn guard(self: &Arc<Self>, call: Call) -> Called<Said<GuardDecision>> {
        self.call(call, Live::guard).await
    }
}

impl Live {
    /// Asks about the request.
    pub(crate) fn guard(&mut self) -> Answer<Said<GuardDecision>> {
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
