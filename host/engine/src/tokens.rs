//! Tokens, counted by tiktoken and kept by content, so that a conversation's next turn counts only what is new.

mod counts;

pub(crate) use counts::Counts;

use std::borrow::Cow;

use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};
use tiktoken_rs::tokenizer::{Tokenizer, get_tokenizer};

use crate::conversation::{Conversation, Message, Part};

/// A number of tokens, and whether it was counted in the model's own encoding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenCount {
    /// How many.
    pub tokens: u32,
    /// `false` where the number is an estimate.
    pub exact: bool,
}

impl TokenCount {
    fn exact(tokens: usize) -> Self {
        TokenCount {
            tokens: tokens.try_into().unwrap_or(u32::MAX),
            exact: true,
        }
    }

    /// What so many bytes of text are taken for where nobody counted: three a token, so that rather too much is told than
    /// too little.
    pub fn of_bytes(bytes: u64) -> Self {
        TokenCount {
            tokens: bytes.div_ceil(3).try_into().unwrap_or(u32::MAX),
            exact: false,
        }
    }

    fn plus(self, other: TokenCount) -> Self {
        TokenCount {
            tokens: self.tokens.saturating_add(other.tokens),
            exact: self.exact && other.exact,
        }
    }
}

/// The encoding of a model's tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding {
    tokenizer: Tokenizer,
    known: bool,
}

impl Encoding {
    /// The encoding of a model by its name, with or without a provider's prefix. A model that tiktoken does not know is
    /// estimated in `o200k`, and its counts say so.
    pub fn of_model(model: &str) -> Self {
        let name = model.rsplit('/').next().unwrap_or(model);
        match get_tokenizer(model).or_else(|| get_tokenizer(name)) {
            Some(tokenizer) => Encoding { tokenizer, known: true },
            None => Encoding {
                tokenizer: Tokenizer::O200kBase,
                known: false,
            },
        }
    }

    /// OpenAI's `o200k`, as of GPT-4o.
    pub fn o200k() -> Self {
        Encoding {
            tokenizer: Tokenizer::O200kBase,
            known: true,
        }
    }
}

/// Texts beyond this are estimated from samples: tiktoken needs 40 ms for a mebibyte.
const LARGEST_COUNTED: usize = 1 << 20;
/// A run of one sort of characters beyond this is cut: byte-pair merging takes the square of a run's length.
const LONGEST_RUN: usize = 1 << 10;
/// What a message costs beside its parts, in OpenAI's chat form: three tokens, and one more for a name.
const FRAME: usize = 3;
/// What a part that is not text is taken for: about a picture of 1024 × 1024 in OpenAI's high detail.
const MEDIA: u32 = 765;

/// Counts tokens and remembers them by content.
#[derive(Debug)]
pub struct Counter {
    counts: Cache<(u128, u8), TokenCount>,
}

impl Default for Counter {
    fn default() -> Self {
        Counter::new(1 << 18)
    }
}

impl Counter {
    /// Remembers up to `capacity` counts, at about 64 bytes each.
    pub fn new(capacity: usize) -> Self {
        Counter {
            counts: Cache::new(capacity),
        }
    }

    /// Tokens of a text.
    pub fn text(&self, text: &str, encoding: Encoding) -> TokenCount {
        let count = count(text, encoding.tokenizer);
        TokenCount {
            exact: count.exact && encoding.known,
            ..count
        }
    }

    /// Tokens of a message with its framing.
    pub fn message(&self, message: &Message, encoding: Encoding) -> TokenCount {
        let key = (message.digest, encoding.tokenizer as u8);
        let count = self.counts.get(&key).unwrap_or_else(|| {
            let count = message.parts.iter().map(|part| part_tokens(part, encoding.tokenizer));
            let frame = FRAME + message.name.as_ref().map_or(0, |_| 1);
            let count = count.fold(TokenCount::exact(frame), TokenCount::plus);
            self.counts.insert(key, count);
            count
        });
        TokenCount {
            exact: count.exact && encoding.known,
            ..count
        }
    }

    /// Tokens of each message of a conversation.
    pub fn messages(&self, conversation: &Conversation, encoding: Encoding) -> Vec<TokenCount> {
        conversation
            .messages()
            .iter()
            .map(|message| self.message(message, encoding))
            .collect()
    }
}

/// The sum of the counts of a conversation's messages.
fn total(counts: &[TokenCount]) -> TokenCount {
    counts.iter().fold(TokenCount::exact(0), |all, count| all.plus(*count))
}

fn part_tokens(part: &Part, tokenizer: Tokenizer) -> TokenCount {
    match part {
        Part::Text(text) | Part::Reasoning(text) | Part::Refusal(text) => count(text, tokenizer),
        Part::ToolResult(result) => count(&result.text, tokenizer),
        Part::ToolCall(call) => count(&call.name, tokenizer).plus(count(&call.arguments, tokenizer)),
        Part::Image(_) | Part::Audio(_) | Part::File(_) => TokenCount {
            tokens: MEDIA,
            exact: false,
        },
        Part::Other(json) => other(json, tokenizer),
    }
}

/// More tokens than a part can have: no token is shorter than a byte.
fn most_of_part(part: &Part) -> u64 {
    let bytes = match part {
        Part::Text(text) | Part::Reasoning(text) | Part::Refusal(text) => text.len(),
        Part::ToolResult(result) => result.text.len(),
        Part::ToolCall(call) => call.name.len() + call.arguments.len(),
        Part::Image(_) | Part::Audio(_) | Part::File(_) => MEDIA as usize,
        Part::Other(json) => json.len() + json.len() / LONGEST_RUN * MEDIA as usize,
    };
    bytes as u64
}

