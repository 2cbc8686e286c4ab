//! What a prompt may be billed as, before it is sent.

use pointsman::{Encoding, Engine, Message, Part, Request, Turn, Usage};

/// What is added to a prompt that was counted in the model's own tokens: providers frame messages and tools in words of their
/// own. Where the tokens are an estimate, more is added.
const MARGIN: f64 = 1.1;
const MARGIN_OF_ESTIMATE: f64 = 1.3;
/// Tokens that are added to every prompt, for the same reason.
const FRAME: f64 = 64.0;

/// A request as it came, as far as it bears on the length of its prompt.
#[derive(Clone, Copy)]
pub(crate) struct Came<'a> {
    /// In the chat form.
    pub(crate) request: &'a Request,
    /// In the client's form, where that is another.
    pub(crate) original: Option<&'a str>,
    /// What the provider is to do that only it can.
    pub(crate) only_there: Option<&'a str>,
}

/// A prompt as far as it is known here.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Prompt {
    /// Tokens that were counted, with a margin.
    pub(super) tokens: f64,
    /// What makes it longer by nobody knows how much: up to the model's window.
    pub(super) unknown: Option<&'static str>,
    /// Whether it may be written to the provider's cache, and kept there for an hour.
    pub(super) written: bool,
    pub(super) for_an_hour: bool,
}

impl Prompt {
    /// The prompt as it would be sent: what was counted, what stands beside the messages, and a margin.
    pub(super) fn of(engine: &Engine, turn: &Turn, came: Came<'_>) -> Self {
        let encoding = Encoding::of_model(&turn.record().model);
        let beside = ["tools", "functions", "response_format"]
            .iter()
            .filter_map(|field| came.request.field(field));
        let beside: f64 = beside
            .map(|json| f64::from(engine.counter().text(json, encoding).tokens))
            .sum();
        let counted = turn.tokens();
        let margin = if counted.exact { MARGIN } else { MARGIN_OF_ESTIMATE };
        Prompt {
            tokens: (f64::from(counted.tokens) + beside) * margin + FRAME,
            unknown: stored(came).or_else(|| turn.messages().iter().find_map(|message| media(message))),
            written: came.says("\"cache_control\""),
            for_an_hour: came.says("\"cache_control\"") && came.says("\"1h\""),
        }
    }

    /// The most that so many tokens of it and of a reply may be billed as.
    pub(super) fn billed(self, input_tokens: u32, output_tokens: u32) -> Usage {
        Usage {
            cache_write_input_tokens: if self.written { input_tokens } else { 0 },
            cache_write_1h_input_tokens: if self.for_an_hour { input_tokens } else { 0 },
            ..Usage::new(input_tokens, output_tokens)
        }
    }
}

impl Came<'_> {
    /// Whether these words stand in the request, wherever: a cache that is asked for in vain only makes a call dearer than
    /// it turns out to be.
    fn says(self, words: &str) -> bool {
        let request = self.request;
        match self.original {
            Some(original) => original.contains(words),
            None => {
                request.messages().iter().any(|message| message.raw().contains(words))
                    || request.field("tools").is_some_and(|tools| tools.contains(words))
                    || request
                        .field("cache_control")
                        .is_some_and(|_| words.contains("cache_control"))
            }
        }
    }
}

/// What the provider adds of its own.
fn stored(came: Came<'_>) -> Option<&'static str> {
    match came.only_there {
        // All of it is in the request.
        None | Some("background") => None,
        Some(_) => Some("what the provider keeps of a conversation"),
    }
}

/// What has a length that its bytes do not tell.
fn media(message: &Message) -> Option<&'static str> {
    message.parts.iter().find_map(|part| match part {
        Part::File(_) => Some("a file"),
        Part::Audio(_) => Some("a recording"),
        _ => None,
    })
}
