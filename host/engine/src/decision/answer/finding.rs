//! What a checker found, and where.

use serde::{Deserialize, Serialize};

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
