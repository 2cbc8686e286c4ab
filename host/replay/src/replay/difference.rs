//! What a candidate decided, beside what was recorded.

use std::collections::BTreeMap;

use pointsman::{Content, Decision, Delta, Message, Outcome, Part, PolicyKind, SlotRecord, TokenCount};
use serde::{Deserialize, Serialize};

/// One slot's part in a turn, in the few words and numbers that are compared.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// The model, the action, or what became of the messages.
    pub what: String,
    /// Why, in the policy's words.
    pub why: Vec<String>,
    /// Tokens that are sent: compressors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<u32>,
    /// What the call to the model costs in USD with the usage that was billed; `None` where usage or a price is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_usd: Option<f64>,
    /// A router's confidence or a checker's score, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
    /// Microseconds of the calls.
    pub call_us: f32,
}

/// One turn as it was and as it would have been.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The turn.
    pub id: String,
    /// File and line.
    pub place: String,
    /// Whether both come to the same: the same model, the same edits, the same action, whatever their reasons.
    pub same: bool,
    /// What was recorded.
    pub recorded: Told,
    /// What the candidate said.
    pub candidate: Told,
    /// The conversation, where the decisions differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<Conversation>,
}

/// The messages of a turn, and the reply.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// As they came: role and text.
    pub before: Vec<(String, String)>,
    /// As they were sent then; `None` where nothing was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Vec<(String, String)>>,
    /// As the candidate would have them sent; `None` where it changes nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Vec<(String, String)>>,
    /// What the model replied, where a checker judges it: one text for each choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reply: Vec<(String, String)>,
}

/// Characters of a message that a report keeps.
const LONGEST: usize = 1_200;

/// Role and text of messages.
pub(super) fn texts<'a>(messages: impl IntoIterator<Item = &'a std::sync::Arc<Message>>) -> Vec<(String, String)> {
    messages
        .into_iter()
        .map(|message| (message.role.as_str().to_owned(), text(message)))
        .collect()
}

fn text(message: &Message) -> String {
    let parts = message.parts.iter().map(|part| match part {
        Part::Text(text) | Part::Reasoning(text) | Part::Refusal(text) => text.clone(),
        Part::ToolCall(call) => format!("→ {}({})", call.name, call.arguments),
        Part::ToolResult(result) => result.text.clone(),
        _ => "[not text]".to_owned(),
    });
    short(parts.collect::<Vec<_>>().join("\n"))
}

fn short(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}… ({} characters)", &text[..at], text.chars().count()),
        None => text,
    }
}

/// What a reply's pieces come to, choice by choice, with why each ended.
pub(super) fn replied(pieces: &[Delta]) -> Vec<(String, String)> {
    let mut choices: BTreeMap<u32, String> = BTreeMap::new();
    for piece in pieces {
        let text = choices.entry(piece.choice).or_default();
        match &piece.content {
            Content::Text(more) | Content::Reasoning(more) | Content::ToolArguments(more) => text.push_str(more),
            Content::Finish(why) => text.push_str(&format!("\n[ended: {why}]")),
            _ => text.push_str("[not text]"),
        }
    }
    let one = choices.len() == 1;
    let said = choices.into_iter().map(|(choice, text)| {
        let who = if one {
            "reply".to_owned()
        } else {
            format!("reply, choice {choice}")
        };
        (who, short(text))
    });
    said.collect()
}

impl Told {
    /// A slot's part in words. `tokens` are those of the conversation before it.
    pub(super) fn of(slot: &SlotRecord, tokens: Option<TokenCount>) -> Self {
        let mut told = Told {
            call_us: slot.timing.call_us as f32,
            ..Told::default()
        };
        if slot.kind == PolicyKind::Compressor {
            told.tokens = tokens.map(|count| count.tokens);
        }
        match &slot.outcome {
            Outcome::Decided { decision, .. } => told.decided(decision, slot),
            Outcome::Declined { reason } => {
                told.what = "declined".to_owned();
                told.why = vec![reason.clone()];
            }
            Outcome::Failed { kind, message, .. } => {
                told.what = format!("failed: {kind}");
                told.why = vec![message.clone()];
            }
            Outcome::Skipped { reason } => told.what = format!("skipped: {reason:?}"),
            _ => told.what = "unknown".to_owned(),
        }
        told
    }

    fn decided(&mut self, decision: &Decision, slot: &SlotRecord) {
        let reasons = |reasons: &[pointsman::Reason]| reasons.iter().map(|reason| reason.text.clone()).collect();
        let findings = |findings: &[pointsman::Finding]| findings.iter().map(|finding| finding.text.clone()).collect();
        match decision {
            Decision::Route(choice) => {
                self.what.clone_from(&choice.model);
                self.why = reasons(&choice.reasons);
                self.score = choice.confidence;
            }
            Decision::Compress(compression) => {
                let gains = slot
                    .tokens_after
                    .zip(slot.tokens_before)
                    .filter(|(after, before)| after.tokens < before.tokens);
                let what = if gains.is_some() {
                    "compressed"
                } else {
                    "left as it came"
                };
                what.clone_into(&mut self.what);
                self.tokens = gains.map(|(after, _)| after.tokens).or(self.tokens);
                self.why = reasons(&compression.reasons);
            }
            Decision::Review(verdict) => {
                self.what = verdict.action.word().to_owned();
                self.why = findings(&verdict.findings);
                self.score = verdict.score;
            }
            Decision::Guard(guard) => {
                self.what = guard.action.word().to_owned();
                self.why = findings(&guard.findings);
                self.score = guard.score;
            }
            _ => "unknown".clone_into(&mut self.what),
        }
    }
}

impl Difference {
    /// How large a difference is: in cost where that is known on both sides, else in tokens, else in scores.
    pub fn size(&self) -> f64 {
        if self.same {
            return 0.0;
        }
        let apart = |a: Option<f64>, b: Option<f64>| Some((a? - b?).abs()).filter(|apart| *apart > 0.0);
        let tokens = |told: &Told| told.tokens.map(f64::from);
        let score = |told: &Told| told.score.map(f64::from);
        // A dollar is more than a million tokens, and a token more than any score.
        apart(self.recorded.cost_usd, self.candidate.cost_usd)
            .map(|usd| usd * 1e12)
            .or_else(|| apart(tokens(&self.recorded), tokens(&self.candidate)).map(|tokens| tokens * 1e3))
            .or_else(|| apart(score(&self.recorded), score(&self.candidate)))
            .unwrap_or(f64::MIN_POSITIVE)
    }
}
