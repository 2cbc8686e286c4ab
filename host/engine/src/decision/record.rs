//! The record of a turn: every input of its decisions, what was decided, and how it ended.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::answer::{Parameters, Verdict};
use super::{Decision, Outcome, SlotRecord};
use crate::conversation::{Purpose, RequestedLimits};
use crate::model::{Model, Usage};
use crate::tokens::TokenCount;

/// What was decided on the conversation's turn before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Previous {
    /// The model that answered.
    pub model: String,
    /// The digest of the policy that chose it; empty where none did.
    pub policy: String,
    /// Milliseconds since the Unix epoch.
    pub at_ms: u64,
}

/// How a turn ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum State {
    /// Still on its way.
    Open,
    /// Finished with its usage.
    Finished,
    /// Refused by a guard, before anything was sent.
    Refused,
    /// Dropped by the service before it was finished.
    Abandoned,
    /// No model answered, or none to the end; or a policy failed whose plan is `fail`.
    Failed,
}

/// A call to a model whose reply was not passed on: it failed, or a verdict sent the turn round again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// The model that was asked.
    pub model: String,
    /// Why its reply was not passed on.
    pub why: String,
    /// What was billed for it; `None` where that is not known.
    pub usage: Option<Usage>,
    /// What that cost in USD; `None` where usage or a price is not known.
    pub cost_usd: Option<f64>,
    /// What checkers said of its reply.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slots: Vec<SlotRecord>,
}

/// Everything that is known of one turn's decisions. Enough, with the request, to make them again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Version of this form: 1.
    pub schema: u32,
    /// Names the turn: 32 hexadecimal digits.
    pub turn: String,
    /// The revision that the turn was pinned to.
    pub revision: u64,
    /// How it ended.
    pub state: State,
    /// What the request was for.
    #[serde(default, skip_serializing_if = "is_reply")]
    pub purpose: Purpose,
    /// When it arrived, in milliseconds since the Unix epoch.
    pub at_ms: u64,
    /// Seed of the policies' randomness.
    pub seed: u64,
    /// `xxh3:` of the request's fields and messages.
    pub request: String,
    /// The conversation it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
    /// Who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// What policies could look at.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// What the turn might take.
    pub limits: RequestedLimits,
    /// The models there were to choose from, with prices and health.
    pub candidates: Arc<[Model]>,
    /// The turn before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Previous>,
    /// The slots in the order of the pipeline.
    pub slots: Vec<SlotRecord>,
    /// The model to ask.
    pub model: String,
    /// Models to ask when it fails.
    pub fallbacks: Vec<String>,
    /// What to send along.
    pub parameters: Parameters,
    /// Tokens of the conversation as it came; `None` where no policy and nobody else asked, and so nobody counted.
    pub tokens_before: Option<TokenCount>,
    /// Tokens of the conversation as it is sent; likewise.
    pub tokens_after: Option<TokenCount>,
    /// What was billed for the reply. Where nobody said, and some of it was seen, an estimate that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// What the turn cost in USD, attempts included; `None` where usage or a price is not known.
    pub cost_usd: Option<f64>,
    /// Calls to models whose replies were not passed on, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Attempt>,
    /// Why the turn failed, where it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Microseconds of the turn that passed in the engine, policies included.
    pub engine_us: f64,
}

fn is_reply(purpose: &Purpose) -> bool {
    *purpose == Purpose::Reply
}

impl Record {
    /// The record of no turn: it stands where one was taken out, and allocates nothing.
    pub(crate) fn none() -> Self {
        Record {
            schema: 1,
            turn: String::new(),
            revision: 0,
            state: State::Open,
            purpose: Purpose::Reply,
            at_ms: 0,
            seed: 0,
            request: String::new(),
            conversation: None,
            user: None,
            attributes: BTreeMap::new(),
            limits: RequestedLimits::default(),
            candidates: Arc::default(),
            previous: None,
            slots: Vec::new(),
            model: String::new(),
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

    /// What the reply cost in USD, without the attempts before it; `None` where its usage or a price is not known.
    pub fn reply_cost_usd(&self) -> Option<f64> {
        let usage = self.usage?;
        let model = self.candidates.iter().find(|model| model.name == self.model);
        model?.cost(&usage)
    }

    /// Microseconds that passed in policies, the waiting for them left out.
    pub fn policy_us(&self) -> f64 {
        // Floats' own sum of nothing is minus zero.
        self.slots.iter().fold(0.0, |sum, slot| sum + slot.timing.call_us)
    }

    /// The verdict that counts: the most severe of all slots that enforce.
    pub fn verdict(&self) -> Option<&Verdict> {
        let verdicts = self.slots.iter().filter_map(|slot| match &slot.outcome {
            Outcome::Decided {
                decision: Decision::Review(verdict),
                undone: None,
            } => Some(verdict),
            _ => None,
        });
        verdicts.max_by_key(|verdict| verdict.action.severity())
    }

    /// Slots that were not asked, or failed: what the turn went without.
    pub fn skipped(&self) -> usize {
        let without = |slot: &&SlotRecord| {
            slot.answered_by.is_none() && matches!(slot.outcome, Outcome::Failed { .. } | Outcome::Skipped { .. })
        };
        self.slots.iter().filter(without).count()
    }
}
