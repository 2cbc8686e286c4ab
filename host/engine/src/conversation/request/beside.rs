//! What a service says of a request beside its body.

use std::sync::Arc;

use super::{Candidates, Purpose, Request, RequestedLimits};
use crate::model::Model;

impl Request {
    /// The conversation this request belongs to: what remembers, and what a split assigns by default.
    #[must_use]
    pub fn conversation_id(mut self, id: impl Into<String>) -> Self {
        self.conversation_id = Some(id.into());
        self
    }

    /// The person who asks. Memory is kept by conversation and user.
    #[must_use]
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// Something that policies may look at, such as `tenant` or `tag`.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.attributes.insert(name.into(), value.into());
        self
    }

    /// What the request is for; a reply, where this is not called.
    #[must_use]
    pub fn purpose(mut self, purpose: Purpose) -> Self {
        self.purpose = purpose;
        self
    }

    /// The models to choose among, by name; all that the engine knows, where this is not called.
    #[must_use]
    pub fn candidates<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.candidates = Some(Candidates::Named(names.into_iter().map(Into::into).collect()));
        self
    }

    /// The models to choose among, with prices and health of their own, known to the engine or not.
    #[must_use]
    pub fn candidate_models(self, models: impl IntoIterator<Item = Model>) -> Self {
        self.shared_candidates(models.into_iter().collect())
    }

    /// The same with models that many requests share.
    #[must_use]
    pub fn shared_candidates(mut self, models: Arc<[Model]>) -> Self {
        self.candidates = Some(Candidates::Given(models));
        self
    }

    /// Most tokens of the messages that are sent to the model.
    #[must_use]
    pub fn context_tokens(mut self, tokens: u32) -> Self {
        self.limits.context_tokens = Some(tokens);
        self
    }

    /// What the turn may take, all at once.
    #[must_use]
    pub fn limits(mut self, limits: RequestedLimits) -> Self {
        self.limits = limits;
        self
    }

    /// The tenant's own settings for one slot.
    #[must_use]
    pub fn tenant_settings(mut self, slot: impl Into<String>, settings: serde_json::Value) -> Self {
        self.tenant_settings.insert(slot.into(), settings);
        self
    }

    /// When the request arrived, in milliseconds since the Unix epoch; now, where this is not called.
    #[must_use]
    pub fn at_ms(mut self, at_ms: u64) -> Self {
        self.at_ms = Some(at_ms);
        self
    }

    /// The seed of the policies' randomness; drawn anew, where this is not called.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }
}
