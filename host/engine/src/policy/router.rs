//! Routers: one call, and the check that its answer may be carried out.

use std::sync::Arc;

use wasmtime::component::Resource;

use super::call::{Called, Policy};
use super::contract::v0_1::router::exports::pointsman::policy::router as wit;
use super::contract::v0_1::router::pointsman::policy::answers;
use super::host::Call;
use super::live::{Answer, Bindings, Live};
use crate::decision::{Choice, Estimate, Parameters, Reason};
use crate::model::Model;
use crate::sandbox::failure::Failure;

/// An answer, or the reason why the policy has none to give.
pub(crate) type Said<T> = Result<T, String>;

impl Policy {
    /// Asks a router.
    pub(crate) async fn route(self: &Arc<Self>, call: Call) -> Called<Said<Choice>> {
        self.call(call, Live::route).await
    }
}

impl Live {
    /// Asks the instance for a choice among its turn's candidates.
    pub(crate) fn route(&mut self) -> Answer<Said<Choice>> {
        let Bindings::Router(policy) = &self.bindings else {
            return Ok(Err(wrong_kind("router")));
        };
        let answer = policy
            .pointsman_policy_router()
            .call_route(&mut self.store, Resource::new_borrow(0))?;
        let candidates = self.store.data().host.turn.as_ref().map(|(turn, _)| &*turn.candidates);
        Ok(said(answer, |choice| checked(choice, candidates.unwrap_or_default())))
    }
}

/// A component was linked as one kind and called as another: a fault of the engine, named rather than panicked upon.
pub(super) fn wrong_kind(kind: &str) -> Failure {
    Failure::rejected(format!("the component is no {kind}"))
}

/// Splits what a policy says into an answer that `check` takes, a decline, and a failure.
pub(super) fn said<T, U>(
    answer: Result<T, answers::Problem>,
    check: impl FnOnce(T) -> Result<U, Failure>,
) -> Result<Said<U>, Failure> {
    match answer {
        Ok(answer) => check(answer).map(Ok),
        Err(answers::Problem::Declined(reason)) => Ok(Err(reason)),
        Err(answers::Problem::Failed(reason)) => Err(Failure::rejected(format!("the policy failed: {reason}"))),
    }
}

impl From<answers::Reason> for Reason {
    fn from(reason: answers::Reason) -> Self {
        Reason {
            code: reason.code,
            text: reason.text,
            weight: reason.weight.filter(|w| w.is_finite()),
        }
    }
}

/// A number between 0 and 1, or an error that names it.
pub(super) fn share(name: &str, value: Option<f32>) -> Result<Option<f32>, Failure> {
    match value {
        Some(value) if !(0.0..=1.0).contains(&value) => Err(Failure::rejected(format!(
            "{name} is {value}, and must be a number from 0 to 1"
        ))),
        other => Ok(other),
    }
}

/// A router may only choose from the candidates, and its numbers must be numbers.
fn checked(choice: wit::Choice, candidates: &[Model]) -> Result<Choice, Failure> {
    let known = |name: &str| candidates.iter().any(|candidate| candidate.name == name);
    if !known(&choice.model) {
        return Err(Failure::rejected(format!(
            "chose `{}`, which is not a candidate",
            cut(&choice.model)
        )));
    }
    let mut seen = vec![choice.model.as_str()];
    for fallback in &choice.fallbacks {
        if !known(fallback) {
            return Err(Failure::rejected(format!(
                "the fallback `{}` is not a candidate",
                cut(fallback)
            )));
        }
        if seen.contains(&fallback.as_str()) {
            return Err(Failure::rejected(format!(
                "the fallback `{}` stands twice, or is the choice itself",
                cut(fallback)
            )));
        }
        seen.push(fallback);
    }
    let confidence = share("the confidence", choice.confidence)?;
    if choice
        .parameters
        .temperature
        .is_some_and(|t| !(0.0..=10.0).contains(&t))
    {
        return Err(Failure::rejected("the temperature is not a number from 0 to 10"));
    }
    let mut estimates = Vec::with_capacity(choice.estimates.len().min(candidates.len()));
    for estimate in choice.estimates {
        if !known(&estimate.model) {
            return Err(Failure::rejected(format!(
                "an estimate names `{}`, which is not a candidate",
                cut(&estimate.model)
            )));
        }
        if estimate.cost_usd.is_some_and(|cost| !(cost >= 0.0 && cost.is_finite())) {
            return Err(Failure::rejected("an estimated cost is not a number of 0 or more"));
        }
        let quality = share("an estimated quality", estimate.quality)?;
        estimates.push(Estimate {
            model: estimate.model,
            quality,
            cost_usd: estimate.cost_usd,
        });
    }
    let parameters = Parameters {
        effort: choice.parameters.effort,
        max_output_tokens: choice.parameters.max_output_tokens,
        temperature: choice.parameters.temperature,
    };
    Ok(Choice {
        model: choice.model,
        fallbacks: choice.fallbacks,
        parameters,
        confidence,
        expected_output_tokens: choice.expected_output_tokens,
        estimates,
        reasons: choice.reasons.into_iter().map(Into::into).collect(),
    })
}

/// Names that a guest made up are shown, but not at any length.
fn cut(name: &str) -> &str {
    &name[..name.floor_char_boundary(80)]
}
