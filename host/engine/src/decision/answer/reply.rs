//! A reply in the pieces that checkers are fed.

use serde::{Deserialize, Serialize};

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
