//! A conversation as policies see it, parsed from a request and still able to give every byte of it back.

mod asked;
mod content;
mod error;
mod fields;
mod message;
mod object;
mod parse;
mod patch;
mod request;

pub use asked::{ResponseFormat, ToolDefinition};
pub use error::RequestError;
pub use message::{Media, MediaSource, Message, Part, Role, ToolCall, ToolResult};
pub(crate) use patch::{drop_parts, replace_parts, write_message};
pub(crate) use request::Candidates;
pub use request::{Purpose, Request, RequestedLimits};

use std::sync::Arc;

/// The messages of a request in order, with what ties them together.
///
/// Cloning is cheap: everything is shared.
#[derive(Clone, Debug, Default)]
pub struct Conversation(Arc<Tied>);

/// Messages, and for each its tool exchange and whether it is locked.
#[derive(Debug, Default)]
struct Tied {
    messages: Vec<Arc<Message>>,
    exchanges: Vec<Option<u32>>,
    locked: Vec<bool>,
}

impl Conversation {
    /// Ties tool results to their calls and finds what must not be edited.
    ///
    /// # Errors
    /// A tool result that answers no earlier call.
    pub fn new(messages: Vec<Arc<Message>>) -> Result<Self, RequestError> {
        let exchanges = exchanges(&messages)?;
        let mut locked: Vec<bool> = messages
            .iter()
            .map(|m| matches!(m.role, Role::System | Role::Developer))
            .collect();
        if let Some(last_user) = messages.iter().rposition(|m| m.role == Role::User) {
            locked[last_user] = true;
        }
        // The end of the conversation is what the model answers to, together with the exchange it belongs to.
        if let Some(last) = messages.len().checked_sub(1) {
            locked[last] = true;
            if let Some(open) = exchanges[last] {
                for (lock, exchange) in locked.iter_mut().zip(&exchanges) {
                    *lock |= *exchange == Some(open);
                }
            }
        }
        Ok(Conversation(Arc::new(Tied {
            messages,
            exchanges,
            locked,
        })))
    }

    /// Number of messages.
    pub fn len(&self) -> usize {
        self.0.messages.len()
    }

    /// Whether there is no message.
    pub fn is_empty(&self) -> bool {
        self.0.messages.is_empty()
    }

    /// The messages in order.
    pub fn messages(&self) -> &[Arc<Message>] {
        &self.0.messages
    }

    /// Whether these are the very same messages, none edited and none left out.
    pub(crate) fn is_same(&self, other: &Conversation) -> bool {
        let (own, others) = (self.messages(), other.messages());
        own.len() == others.len() && own.iter().zip(others).all(|(a, b)| Arc::ptr_eq(a, b))
    }

    /// The number of the tool exchange that a message belongs to.
    pub fn exchange(&self, index: usize) -> Option<u32> {
        self.0.exchanges.get(index).copied().flatten()
    }

    /// Whether a message must not be edited: system and developer messages, the last user message, the last message.
    pub fn is_locked(&self, index: usize) -> bool {
        self.0.locked.get(index).copied().unwrap_or(false)
    }
}

/// Numbers the tool exchanges: a message with calls opens one, its results join it.
fn exchanges(messages: &[Arc<Message>]) -> Result<Vec<Option<u32>>, RequestError> {
    let mut open: std::collections::HashMap<&str, u32> = std::collections::HashMap::new();
    let mut next = 0;
    let mut out = Vec::with_capacity(messages.len());
    for (index, message) in messages.iter().enumerate() {
        let mut own = None;
        for part in &message.parts {
            match part {
                Part::ToolCall(call) => {
                    let number = *own.get_or_insert(next);
                    // An identifier may come again in a long conversation: the latest call is meant.
                    open.insert(&call.id, number);
                    next = number + 1;
                }
                // Where the request names no call, there is none to be tied to.
                Part::ToolResult(result) if result.call_id.is_empty() => {}
                Part::ToolResult(result) => match open.get(result.call_id.as_str()) {
                    Some(number) => own = Some(*number),
                    None => {
                        return Err(RequestError::OrphanedToolResult {
                            index,
                            call_id: result.call_id.clone(),
                        });
                    }
                },
                _ => {}
            }
        }
        out.push(own);
    }
    Ok(out)
}

#[cfg(test)]
mod tests;
