//! One message as this policy reads it.

use std::borrow::Cow;

use pointsman_policy::{Outline, Role};

/// Bytes of a message that are read for meaning.
pub const READ: usize = 32 << 10;

/// A message: who said what, when, and what it costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Who speaks, by role.
    pub role: Role,
    /// Who speaks, by name; the role's word where the request gives none.
    pub speaker: Cow<'static, str>,
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
        let speaker = outline.name.map_or_else(|| role_word(&outline.role), Cow::Owned);
        Self {
            role: outline.role,
            speaker,
            text,
            tokens: outline.count.tokens,
            locked: outline.locked,
            exchange: outline.exchange,
        }
    }

    /// A message of a user, of which nothing else is known.
    pub fn of_user(text: impl Into<String>) -> Self {
        Self {
            role: Role::User,
            speaker: role_word(&Role::User),
            text: text.into(),
            tokens: 0,
            locked: false,
            exchange: None,
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
fn role_word(role: &Role) -> Cow<'static, str> {
    match role {
        Role::System => Cow::Borrowed("system"),
        Role::Developer => Cow::Borrowed("developer"),
        Role::User => Cow::Borrowed("user"),
        Role::Assistant => Cow::Borrowed("assistant"),
        Role::Tool => Cow::Borrowed("tool"),
        Role::Other(word) => Cow::Owned(word.clone()),
    }
}
