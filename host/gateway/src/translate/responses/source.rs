//! Streams of an upstream that speaks responses, read into the chat form.

use std::collections::{HashMap, HashSet};

use bytes::Bytes;
use serde_json::{Value, json};

use super::reply::{finish_reason, response_id};
use crate::face::chat::{Chunk, ChunkChoice, ChunkDelta, CustomDelta, FunctionDelta, ToolDelta};
use crate::face::responses;
use crate::stream::event;
use crate::translate::stream::Place;

/// How far a stream has come.
#[derive(Debug, Default)]
pub(crate) struct Source {
    /// The response as its first event had it: what an end of our own making is written on.
    response: Value,
    sequence: u64,
    /// Tools so far, by their place in the output.
    calls: HashMap<u64, u32>,
    /// Parts that came in pieces, by their places in output and content: their end repeats what was seen.
    pieces: HashSet<(u64, u64)>,
}

/// What one event says.
pub(crate) enum Said {
    /// Something, or nothing that matters here.
    Chunks(Vec<Chunk>),
    /// The same, and that this is the end.
    Last(Vec<Chunk>),
    /// The upstream failed; its own words.
    Failed(Value),
}

impl Source {
    pub(crate) fn id(&self) -> Option<&str> {
        self.response["id"].as_str()
    }

    /// Whether the response has begun.
    pub(crate) fn has_begun(&self) -> bool {
        !self.response.is_null()
    }

    /// The number of the last event.
    pub(crate) fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Reads one event.
    pub(crate) fn read(&mut self, event: &Value) -> Said {
        self.sequence = event["sequence_number"].as_u64().unwrap_or(self.sequence + 1);
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let delta = match event["type"].as_str().unwrap_or_default() {
            "response.created" | "response.queued" => {
                self.response = event["response"].clone();
                ChunkDelta {
                    role: Some("assistant".to_owned()),
                    content: Some(String::new()),
                    ..ChunkDelta::default()
                }
            }
            "response.output_text.delta" => {
                self.pieces.insert(place(event));
                ChunkDelta {
                    content: text("/delta"),
                    ..ChunkDelta::default()
                }
            }
            // A part that comes at once is seen all the same.
            "response.output_text.done" if !self.pieces.contains(&place(event)) => ChunkDelta {
                content: text("/text"),
                ..ChunkDelta::default()
            },
            "response.refusal.delta" => ChunkDelta {
                refusal: text("/delta"),
                ..ChunkDelta::default()
            },
            "response.reasoning_text.delta" | "response.reasoning_summary_text.delta" => ChunkDelta {
                reasoning_content: text("/delta"),
                ..ChunkDelta::default()
            },
            "response.output_item.added" => {
                let item = &event["item"];
                if !matches!(item["type"].as_str(), Some("function_call" | "custom_tool_call")) {
                    return Said::Chunks(Vec::new());
                }
                let index = self.calls.len() as u32;
                self.calls
                    .insert(event["output_index"].as_u64().unwrap_or_default(), index);
                let said = text("/item/arguments").or_else(|| text("/item/input"));
                self.tool(event, item["type"] == "custom_tool_call", text("/item/name"), said)
            }
            "response.function_call_arguments.delta" => self.tool(event, false, None, text("/delta")),
            "response.custom_tool_call_input.delta" => self.tool(event, true, None, text("/delta")),
            "response.completed" | "response.incomplete" => return Said::Last(self.end(&event["response"])),
            "response.failed" | "response.cancelled" => return Said::Failed(event["response"]["error"].clone()),
            "error" => {
                let nested = &event["error"];
                return Said::Failed(if nested.is_null() { event } else { nested }.clone());
            }
            _ => return Said::Chunks(Vec::new()),
        };
        Said::Chunks(vec![self.chunk(delta, None)])
    }

    /// Why it ended, and what it took.
    fn end(&mut self, response: &Value) -> Vec<Chunk> {
        let finish = finish_reason(response, !self.calls.is_empty());
        let mut chunk = self.chunk(ChunkDelta::default(), Some(finish.to_owned()));
        chunk.usage = responses::usage(&response["usage"]).map(Into::into);
        vec![chunk]
    }

    /// A piece of a call: of a custom tool, or of a function.
    fn tool(&self, event: &Value, custom: bool, name: Option<String>, said: Option<String>) -> ChunkDelta {
        let place = event["output_index"].as_u64().unwrap_or_default();
        let id = event["item"]["call_id"].as_str().map(str::to_owned);
        let kind = if custom { "custom" } else { "function" };
        let mut call = ToolDelta {
            index: self.calls.get(&place).copied().unwrap_or_default(),
            kind: id.is_some().then(|| kind.to_owned()),
            id,
            ..ToolDelta::default()
        };
        if custom {
            call.custom = Some(CustomDelta { name, input: said });
        } else {
            call.function = Some(FunctionDelta { name, arguments: said });
        }
        ChunkDelta {
            tool_calls: Some(vec![call]),
            ..ChunkDelta::default()
        }
    }

    fn chunk(&self, delta: ChunkDelta, finish_reason: Option<String>) -> Chunk {
        Chunk {
            id: self.id().map(str::to_owned),
            object: Some("chat.completion.chunk".to_owned()),
            created: self.response["created_at"].as_u64(),
            model: self.response["model"].as_str().map(str::to_owned),
            choices: vec![ChunkChoice {
                index: 0,
                delta,
                finish_reason,
            }],
            usage: None,
            error: None,
        }
    }

    /// The end of a stream that a checker stopped, after what was sent.
    pub(crate) fn stopped(&self, words: &str, sent: Place, out: &mut Vec<Bytes>) {
        let mut response = self.response.clone();
        if response.is_null() {
            response = json!({ "id": response_id(None), "object": "response", "status": "in_progress", "output": [] });
        }
        let mut send = |name: &str, number: u64, response: &Value| {
            let data = json!({ "type": name, "sequence_number": number, "response": response });
            out.push(event(Some(name), &data.to_string()));
        };
        let mut number = sent.sequence + 1;
        if !sent.begun {
            number = 1;
            send("response.created", 0, &response);
        }
        send("response.incomplete", number, &responses::blocked(&response, words));
    }
}

/// The places of a part: in the output, and in its item's content.
fn place(event: &Value) -> (u64, u64) {
    let number = |field: &str| event[field].as_u64().unwrap_or_default();
    (number("output_index"), number("content_index"))
}
