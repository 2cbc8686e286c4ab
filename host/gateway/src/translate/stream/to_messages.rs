//! Streams: events of the chat form, told again in the messages form.

use bytes::Bytes;
use pointsman::Usage;
use serde_json::{Value, json};

use super::super::stop_reason;
use super::source::Place;
use crate::face::chat::{Chunk, ToolDelta};
use crate::face::messages;
use crate::stream::event;

/// Where a stream of messages has come to.
pub(crate) struct ToMessages {
    model: String,
    /// The prompt as this gateway counts it: the form wants a number before the provider has said one.
    input_tokens: u32,
    begun: bool,
    open: Option<Block>,
    blocks: u32,
    calls: bool,
    /// Why the reply ended, in the chat form's word.
    finish: Option<String>,
}

/// A block of content that is being written.
#[derive(Clone, Copy, PartialEq)]
enum Block {
    Thinking,
    Text,
    Tool(u32),
    /// One of the upstream's own.
    Theirs,
}

impl ToMessages {
    pub(crate) fn new(model: &str, input_tokens: u32) -> Self {
        ToMessages {
            model: model.to_owned(),
            input_tokens,
            begun: false,
            open: None,
            blocks: 0,
            calls: false,
            finish: None,
        }
    }

    /// Goes on from a place in a stream that was passed on as it came.
    pub(super) fn go_on(&mut self, id: Option<&str>, sent: Place, out: &mut Vec<Bytes>) {
        if sent.begun {
            self.begun = true;
        } else {
            self.begin(id, out);
        }
        self.open = sent.open.then_some(Block::Theirs);
        self.blocks = sent.block;
    }

    /// What one event comes to. The end is held back, since the usage may still follow.
    pub(crate) fn chunk(&mut self, chunk: &Chunk, out: &mut Vec<Bytes>) {
        if !self.begun {
            self.begin(chunk.id.as_deref(), out);
        }
        // The messages form knows one choice.
        for choice in chunk.choices.iter().filter(|choice| choice.index == 0) {
            let delta = &choice.delta;
            if let Some(text) = delta.reasoning_content.as_deref().filter(|text| !text.is_empty()) {
                self.text(Block::Thinking, text, out);
            }
            for text in [&delta.content, &delta.refusal].into_iter().flatten() {
                if !text.is_empty() {
                    self.text(Block::Text, text, out);
                }
            }
            for call in delta.tool_calls.iter().flatten() {
                self.tool(call, out);
            }
            if choice.finish_reason.is_some() {
                self.finish.clone_from(&choice.finish_reason);
            }
        }
    }

    /// The end of the stream.
    pub(crate) fn end(&mut self, usage: Option<Usage>, out: &mut Vec<Bytes>) {
        if !self.begun {
            self.begin(None, out);
        }
        self.close(out);
        let usage = match usage {
            Some(usage) => messages::usage_json(usage),
            // The form wants a number where none is known.
            None => json!({ "output_tokens": 0 }),
        };
        let stop = stop_reason(self.finish.as_deref().unwrap_or("stop"), self.calls);
        let delta = json!({
            "type": "message_delta",
            "delta": { "stop_reason": stop, "stop_sequence": null },
            "usage": usage,
        });
        out.push(event(Some("message_delta"), &delta.to_string()));
        out.push(event(Some("message_stop"), r#"{"type":"message_stop"}"#));
    }

    /// The end of a stream that a checker stopped.
    pub(crate) fn stopped(&mut self, words: &str, out: &mut Vec<Bytes>) {
        if !self.begun {
            self.begin(None, out);
        }
        self.text(Block::Text, words, out);
        self.finish = Some("content_filter".to_owned());
        self.end(None, out);
    }

    fn begin(&mut self, id: Option<&str>, out: &mut Vec<Bytes>) {
        self.begun = true;
        let start = json!({
            "type": "message_start",
            "message": {
                "id": id.unwrap_or("msg_pointsman"),
                "type": "message",
                "role": "assistant",
                "model": self.model,
                "content": [],
                "stop_reason": null,
                "stop_sequence": null,
                "usage": { "input_tokens": self.input_tokens, "output_tokens": 0 },
            },
        });
        out.push(event(Some("message_start"), &start.to_string()));
    }

    fn text(&mut self, block: Block, text: &str, out: &mut Vec<Bytes>) {
        let (start, delta) = match block {
            Block::Thinking => (
                json!({ "type": "thinking", "thinking": "", "signature": "" }),
                json!({ "type": "thinking_delta", "thinking": text }),
            ),
            _ => (
                json!({ "type": "text", "text": "" }),
                json!({ "type": "text_delta", "text": text }),
            ),
        };
        if self.open != Some(block) {
            self.open(block, start, out);
        }
        self.delta(delta, out);
    }

    fn tool(&mut self, call: &ToolDelta, out: &mut Vec<Bytes>) {
        self.calls = true;
        let block = Block::Tool(call.index);
        if self.open != Some(block) {
            let start = json!({ "type": "tool_use", "id": call.id, "name": call.name(), "input": {} });
            self.open(block, start, out);
        }
        if let Some(arguments) = call.arguments().filter(|arguments| !arguments.is_empty()) {
            self.delta(json!({ "type": "input_json_delta", "partial_json": arguments }), out);
        }
    }

    fn open(&mut self, block: Block, start: Value, out: &mut Vec<Bytes>) {
        self.close(out);
        let start = json!({ "type": "content_block_start", "index": self.blocks, "content_block": start });
        out.push(event(Some("content_block_start"), &start.to_string()));
        self.open = Some(block);
    }

    fn delta(&self, delta: Value, out: &mut Vec<Bytes>) {
        let delta = json!({ "type": "content_block_delta", "index": self.blocks, "delta": delta });
        out.push(event(Some("content_block_delta"), &delta.to_string()));
    }

    fn close(&mut self, out: &mut Vec<Bytes>) {
        if self.open.take().is_some() {
            let stop = json!({ "type": "content_block_stop", "index": self.blocks });
            out.push(event(Some("content_block_stop"), &stop.to_string()));
            self.blocks += 1;
        }
    }
}
