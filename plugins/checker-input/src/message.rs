//! The parts of a request that others may have written.

use pointsman_policy::{Message, Part, Role, Turn};
use serde_json::Value;

use crate::settings::Settings;

/// One part of a message.
pub(crate) struct Piece {
    /// The message, from 0.
    pub(crate) message: u32,
    /// The part, from 0.
    pub(crate) part: u32,
    pub(crate) body: Body,
    /// Whether a tool returned it, and no person wrote it.
    pub(crate) from_tool: bool,
}

/// What a part holds.
pub(crate) enum Body {
    Text {
        text: String,
        /// Where it begins in the message's text.
        at: u32,
    },
    /// What the contract has no word for, with texts somewhere in it.
    Json(Value),
}

/// The parts to read, in their order.
pub(crate) fn pieces(turn: &Turn, settings: &Settings) -> Vec<Piece> {
    let length = turn.length();
    let start = if settings.history {
        0
    } else {
        since_last_reply(turn, length)
    };
    let mut all = Vec::new();
    for message in turn.messages(start, length) {
        read(message, settings, &mut all);
    }
    all
}

/// The last reply that asked for no tool: what stands before it was read on an earlier turn, and in it there may be what its
/// provider's own tools returned.
fn since_last_reply(turn: &Turn, length: u32) -> u32 {
    let outlines = turn.outlines(0, length);
    let is_reply = |outline: &&pointsman_policy::Outline| {
        outline.role == Role::Assistant && outline.exchange.is_none() && outline.text_bytes > 0
    };
    outlines.iter().rfind(is_reply).map_or(0, |reply| reply.index)
}

fn read(message: Message, settings: &Settings, all: &mut Vec<Piece>) {
    let role = message.outline.role;
    if !matches!(role, Role::User | Role::Tool | Role::Assistant) {
        return;
    }
    let mut end = 0;
    for (part, content) in message.parts.into_iter().enumerate() {
        let (body, from_tool) = match content {
            // The model's own words are for those who check replies.
            Part::Text(_) if role == Role::Assistant => continue,
            Part::Text(text) => (in_text(text, &mut end), role == Role::Tool),
            Part::ToolResult(result) => (in_text(result.text, &mut end), true),
            Part::Other(json) => match serde_json::from_str(&json) {
                Ok(json) => (Body::Json(json), role != Role::User),
                Err(_) => continue,
            },
            _ => continue,
        };
        if !from_tool || settings.tools {
            all.push(Piece {
                message: message.outline.index,
                part: part as u32,
                body,
                from_tool,
            });
        }
    }
}

/// A text that stands in the message's text, which joins those of its parts with line feeds.
fn in_text(text: String, end: &mut u32) -> Body {
    let at = *end;
    *end += text.len() as u32 + 1;
    Body::Text { text, at }
}
