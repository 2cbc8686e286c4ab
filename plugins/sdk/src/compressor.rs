//! Compressors: they say what to leave out of a conversation before it is sent.
use crate::{Change, Compression, Edit, Memory, NewMessage, Policy, Problem, Reason, Role, Turn};

/// A policy that shortens a conversation before it is sent.
pub trait Compressor: Policy {
    /// Says what to change. The budget is `turn.limits().context_tokens`; locked messages stay as they are.
    ///
    /// # Errors
    /// [`Problem::Declined`] where there is nothing to shorten, [`Problem::Failed`] where the policy could not do its
    /// work.
    fn compress(&self, turn: &Turn) -> Result<Compression, Problem>;
}

impl Compression {
    /// These edits, by rising message index; nothing new to remember, no reasons.
    pub fn new(edits: Vec<Edit>) -> Self {
        Self {
            edits,
            remember: None,
            reasons: Vec::new(),
        }
    }

    /// The same compression, and this to remember for the next turn.
    pub fn remembering(self, memory: Memory) -> Self {
        Self {
            remember: Some(memory),
            ..self
        }
    }

    /// The same compression with one more reason: a stable word for machines, and a sentence for people.
    pub fn because(mut self, code: impl Into<String>, text: impl Into<String>) -> Self {
        self.reasons.push(Reason::new(code, text));
        self
    }
}

impl Edit {
    /// A change at one message, with its reason in a few words.
    pub fn new(message: u32, change: Change, reason: impl Into<String>) -> Self {
        Self {
            message,
            change,
            reason: reason.into(),
        }
    }

    /// Leaves a message out.
    pub fn drop(message: u32, reason: impl Into<String>) -> Self {
        Self::new(message, Change::Drop, reason)
    }
}

impl NewMessage {
    /// A message without a speaker's name.
    pub fn new(role: Role, text: impl Into<String>) -> Self {
        Self {
            role,
            name: None,
            text: text.into(),
        }
    }
}
