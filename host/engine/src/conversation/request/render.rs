//! A request as JSON again, to be sent: what nobody changed stands as it came.

use std::borrow::Cow;

use super::Request;
use crate::conversation::Conversation;

impl Request {
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
