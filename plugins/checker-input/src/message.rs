//! The texts of a request that others may have written.

use pointsman_policy::{Message, Part, Role, Turn};

use crate::settings::Settings;

/// One text of a message.
pub(crate) struct Text {
    /// The message, from 0.
    pub(crate) message: u32,
    /// The part, from 0.
    pub(crate) part: u32,
    /// Where the part's text begins in the message's text.
    pub(crate) at: u32,
    pub(crate) text: String,
    /// Whether a tool returned it, and no person wrote it.
    pub(crate) from_tool: bool,
}

/// The texts to read, in their order.
pub(crate) fn texts(turn: &Turn, settings: &Settings) -> Vec<Text> {
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

/// The first message after the last reply that asked for no tool: what stands before was read on an earlier turn.
fn since_last_reply(turn: &Turn, length: u32) -> u32 {
    let outlines = turn.outlines(0, length);
    let is_reply = |outline: &&pointsman_policy::Outline| outline.role == Role::Assistant && outline.exchange.is_none();
    outlines.iter().rfind(is_reply).map_or(0, |reply| reply.index + 1)
}

fn read(message: Message, settings: &Settings, all: &mut Vec<Text>) {
    if !matches!(message.outline.role, Role::User | Role::Tool) {
        return;
    }
    let mut at = 0;
    for (part, content) in message.parts.into_iter().enumerate() {
        let (text, from_tool) = match content {
            Part::Text(text) => (text, message.outline.role == Role::Tool),
            Part::ToolResult(result) => (result.text, true),
            _ => continue,
        };
        let length = text.len() as u32;
        if !from_tool || settings.tools {
            all.push(Text {
                message: message.outline.index,
                part: part as u32,
                at,
                text,
                from_tool,
            });
        }
        // The message's text joins its parts with line feeds.
        at += length + 1;
    }
}
