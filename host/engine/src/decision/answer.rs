//! The answers of the three kinds of policies.

use serde::{Deserialize, Serialize};

/// One reason for a decision.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// A stable word for machines, such as `rule:translation`.
    pub code: String,
    /// A sentence for people.
    pub text: String,
    /// How much it weighed, where that can be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f32>,
}

/// Parameters that a router sends along.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Parameters {
    /// Reasoning effort, in the provider's own word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effort: Option<String>,
    /// Most tokens of the reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u32>,
    /// Sampling temperature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f32>,
}

/// What a router expects of one candidate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The candidate.
    pub model: String,
    /// Expected quality, 0 to 1.
    pub quality: Option<f32>,
    /// Expected cost of the call, in USD.
    pub cost_usd: Option<f64>,
}

/// A router's decision.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// The candidate that was chosen.
    pub model: String,
    /// Candidates to try when it fails, in this order.
    #[serde(default)]
    pub fallbacks: Vec<String>,
    /// What to send along.
    #[serde(default)]
    pub parameters: Parameters,
    /// How sure the router is, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
    /// Tokens that the reply is expected to have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_output_tokens: Option<u32>,
    /// What it expects of the candidates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub estimates: Vec<Estimate>,
    /// Why.
    #[serde(default)]
    pub reasons: Vec<Reason>,
}

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
    pub remember: Option<super::Memory>,
    /// Why.
    #[serde(default)]
    pub reasons: Vec<Reason>,
}

/// Bytes `start..end` of a text in UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// Which text a finding is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// A message of the request, by index.
    Message(u32),
    /// A choice of the reply.
    Reply(u32),
    /// Nowhere in particular.
    Whole,
}

/// Something that a checker found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// A stable word for machines, such as `refusal`.
    pub code: String,
    /// A sentence for people.
    pub text: String,
    /// Where.
    pub place: Place,
    /// Which bytes of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// How sure, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
}

/// What a guard wants done with a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum GuardAction {
    /// Let it pass.
    Pass,
    /// Change it first.
    Mask(Vec<Edit>),
    /// Do not send it, for this reason.
    Refuse(String),
}

/// A decision on a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuardDecision {
    /// What to do.
    pub action: GuardAction,
    /// What was found.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// How bad, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
}

/// What a checker wants done with a reply, the mildest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Action {
    /// Let it pass.
    #[default]
    Accept,
    /// Let it pass, and say what was found.
    Flag,
    /// Put a better text in the place of one choice.
    Repair {
        /// The choice, from 0.
        choice: u32,
        /// The whole new text.
        text: String,
    },
    /// Ask the same model once more, with this hint.
    Retry(Option<String>),
    /// Ask a stronger model.
    Escalate,
    /// Do not pass it on, for this reason.
    Block(String),
}

impl Action {
    /// The action in one word.
    pub fn word(&self) -> &'static str {
        match self {
            Action::Accept => "accept",
            Action::Flag => "flag",
            Action::Repair { .. } => "repair",
            Action::Retry(_) => "retry",
            Action::Escalate => "escalate",
            Action::Block(_) => "block",
        }
    }

    /// 0 for the mildest: of several verdicts the most severe is carried out.
    pub fn severity(&self) -> u8 {
        match self {
            Action::Accept => 0,
            Action::Flag => 1,
            Action::Repair { .. } => 2,
            Action::Retry(_) => 3,
            Action::Escalate => 4,
            Action::Block(_) => 5,
        }
    }
}

/// A checker's decision on a reply.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// What to do.
    pub action: Action,
    /// How bad the reply is, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
    /// What was found.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// Why.
    #[serde(default)]
    pub reasons: Vec<Reason>,
}

/// One kind of content in a piece of a reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Content {
    /// Text.
    Text(String),
    /// The model's reasoning.
    Reasoning(String),
    /// A piece of a tool call's arguments.
    ToolArguments(String),
    /// The choice has ended, for this reason in the provider's word.
    Finish(String),
    /// Anything else, as JSON.
    Other(String),
}

/// A piece of a reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delta {
    /// The choice that it belongs to, from 0.
    pub choice: u32,
    /// What it holds.
    pub content: Content,
}

impl Delta {
    /// Text of the first choice.
    pub fn text(text: impl Into<String>) -> Self {
        Delta {
            choice: 0,
            content: Content::Text(text.into()),
        }
    }

    /// The end of the first choice, such as `stop` or `length`.
    pub fn finish(reason: impl Into<String>) -> Self {
        Delta {
            choice: 0,
            content: Content::Finish(reason.into()),
        }
    }

    /// Bytes of it, as far as a provider bills them.
    pub fn text_bytes(&self) -> u64 {
        match &self.content {
            Content::Text(text) | Content::Reasoning(text) | Content::ToolArguments(text) => text.len() as u64,
            _ => 0,
        }
    }
}
