//! One message as this policy reads it.

use pointsman_policy::{Outline, Role};

/// Bytes of a message that are read for meaning.
pub const READ: usize = 32 << 10;

/// A message: who said what, when, and what it costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Who speaks, by role.
    pub role: Role,
    /// Who speaks, by name; the role's word where the request gives none.
    pub speaker: String,
    /// Its text, as the host joins it from text parts and tool results.
    pub text: String,
    /// Tokens, with framing.
    pub tokens: u32,
    /// Whether it must stay as it is.
    pub locked: bool,
    /// The tool exchange that it belongs to.
    pub exchange: Option<u32>,
}

impl Line {
    /// A message from its outline and its text.
    pub fn new(outline: Outline, text: String) -> Self {
        let speaker = outline.name.unwrap_or_else(|| role_word(&outline.role).to_owned());
        Self {
            role: outline.role,
            speaker,
            text,
            tokens: outline.count.tokens,
            locked: outline.locked,
            exchange: outline.exchange,
        }
    }

    /// As much of its text as is read for meaning: all of it, but for pasted files.
    pub fn gist(&self) -> &str {
        &self.text[..self.text.floor_char_boundary(READ)]
    }

    /// Whether a person or the model talks in it, rather than a tool or the service's instructions.
    pub fn is_talk(&self) -> bool {
        matches!(self.role, Role::User | Role::Assistant | Role::Other(_)) && self.exchange.is_none()
    }
}

/// A role in one word.
pub fn role_word(role: &Role) -> &str {
    match role {
        Role::System => "system",
        Role::Developer => "developer",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => "tool",
        Role::Other(word) => word,
    }
}
