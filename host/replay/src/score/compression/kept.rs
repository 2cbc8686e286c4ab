//! What is left of a conversation after its edits, and whether the evidence is among it.

use std::collections::BTreeMap;
use std::sync::Arc;

use pointsman::{Change, Decision, Message, Part, PolicyKind, Record};
use serde::{Deserialize, Serialize};

use super::super::answer;
use crate::case::Question;
use crate::figures::{CompressionRow, survives};

/// What was kept of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompressionPrediction {
    pub(super) id: serde_json::Value,
    /// The question's index; `None` for a compression that saw none.
    pub(super) question: Option<usize>,
    /// Messages that are still there.
    pub(super) kept: Vec<usize>,
    /// New texts of those that were changed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) text: BTreeMap<usize, String>,
    pub(super) tokens_before: u32,
    pub(super) tokens_after: u32,
}

impl CompressionPrediction {
    /// Carries the compressor's edits out, where they would be carried out on live traffic.
    pub(super) fn edit(&mut self, record: &Record, messages: &[Arc<Message>], question: u32) -> Result<(), String> {
        let slot = answer::slot(record, PolicyKind::Compressor)?;
        let (Some(Decision::Compress(compression)), Some(before), Some(after)) =
            (answer::decided(slot)?, slot.tokens_before, slot.tokens_after)
        else {
            return Ok(());
        };
        if after.tokens >= before.tokens {
            return Ok(());
        }
        self.tokens_after = after.tokens.saturating_sub(question);
        for edit in &compression.edits {
            let index = edit.message as usize;
            match &edit.change {
                Change::Drop => self.kept.retain(|kept| *kept != index),
                Change::Replace(new) => drop(self.text.insert(index, new.text.clone())),
                Change::DropParts(dropped) => {
                    self.set_parts(index, messages, |part| dropped.contains(&part).then(String::new))
                }
                Change::ReplaceParts(new) => self.set_parts(index, messages, |part| {
                    new.iter().find(|text| text.part == part).map(|text| text.text.clone())
                }),
                _ => {}
            }
        }
        Ok(())
    }

    fn set_parts(&mut self, index: usize, messages: &[Arc<Message>], new: impl Fn(u32) -> Option<String>) {
        let parts = messages
            .get(index)
            .into_iter()
            .flat_map(|message| message.parts.iter())
            .enumerate();
        let texts: Vec<String> = parts
            .map(|(at, part)| new(at as u32).unwrap_or_else(|| text_of(part)))
            .collect();
        self.text.insert(index, texts.join(" "));
    }

    pub(super) fn row(&self, messages: &[Arc<Message>], counts: &[u32], question: &Question) -> CompressionRow {
        let alive = |index: &usize| {
            let text = messages
                .get(*index)
                .map(|message| message.parts.iter().map(text_of).collect::<Vec<_>>().join(" "));
            self.kept.contains(index)
                && self
                    .text
                    .get(index)
                    .is_none_or(|new| survives(&text.unwrap_or_default(), new))
        };
        let alive: Vec<bool> = question.evidence.iter().map(alive).collect();
        let tokens = question
            .evidence
            .iter()
            .map(|index| u64::from(counts.get(*index).copied().unwrap_or(0)));
        let surviving = tokens
            .clone()
            .zip(&alive)
            .filter(|(_, alive)| **alive)
            .map(|(tokens, _)| tokens)
            .sum();
        CompressionRow {
            // Cases are numbered where all of them stand together.
            conversation: 0,
            evidence_tokens: (surviving, tokens.sum()),
            survives: alive,
            kept: f64::from(self.tokens_after) / f64::from(self.tokens_before),
            category: question.category.clone(),
        }
    }
}

fn text_of(part: &Part) -> String {
    match part {
        Part::Text(text) | Part::Reasoning(text) | Part::Refusal(text) => text.clone(),
        Part::ToolResult(result) => result.text.clone(),
        _ => String::new(),
    }
}
