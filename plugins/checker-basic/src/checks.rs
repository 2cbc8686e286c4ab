//! The checks, each in a file of its own: what it reads of a reply, and when that is something to report.

pub(crate) mod arithmetic;
pub(crate) mod courtesy;
pub(crate) mod cut_off;
pub(crate) mod empty;
pub(crate) mod json;
pub(crate) mod language;
pub(crate) mod looping;
pub(crate) mod personal;
pub(crate) mod refusal;

use crate::settings::Do;
use wording::Bytes;

/// Something that a check found in one choice of a reply.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Hit {
    /// A stable word for machines.
    pub(crate) code: &'static str,
    /// A sentence for people.
    pub(crate) text: String,
    /// Which bytes of the choice's text.
    pub(crate) span: Option<Bytes>,
    /// How sure, 0 to 1.
    pub(crate) score: f32,
    /// What the settings ask for.
    pub(crate) then: Then,
}

/// What to do about a hit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Then {
    /// As the settings say.
    Do(Do),
    /// Put this text in the reply's place.
    Repair(String),
}

/// Why a choice ended, as far as checks care.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Nobody said.
    #[default]
    Unknown,
    /// The model came to its end.
    Stop,
    /// The limit of tokens was reached.
    Length,
    /// The provider held the rest back.
    Filtered,
}

impl Ending {
    /// Reads the provider's word.
    pub(crate) fn of(word: &str) -> Self {
        match word.trim().to_ascii_lowercase().as_str() {
            "stop" | "end_turn" | "stop_sequence" | "tool_calls" | "tool_use" | "function_call" | "eos" => Self::Stop,
            "length" | "max_tokens" | "max_output_tokens" | "model_length" | "model_context_window_exceeded" => {
                Self::Length
            }
            "content_filter" | "refusal" | "safety" | "prohibited_content" | "blocklist" => Self::Filtered,
            _ => Self::Unknown,
        }
    }
}
