//! Tokens of one part of a message, whatever it holds.

use std::borrow::Cow;

use tiktoken_rs::tokenizer::Tokenizer;

use super::{TokenCount, text};
use crate::conversation::Part;

/// What a part that is not text is taken for: about a picture of 1024 × 1024 in OpenAI's high detail.
const MEDIA: u32 = 765;
/// A value of unknown JSON from this length on that has no space is bytes, and no text.
const BYTES: usize = 1 << 10;

pub(super) fn count(part: &Part, tokenizer: Tokenizer) -> TokenCount {
    match part {
        Part::Text(text) | Part::Reasoning(text) | Part::Refusal(text) => text::count(text, tokenizer),
        Part::ToolResult(result) => text::count(&result.text, tokenizer),
        Part::ToolCall(call) => text::count(&call.name, tokenizer).plus(text::count(&call.arguments, tokenizer)),
        Part::Image(_) | Part::Audio(_) | Part::File(_) => TokenCount {
            tokens: MEDIA,
            exact: false,
        },
        Part::Other(json) => other(json, tokenizer),
    }
}

/// More tokens than a part can have: no token is shorter than a byte.
pub(super) fn most(part: &Part) -> u64 {
    let bytes = match part {
        Part::Text(text) | Part::Reasoning(text) | Part::Refusal(text) => text.len(),
        Part::ToolResult(result) => result.text.len(),
        Part::ToolCall(call) => call.name.len() + call.arguments.len(),
        Part::Image(_) | Part::Audio(_) | Part::File(_) => MEDIA as usize,
        Part::Other(json) => json.len() + json.len() / BYTES * MEDIA as usize,
    };
    bytes as u64
}

/// Of JSON that nobody here knows. A long value without a space is no text but bytes, of a picture or of something encrypted.
fn other(json: &str, tokenizer: Tokenizer) -> TokenCount {
    let is_bytes = |piece: &&str| piece.len() >= BYTES && !piece.contains(' ');
    let media = json.split('"').filter(is_bytes).count() as u32;
    let text: Cow<'_, str> = match media {
        0 => json.into(),
        _ => json
            .split('"')
            .filter(|piece| !is_bytes(piece))
            .collect::<Vec<_>>()
            .join("\"")
            .into(),
    };
    let count = text::count(&text, tokenizer);
    TokenCount {
        tokens: count.tokens.saturating_add(media.saturating_mul(MEDIA)),
        exact: false,
    }
}
