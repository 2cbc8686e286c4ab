//! What a policy may do to a conversation, checked, and then done: all of it or nothing.

mod error;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use self::error::EditError;

use crate::conversation::{Conversation, Message, Request, Role, drop_parts, replace_parts, write_message};
use crate::decision::{Change, Edit, NewMessage};
use crate::sandbox::failure::Failure;

/// Whether the lock of a message holds for an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Locks {
    /// It does: compressors.
    Hold,
    /// It does not: a guard masks what must not be sent, wherever it stands.
    Yield,
}

/// Carries out edits.
///
/// # Errors
/// The first edit that may not be carried out; the conversation is then as it was.
pub(crate) fn apply(conversation: &Conversation, edits: &[Edit], locks: Locks) -> Result<Conversation, EditError> {
    check_places(conversation, edits, locks)?;
    check_exchanges(conversation, edits)?;
    let old = conversation.messages();
    let mut new: Vec<Arc<Message>> = Vec::with_capacity(old.len());
    let mut edits = edits.iter().enumerate().peekable();
    for index in 0..=old.len() {
        let mut keep = old.get(index).cloned();
        while let Some((at, edit)) = edits.next_if(|(_, edit)| edit.message as usize == index) {
            let fault = |message: String| EditError::Change { edit: at, message };
            match (&edit.change, &keep) {
                (Change::Insert(message), _) => new.push(Arc::new(written(message).map_err(fault)?)),
                (Change::Drop, _) => keep = None,
                (Change::DropParts(parts), Some(message)) => {
                    keep = Some(Arc::new(
                        drop_parts(message, &rising(parts).map_err(fault)?).map_err(fault)?,
                    ));
                }
                (Change::ReplaceParts(texts), Some(message)) => {
                    rising(&texts.iter().map(|t| t.part).collect::<Vec<_>>()).map_err(fault)?;
                    let texts: Vec<_> = texts.iter().map(|t| (t.part as usize, t.text.as_str())).collect();
                    keep = Some(Arc::new(replace_parts(message, &texts).map_err(fault)?));
                }
                (Change::Replace(message), _) => keep = Some(Arc::new(written(message).map_err(fault)?)),
                (Change::Other(word), _) => return Err(fault(format!("this host does not know the change `{word}`"))),
                (_, None) => return Err(fault("the message is gone already".to_owned())),
            }
        }
        new.extend(keep);
    }
    if new.is_empty() {
        return Err(EditError::Empty);
    }
    Conversation::new(new).map_err(|error| EditError::Change {
        edit: 0,
        message: error.to_string(),
    })
}

impl Request {
    /// The messages as they are with a decision's edits, for those who show what was decided. Locks do not hold: what a guard
    /// masks may stand in any message.
    ///
    /// # Errors
    /// The first edit that may not be carried out.
    pub fn edited(&self, edits: &[Edit]) -> Result<Vec<Arc<Message>>, EditError> {
        apply(&self.conversation, edits, Locks::Yield).map(|edited| edited.messages().to_vec())
    }
}

fn check_places(conversation: &Conversation, edits: &[Edit], locks: Locks) -> Result<(), EditError> {
    let length = conversation.len();
    // Where the next change may be: inserts share the place of the change that follows them.
    let mut free = 0;
    for (at, edit) in edits.iter().enumerate() {
        let (message, insert) = (edit.message, matches!(edit.change, Change::Insert(_)));
        let index = message as usize;
        if index > length || (index == length && !insert) {
            return Err(EditError::OutOfRange {
                edit: at,
                message,
                length,
            });
        }
        if index < free {
            return Err(EditError::Order { edit: at, message });
        }
        free = if insert { index } else { index + 1 };
        if !insert && locks == Locks::Hold && conversation.is_locked(index) {
            return Err(EditError::Locked { edit: at, message });
        }
        let before = index.checked_sub(1).and_then(|before| conversation.exchange(before));
        if insert && before.is_some() && before == conversation.exchange(index) {
            return Err(EditError::BetweenExchange { edit: at });
        }
    }
    Ok(())
}

/// The messages of one exchange go together, by a drop or a replacement, or stay together.
fn check_exchanges(conversation: &Conversation, edits: &[Edit]) -> Result<(), EditError> {
    let mut gone = vec![false; conversation.len()];
    for edit in edits {
        if matches!(edit.change, Change::Drop | Change::Replace(_)) {
            gone[edit.message as usize] = true;
        }
    }
    let mut stays = std::collections::BTreeSet::new();
    for (index, gone) in gone.iter().enumerate() {
        if let (Some(exchange), false) = (conversation.exchange(index), gone) {
            stays.insert(exchange);
        }
    }
    for (index, gone) in gone.iter().enumerate() {
        if let (Some(exchange), true) = (conversation.exchange(index), gone)
            && stays.contains(&exchange)
        {
            return Err(EditError::TornExchange {
                message: index,
                exchange,
            });
        }
    }
    Ok(())
}

/// What edits come to; nothing, where there are none.
///
/// # Errors
/// They may not be carried out, which is a failure of the policy that asked for them.
pub(crate) fn edited(
    conversation: &Conversation,
    edits: &[Edit],
    locks: Locks,
) -> Result<Option<Conversation>, Failure> {
    if edits.is_empty() {
        return Ok(None);
    }
    apply(conversation, edits, locks)
        .map(Some)
        .map_err(|error| Failure::rejected(error.to_string()))
}

fn rising(parts: &[u32]) -> Result<Vec<usize>, String> {
    if parts.windows(2).any(|pair| pair[0] >= pair[1]) {
        return Err("parts must be listed by rising number, each once".to_owned());
    }
    Ok(parts.iter().map(|part| *part as usize).collect())
}

fn written(message: &NewMessage) -> Result<Message, String> {
    let role = match message.role.as_str() {
        "system" => Role::System,
        "developer" => Role::Developer,
        "user" => Role::User,
        "assistant" => Role::Assistant,
        other => return Err(format!("a policy cannot write a message of role `{other}`")),
    };
    write_message(&role, message.name.as_deref(), &message.text)
}
