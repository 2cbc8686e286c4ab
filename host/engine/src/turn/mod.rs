//! One turn, from its request to its usage: pinned to a revision, routed, compressed, and its reply reviewed.

mod ask;
mod begin;
mod opening;
mod reply;
mod review;
mod spoken;

use std::sync::Arc;
use std::time::Instant;

pub use reply::Reply;
pub use review::Review;
pub use spoken::Spoken;

use crate::conversation::{Conversation, Message, Purpose, RequestError};
use crate::decision::{Attempt, Decision, Delta, Memory, Outcome, Parameters, Previous, Record, State, Verdict};
use crate::engine::{Engine, Recorded};
use crate::memory::MemoryKey;
use crate::model::{Model, Usage};
use crate::policy::host::{TurnInput, View};
use crate::sandbox::failure::Failure;
use crate::settings::HoldBack;
use crate::snapshot::Snapshot;
use crate::tokens::{Counts, TokenCount};

/// Why a turn cannot go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TurnError {
    /// The request cannot be taken.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The request names a candidate that the engine does not know.
    #[error("the candidate `{name}` is not among the models: known are {}", known.join(", "))]
    UnknownCandidate {
        /// The name.
        name: String,
        /// The models there are.
        known: Vec<String>,
    },
    /// The request leaves no candidate.
    #[error("the request names an empty list of candidates: name at least one model, or none to choose among all")]
    NoCandidates,
    /// A policy failed, and its slot's plan is `fail`, as it is for guards unless they are told otherwise.
    #[error("slot `{slot}` failed, and its plan is to fail: {failure}")]
    Policy {
        /// The slot.
        slot: String,
        /// What happened.
        failure: Failure,
    },
    /// A guard refused the request, and it was to be sent all the same.
    #[error("the request was refused: {0}")]
    Refused(String),
}

/// One turn. Dropped before [`Turn::finish`], it is recorded as abandoned, unless a policy failed whose plan is `fail`.
///
/// ```
/// # tokio_test(async {
/// use pointsman::{Engine, Model, Reply, Request, Settings, Usage};
/// let engine = Engine::builder(Settings::new([Model::named("small").priced(0.15, 0.6)])).build().await?;
/// let request = Request::from_json(r#"{"messages":[{"role":"user","content":"hello"}]}"#)?;
/// let mut turn = engine.begin(request).await?;
/// assert_eq!(turn.model(), "small");
/// if let Some(words) = turn.refusal() {
///     // A guard refused it: tell whoever asked, and send nothing. Dropping the turn records it.
///     return Err(words.into());
/// }
/// let request = turn.request_json()?;
/// // ... ask the model with it ...
/// let verdict = turn.check(&Reply::text("Hello! How can I help?").finished("stop")).await?;
/// assert_eq!(verdict.action.word(), "accept");
/// let record = turn.finish(Some(Usage::new(8, 7))).await;
/// assert!(record.cost_usd.is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # });
/// # fn tokio_test(future: impl Future<Output = Result<(), Box<dyn std::error::Error>>>) {
/// #     tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future).unwrap();
/// # }
/// ```
pub struct Turn {
    engine: Engine,
    snapshot: Arc<Snapshot>,
    input: Arc<TurnInput>,
    /// The arm of each slot.
    arms: Vec<usize>,
    view: View,
    /// Of the conversation before compressors, as the chosen model counts it.
    whole: Arc<Counts>,
    record: Record,
    refusal: Option<String>,
    /// How many slots had decided when the request was ready to be sent: reviews come after them in the record.
    decided: usize,
    remember: Vec<(MemoryKey, Memory)>,
    /// The reply so far, where the recorder keeps replies.
    fed: Vec<Delta>,
    /// Bytes of the reply so far.
    seen_bytes: u64,
    started: Instant,
    done: bool,
}

impl std::fmt::Debug for Turn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Turn")
            .field("record", &self.record)
            .finish_non_exhaustive()
    }
}

impl Turn {
    /// The model to ask.
    pub fn model(&self) -> &str {
        &self.record.model
    }

    /// Models to ask when it fails, in this order.
    pub fn fallbacks(&self) -> &[String] {
        &self.record.fallbacks
    }

    /// Parameters to send along.
    pub fn parameters(&self) -> &Parameters {
        &self.record.parameters
    }

    /// The messages to send, each as it came unless a policy changed it.
    pub fn messages(&self) -> &[Arc<Message>] {
        self.view.conversation.messages()
    }

