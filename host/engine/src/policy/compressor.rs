//! Compressors: one call, and its edits in plain words. Whether they may be carried out is for [`crate::edit`] to say.

use std::sync::Arc;

use wasmtime::component::Resource;

use super::call::{Called, Policy};
use super::contract::v0_1::compressor::exports::pointsman::policy::compressor as wit;
use super::contract::v0_1::compressor::pointsman::policy::edits;
use super::contract::v0_1::router::pointsman::policy::conversation;
use super::host::Call;
use super::live::{Answer, Bindings, Live};
use super::remembered;
use super::router::{Said, said, wrong_kind};
use crate::decision::{Change, Compression, Edit, NewMessage, PartText};
use crate::sandbox::failure::Failure;

impl Policy {
    /// Asks a compressor.
    pub(crate) async fn compress(self: &Arc<Self>, call: Call) -> Called<Said<Compression>> {
        self.call(call, Live::compress).await
    }
}

impl Live {
    /// Asks the instance for edits to its turn's conversation.
    pub(crate) fn compress(&mut self) -> Answer<Said<Compression>> {
        let Bindings::Compressor(policy) = &self.bindings else {
            return Ok(Err(wrong_kind("compressor")));
        };
        let answer = policy
            .pointsman_policy_compressor()
            .call_compress(&mut self.store, Resource::new_borrow(0))?;
        Ok(said(answer, plain))
    }
}

fn plain(compression: wit::Compression) -> Result<Compression, Failure> {
    if let Some(memory) = &compression.remember {
        remembered::check(memory)?;
    }
    Ok(Compression {
        edits: compression.edits.into_iter().map(edit).collect(),
        remember: compression.remember,
        reasons: compression.reasons.into_iter().map(Into::into).collect(),
    })
}

/// An edit in plain words.
pub(super) fn edit(edit: edits::Edit) -> Edit {
    let change = match edit.change {
        edits::Change::Drop => Change::Drop,
        edits::Change::DropParts(parts) => Change::DropParts(parts),
        edits::Change::ReplaceParts(parts) => Change::ReplaceParts(
            parts
                .into_iter()
                .map(|p| PartText {
                    part: p.part,
                    text: p.text,
                })
                .collect(),
        ),
        edits::Change::Replace(message) => Change::Replace(new_message(message)),
        edits::Change::Insert(message) => Change::Insert(new_message(message)),
        edits::Change::Other(word) => Change::Other(word),
    };
    Edit {
        message: edit.message,
        change,
        reason: edit.reason,
    }
}

fn new_message(message: edits::NewMessage) -> NewMessage {
    let role = match message.role {
        conversation::Role::System => "system".to_owned(),
        conversation::Role::Developer => "developer".to_owned(),
        conversation::Role::User => "user".to_owned(),
        conversation::Role::Assistant => "assistant".to_owned(),
        conversation::Role::Tool => "tool".to_owned(),
        conversation::Role::Other(role) => role,
    };
    NewMessage {
        role,
        name: message.name,
        text: message.text,
    }
}
