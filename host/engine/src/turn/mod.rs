//! One turn, from its request to its usage: pinned to a revision, routed, compressed, and its reply reviewed.

mod ask;
mod asked;
mod begin;
mod end;
mod error;
mod opening;
mod reply;
mod review;
mod send;
mod spoken;

use std::sync::Arc;
use std::time::Instant;

pub use error::TurnError;
pub use reply::Reply;
pub use review::Review;
pub use spoken::Spoken;

use crate::conversation::{Conversation, Message, Purpose};
use crate::decision::{Delta, Memory, Parameters, Record, Verdict};
use crate::engine::Engine;
use crate::memory::MemoryKey;
use crate::model::Model;
use crate::policy::host::{TurnInput, View};
use crate::settings::HoldBack;
use crate::snapshot::Snapshot;
use crate::tokens::{Counts, TokenCount};

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

    fn memory_key(&self, slot: &str) -> Option<MemoryKey> {
        opening::memory_key(&self.input.request, slot)
    }

    fn candidate(&self, name: &str) -> Option<&Model> {
        self.input.candidates.iter().find(|model| model.name == name)
    }

    fn conversation(&self) -> &Conversation {
        &self.view.conversation
    }
}
