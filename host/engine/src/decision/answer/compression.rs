//! What a compressor answers: edits, and what to remember.

use serde::{Deserialize, Serialize};

use super::Reason;
use crate::decision::Memory;

/// A message that a policy writes. The role is spelt as in the chat API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewMessage {
    /// Who speaks.
    pub role: String,
    /// The speaker's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The text.
    pub text: String,
}

/// A new text for one part of a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartText {
    /// The part, from 0.
    pub part: u32,
    /// The new text.
    pub text: String,
}

/// One change to a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Change {
    /// Leave the message out.
    Drop,
    /// Leave these parts out.
    DropParts(Vec<u32>),
    /// Put new texts in the place of some parts.
    ReplaceParts(Vec<PartText>),
    /// Put another message in its place.
    Replace(NewMessage),
    /// Put a message before it.
    Insert(NewMessage),
    /// A change that this host has no word for.
    Other(String),
}

/// One change at one message, with its reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    /// The message, from 0.
    pub message: u32,
    /// What to do.
    pub change: Change,
    /// Why.
    pub reason: String,
}

/// A compressor's decision.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Compression {
    /// What to change.
    pub edits: Vec<Edit>,
    /// What to give back on the next turn; `None` keeps what is remembered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remember: Option<Memory>,
    /// Why.
    #[serde(default)]
    pub reasons: Vec<Reason>,
}
