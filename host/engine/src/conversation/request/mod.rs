//! A whole request: the conversation, what else a decision may rest on, and every other field as it came.

mod beside;
mod render;
mod scope;

pub use scope::{Purpose, RequestedLimits};

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::value::RawValue;

use super::asked::{ResponseFormat, ToolDefinition, as_count, as_model, as_string, read, response_format, tools};
use super::error::words;
use super::fields::Fields;
use super::{Conversation, Message, RequestError, parse};
use crate::model::Model;

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
        // It is asked for later; a name that is none is an error now, and not a request without one.
        read(&fields, "model", as_model)?;
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

    /// The messages in order.
    pub fn messages(&self) -> &[Arc<Message>] {
        self.conversation.messages()
    }

    /// The model that the request names.
    pub fn model(&self) -> Option<String> {
        read(&self.fields, "model", as_model).ok().flatten().flatten()
    }

    /// One field beside the messages, as its JSON stands in the request.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name)
    }

    /// Bytes of the request as it came, messages and all other fields.
    pub(crate) fn bytes(&self) -> usize {
        self.fields.bytes()
    }
}