    /// Tokens of the messages to send. They are counted now, where no policy has asked for them before; the record of a turn
    /// that nobody asked says `null`.
    pub fn tokens(&self) -> TokenCount {
        self.view.counts.total()
    }

    /// The request to send: the chosen model, the messages, the router's parameters, and every other field as it came.
    ///
    /// # Errors
    /// A guard refused the request: nothing is to be sent. See [`Turn::refusal`].
    pub fn request_json(&self) -> Result<String, TurnError> {
        self.request_json_for(&self.record.model, &[])
    }

    /// The request to send to another model, or to a provider that knows the model by another name, with further fields
    /// set. What nobody changed stands as it came, byte for byte.
    ///
    /// # Errors
    /// As [`Turn::request_json`].
    pub fn request_json_for(&self, model: &str, further: &[(&str, serde_json::Value)]) -> Result<String, TurnError> {
        self.not_refused()?;
        let parameters = &self.record.parameters;
        let mut set = Vec::new();
        if let Some(effort) = &parameters.effort {
            set.push(("reasoning_effort", effort.as_str().into()));
        }
        if let Some(temperature) = parameters.temperature {
            set.push(("temperature", f64::from(temperature).into()));
        }
        if let Some(tokens) = parameters.max_output_tokens {
            let names = self.input.request.output_limits();
            set.extend(names.into_iter().map(|name| (name, tokens.into())));
        }
        set.extend(further.iter().cloned());
        Ok(self.input.request.render(Some(model), &self.view.conversation, &set))
    }

    /// The slots of the turn's revision that are not off, in their order, and the digest of the policy that each runs for this
    /// turn.
    pub fn policies(&self) -> impl Iterator<Item = (&str, &str)> {
        let on = |slot: &crate::snapshot::Slot| slot.settings.mode != crate::settings::Mode::Off;
        let slots = self
            .snapshot
            .slots
            .iter()
            .zip(&self.arms)
            .filter(move |(slot, _)| on(slot));
        slots.map(|(slot, arm)| (&*slot.name, slot.arms[*arm].policy.reference.digest.as_str()))
    }

    /// Whether policies left the messages and the parameters as they came, so that only the model is theirs.
    pub fn is_unchanged(&self) -> bool {
        self.record.parameters == Parameters::default()
            && self.view.conversation.is_same(&self.input.request.conversation)
    }

    /// Whether checkers will look at the reply: where none will, it need not be read for them.
    pub fn has_reviewers(&self) -> bool {
        let reply = self.input.request.purpose == Purpose::Reply;
        reply && (self.engine.inner.fixed.is_some() || self.reviewers().next().is_some())
    }

    /// How much of a stream is to wait for the checkers that will look at it and enforce.
    pub fn hold_back(&self) -> HoldBack {
        let enforcing = self.reviewers().filter(|slot| self.enforces(*slot));
        enforcing.fold(HoldBack::default(), |most, slot| {
            most.most(self.settings(slot).hold_back)
        })
    }

    /// What to tell the one who asked, where a guard refused the request: nothing is to be sent then.
    pub fn refusal(&self) -> Option<&str> {
        self.refusal.as_deref()
    }

    fn not_refused(&self) -> Result<(), TurnError> {
        match &self.refusal {
            Some(words) => Err(TurnError::Refused(words.clone())),
            None => Ok(()),
        }
    }

    /// What is known of the turn so far.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Reviews a whole reply. The verdict is the most severe of all checkers that enforce; without any, accept.
    ///
    /// # Errors
    /// A checker failed whose plan is `fail`, or the request was refused.
    pub async fn check(&mut self, reply: &Reply) -> Result<Verdict, TurnError> {
        let mut review = self.review().await?;
        if let Some(verdict) = review.feed(reply.deltas()).await? {
            return Ok(verdict);
        }
        review.finish().await
    }

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
    fn failed(&mut self, error: &TurnError) {
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
                } => Some(slot.policy.digest.clone()),
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

    fn memory_key(&self, slot: &str) -> Option<MemoryKey> {
        opening::memory_key(&self.input.request, slot)
    }

    fn candidate(&self, name: &str) -> Option<&Model> {
        self.input.candidates.iter().find(|model| model.name == name)
    }

    fn conversation(&self) -> &Conversation {
        &self.view.conversation
    }

    /// The record, once it was handed on: the drop guard keeps the turn whole, and looks at it no more.
    fn take_record(&mut self) -> Record {
        std::mem::replace(&mut self.record, Record::none())
    }

    /// Writes down what was counted.
    fn note_tokens(&mut self) {
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
                self.price_as_far_as_known();
            }
            self.close();
        }
    }
}
