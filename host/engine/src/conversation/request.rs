//! A whole request: the conversation, what else a decision may rest on, and every other field as it came.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::asked::{ResponseFormat, ToolDefinition, as_count, as_string, read, response_format, tools};
use super::error::words;
use super::fields::Fields;
use super::{Conversation, Message, RequestError, parse};
use crate::model::Model;

/// What a turn may take; `None` is unknown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RequestedLimits {
    /// Most tokens of the reply.
    #[serde(alias = "max-output-tokens")]
    pub max_output_tokens: Option<u32>,
    /// Most tokens of the messages that are sent.
    #[serde(alias = "context-tokens")]
    pub context_tokens: Option<u32>,
    /// Milliseconds within which the reply is wanted.
    #[serde(alias = "time-ms")]
    pub time_ms: Option<u32>,
    /// Most that the call may cost, in USD.
    #[serde(alias = "cost-usd")]
    pub cost_usd: Option<f64>,
}

/// What a request is for. Guards look at every request; routers, compressors and reviews are for those that ask for a reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Purpose {
    /// A model's reply to a conversation.
    #[default]
    Reply,
    /// Vectors for texts, each given as a message.
    Embedding,
    /// The number of its tokens.
    Count,
}

/// One request of a conversation, in the form of OpenAI's chat completions.
///
/// ```
/// use pointsman::Request;
/// let request = Request::from_json(r#"{"model":"auto","messages":[{"role":"user","content":"hello"}],"x":1}"#)?
///     .conversation_id("c-17")
///     .attribute("tenant", "acme")
///     .context_tokens(4_000);
/// assert_eq!(request.messages().len(), 1);
/// assert!(request.to_json().ends_with(r#","x":1}"#));
/// # Ok::<(), pointsman::RequestError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Request {
    fields: Fields,
    pub(crate) conversation: Conversation,
    pub(crate) tools: Arc<Vec<ToolDefinition>>,
    pub(crate) response_format: ResponseFormat,
    pub(crate) limits: RequestedLimits,
    pub(crate) conversation_id: Option<String>,
    pub(crate) user: Option<String>,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) purpose: Purpose,
    pub(crate) candidates: Option<Candidates>,
    pub(crate) tenant_settings: BTreeMap<String, serde_json::Value>,
    pub(crate) at_ms: Option<u64>,
    pub(crate) seed: Option<u64>,
}

/// Which models a request may go to.
#[derive(Clone, Debug)]
pub(crate) enum Candidates {
    /// Some of the engine's.
    Named(Vec<String>),
    /// These.
    Given(Arc<[Model]>),
}

impl Request {
    /// Reads a request body.
    ///
    /// # Errors
    /// See [`RequestError`]: each names the field or the message.
    pub fn from_json(body: &str) -> Result<Self, RequestError> {
        let fields = Fields::read(body)?;
        let messages = fields.get("messages").ok_or(RequestError::NoMessages)?;
        let raw: Vec<Box<RawValue>> = serde_json::from_str(messages).map_err(|error| RequestError::Field {
            field: "messages",
            message: words(&error),
        })?;
        if raw.is_empty() {
            return Err(RequestError::NoMessages);
        }
        let messages: Vec<Arc<Message>> = raw
            .into_iter()
            .enumerate()
            .map(|(i, m)| {
                let origin = Some(i);
                parse::message(i, m).map(|message| Arc::new(Message { origin, ..message }))
            })
            .collect::<Result<_, _>>()?;
        let mut request = Request {
            conversation: Conversation::new(messages)?,
            tools: Arc::new(read(&fields, "tools", tools)?.unwrap_or_default()),
            response_format: read(&fields, "response_format", response_format)?.unwrap_or_default(),
            limits: RequestedLimits::default(),
            conversation_id: None,
            user: read(&fields, "user", as_string)?.flatten(),
            attributes: BTreeMap::new(),
            purpose: Purpose::Reply,
            candidates: None,
            tenant_settings: BTreeMap::new(),
            at_ms: None,
            seed: None,
            fields,
        };
        let most = |field| read(&request.fields, field, as_count).map(Option::flatten);
        request.limits.max_output_tokens = most("max_completion_tokens")?.or(most("max_tokens")?);
        Ok(request)
    }

    /// A request of messages alone, given as a JSON list.
    ///
    /// # Errors
    /// As [`Request::from_json`].
    pub fn from_messages(messages: &serde_json::Value) -> Result<Self, RequestError> {
        Request::from_json(&serde_json::json!({ "messages": messages }).to_string())
    }

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

    /// The messages in order.
    pub fn messages(&self) -> &[Arc<Message>] {
        self.conversation.messages()
    }

    /// The model that the request names.
    pub fn model(&self) -> Option<String> {
        read(&self.fields, "model", as_string).ok().flatten().flatten()
    }

    /// One field beside the messages, as its JSON stands in the request.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name)
    }

    /// Bytes of the request as it came, messages and all other fields.
    pub(crate) fn bytes(&self) -> usize {
        self.fields.bytes()
    }

    /// The fields in which it says how long a reply may be; the newer of the two, where it does not: providers refuse a
    /// request that has both.
    pub(crate) fn output_limits(&self) -> Vec<&'static str> {
        let names = ["max_completion_tokens", "max_tokens"];
        let given = |name: &&str| self.field(name).is_some_and(|json| json != "null");
        match names.iter().copied().filter(given).collect::<Vec<_>>() {
            none if none.is_empty() => vec![names[0]],
            given => given,
        }
    }

    /// The request as JSON: what was not changed stands as it came, in its order.
    pub fn to_json(&self) -> String {
        self.render(None, &self.conversation, &[])
    }

    /// A fast digest of every field: tells requests apart, and proves nothing to anybody.
    pub(crate) fn digest(&self) -> String {
        let mut hash = xxhash_rust::xxh3::Xxh3::new();
        for (name, raw) in self.fields.iter() {
            hash.update(name.as_bytes());
            // The messages have digests of their own.
            hash.update(if name == "messages" { b"null" } else { raw.as_bytes() });
        }
        for message in self.messages() {
            hash.update(&message.digest.to_le_bytes());
        }
        format!("xxh3:{:032x}", hash.digest128())
    }

    /// The request with another model, conversation and parameters. What does not differ stands as it came, byte for
    /// byte; what is new comes at the end.
    pub(crate) fn render(
        &self,
        model: Option<&str>,
        conversation: &Conversation,
        set: &[(&str, serde_json::Value)],
    ) -> String {
        let mut new: Vec<(&str, Cow<'_, str>)> = Vec::with_capacity(set.len() + 2);
        if let Some(model) = model {
            new.push(("model", serde_json::Value::from(model).to_string().into()));
        }
        if !conversation.is_same(&self.conversation) {
            new.push(("messages", messages_json(conversation).into()));
        }
        new.extend(set.iter().map(|(name, value)| (*name, value.to_string().into())));
        self.fields.with(&new)
    }
}

fn messages_json(conversation: &Conversation) -> String {
    let mut out = String::from("[");
    for (index, message) in conversation.messages().iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(message.raw());
    }
    out.push(']');
    out
}