/// Of JSON that nobody here knows. A long value without a space is no text but bytes, of a picture or of something encrypted.
fn other(json: &str, tokenizer: Tokenizer) -> TokenCount {
    let is_bytes = |piece: &&str| piece.len() >= LONGEST_RUN && !piece.contains(' ');
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
    let count = count(&text, tokenizer);
    TokenCount {
        tokens: count.tokens.saturating_add(media.saturating_mul(MEDIA)),
        exact: false,
    }
}

fn count(text: &str, tokenizer: Tokenizer) -> TokenCount {
    if text.len() > LARGEST_COUNTED {
        return estimate(text, tokenizer);
    }
    // Every tokenizer that `get_tokenizer` names comes with the library; without it, four bytes a token are a fair guess.
    let Ok(bpe) = tiktoken_rs::bpe_for_tokenizer(tokenizer) else {
        return TokenCount {
            tokens: (text.len() / 4) as u32,
            exact: false,
        };
    };
    let mut pieces = Runs { rest: text }.peekable();
    let first = pieces.next().unwrap_or_default();
    let whole = pieces.peek().is_none();
    let tokens = bpe.count_ordinary(first) + pieces.map(|piece| bpe.count_ordinary(piece)).sum::<usize>();
    TokenCount {
        exact: whole,
        ..TokenCount::exact(tokens)
    }
}

/// Sixteen samples of 16 KiB, spread evenly, stand for the whole.
fn estimate(text: &str, tokenizer: Tokenizer) -> TokenCount {
    const SAMPLES: usize = 16;
    const SAMPLE: usize = 16 << 10;
    let (mut bytes, mut tokens) = (0_u64, 0_u64);
    for sample in 0..SAMPLES {
        let from = text.floor_char_boundary((text.len() - SAMPLE) / (SAMPLES - 1) * sample);
        let piece = &text[from..text.floor_char_boundary(from + SAMPLE)];
        bytes += piece.len() as u64;
        tokens += u64::from(count(piece, tokenizer).tokens);
    }
    let scaled = tokens * text.len() as u64 / bytes.max(1);
    TokenCount {
        tokens: scaled.try_into().unwrap_or(u32::MAX),
        exact: false,
    }
}

/// Cuts a text only where a run of letters, of spaces or of marks gets too long; most texts come back whole.
struct Runs<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Runs<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let (mut sort, mut start) = (u8::MAX, 0);
        let cut = self.rest.char_indices().find_map(|(at, c)| {
            let this = if c.is_alphanumeric() {
                0
            } else {
                1 + u8::from(c.is_whitespace())
            };
            if this != sort {
                (sort, start) = (this, at);
            }
            (at - start >= LONGEST_RUN).then_some(at)
        });
        let (piece, rest) = self.rest.split_at(cut.unwrap_or(self.rest.len()));
        self.rest = rest;
        Some(piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Request;

    #[test]
    fn a_known_model_is_counted_and_an_unknown_one_estimated() {
        let counter = Counter::default();
        let known = counter.text("hello world", Encoding::of_model("openai/gpt-4o-mini"));
        assert_eq!(known, TokenCount { tokens: 2, exact: true });
        let unknown = counter.text("hello world", Encoding::of_model("mistralai/Mixtral-8x7B"));
        assert_eq!(
            unknown,
            TokenCount {
                tokens: 2,
                exact: false
            }
        );
    }

    #[test]
    fn older_models_have_the_older_encoding() {
        assert_eq!(
            Encoding::of_model("gpt-4-1106-preview").tokenizer,
            Tokenizer::Cl100kBase
        );
        assert_eq!(Encoding::of_model("gpt-4o").tokenizer, Tokenizer::O200kBase);
    }

    #[test]
    fn a_run_without_end_is_estimated_and_not_hung_upon() {
        let counter = Counter::default();
        let count = counter.text(&"a".repeat(900_000), Encoding::o200k());
        assert!(!count.exact && count.tokens > 100_000, "{count:?}");
    }

    #[test]
    fn ten_megabytes_are_estimated_from_samples() {
        let text = "the quick brown fox jumps over the lazy dog ".repeat(250_000);
        let count = Counter::default().text(&text, Encoding::o200k());
        assert!(!count.exact);
        let expected = 9.0 * 250_000.0;
        assert!((f64::from(count.tokens) / expected - 1.0).abs() < 0.05, "{count:?}");
    }

    #[test]
    fn pictures_and_names_count_and_pictures_are_estimates() {
        let request = Request::from_json(
            r#"{"messages":[{"role":"user","name":"ann","content":[{"type":"text","text":"look"},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]}"#,
        )
        .unwrap();
        let count = Counter::default().message(&request.messages()[0], Encoding::o200k());
        assert_eq!(
            count,
            TokenCount {
                tokens: 4 + 1 + 765,
                exact: false
            }
        );
    }

    #[test]
    fn bytes_in_json_that_nobody_knows_count_as_media_and_not_as_text() {
        let request = Request::from_json(&format!(
            r#"{{"messages":[{{"role":"user","content":[{{"type":"screenshot","note":"hi","data":"{}"}}]}}]}}"#,
            "iVBORw0KGgo".repeat(10_000)
        ))
        .unwrap();
        let count = Counter::default().message(&request.messages()[0], Encoding::o200k());
        assert!(!count.exact && (765..800).contains(&count.tokens), "{count:?}");
    }
}
