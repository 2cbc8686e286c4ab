//! An upstream's stream, read into the chat form whatever it speaks.

use bytes::Bytes;
use serde_json::{Value, json};

use super::super::finish_reason;
use crate::face::chat::{Chunk, ChunkChoice, ChunkDelta, FunctionDelta, ToolDelta};
use crate::face::{Form, messages};
use crate::problem::Problem;
use crate::stream::{Event, event};
use crate::translate::responses::{self, Said};

/// How far a stream has come.
#[derive(Debug)]
pub(crate) struct Source {
    form: Form,
    done: bool,
    id: Option<String>,
    model: Option<String>,
    /// The messages form: what `message_start` said of the usage.
    usage: Value,
    /// The messages form: the block that is open.
    open: Option<u64>,
    /// The messages form: tools so far.
    tools: u32,
    responses: responses::Source,
}

impl Source {
    pub(crate) fn new(form: Form) -> Self {
        Source {
            form,
            done: false,
            id: None,
            model: None,
            usage: Value::Null,
            open: None,
            tools: 0,
            responses: responses::Source::default(),
        }
    }

    /// Whether the upstream has said that this is the end.
    pub(crate) fn done(&self) -> bool {
        self.done
    }

    /// Reads one event.
    ///
    /// # Errors
    /// It is not of the form, or the upstream says that it failed.
    pub(crate) fn read(&mut self, event: &Event) -> Result<Vec<Chunk>, Problem> {
        if event.data.is_empty() {
            return Ok(Vec::new());
        }
        match self.form {
            Form::Chat => self.chat(&event.data).map(|chunk| chunk.into_iter().collect()),
            Form::Messages => self.messages(&event.data),
            Form::Responses => self.responses(&event.data),
        }
    }

    fn chat(&mut self, data: &Bytes) -> Result<Option<Chunk>, Problem> {
        if data.trim_ascii() == b"[DONE]" {
            self.done = true;
            return Ok(None);
        }
        let chunk: Chunk = serde_json::from_slice(data).map_err(broken)?;
        if let Some(error) = &chunk.error {
            return Err(said(error));
        }
        if self.id.is_none() {
            (self.id, self.model) = (chunk.id.clone(), chunk.model.clone());
        }
        Ok(Some(chunk))
    }

    fn responses(&mut self, data: &Bytes) -> Result<Vec<Chunk>, Problem> {
        let event: Value = serde_json::from_slice(data).map_err(broken)?;
        match self.responses.read(&event) {
            Said::Chunks(chunks) => Ok(chunks),
            Said::Last(chunks) => {
                self.done = true;
                Ok(chunks)
            }
            Said::Failed(error) => Err(said(&error)),
        }
    }

    fn messages(&mut self, data: &Bytes) -> Result<Vec<Chunk>, Problem> {
        let event: Value = serde_json::from_slice(data).map_err(broken)?;
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let delta = match event["type"].as_str() {
            Some("message_start") => {
                (self.id, self.model) = (text("/message/id"), text("/message/model"));
                self.usage = event["message"]["usage"].clone();
                ChunkDelta {
                    role: Some("assistant".to_owned()),
                    content: Some(String::new()),
                    ..ChunkDelta::default()
                }
            }
            Some("content_block_start") => {
                self.open = event["index"].as_u64();
                if event["content_block"]["type"] != "tool_use" {
                    return Ok(Vec::new());
                }
                self.tools += 1;
                self.tool(ToolDelta {
                    id: text("/content_block/id"),
                    kind: Some("function".to_owned()),
                    function: Some(FunctionDelta {
                        name: text("/content_block/name"),
                        arguments: Some(String::new()),
                    }),
                    ..ToolDelta::default()
                })
            }
            Some("content_block_delta") => match event["delta"]["type"].as_str() {
                Some("text_delta") => ChunkDelta {
                    content: text("/delta/text"),
                    ..ChunkDelta::default()
                },
                Some("thinking_delta") => ChunkDelta {
                    reasoning_content: text("/delta/thinking"),
                    ..ChunkDelta::default()
                },
                Some("input_json_delta") => self.tool(ToolDelta {
                    function: Some(FunctionDelta {
                        name: None,
                        arguments: text("/delta/partial_json"),
                    }),
                    ..ToolDelta::default()
                }),
                _ => return Ok(Vec::new()),
            },
            Some("content_block_stop") => {
                self.open = None;
                return Ok(Vec::new());
            }
            Some("message_delta") => return Ok(self.end(&event)),
            Some("message_stop") => {
                self.done = true;
                return Ok(Vec::new());
            }
            Some("error") => return Err(said(&event["error"])),
            _ => return Ok(Vec::new()),
        };
        Ok(vec![self.chunk(vec![ChunkChoice {
            index: 0,
            delta,
            finish_reason: None,
        }])])
    }

    /// `message_delta`: why it ended, and what it took.
    fn end(&mut self, event: &Value) -> Vec<Chunk> {
        let mut all = Vec::new();
        if let Some(stop) = event["delta"]["stop_reason"].as_str() {
            all.push(self.chunk(vec![ChunkChoice {
                index: 0,
                delta: ChunkDelta::default(),
                finish_reason: Some(finish_reason(stop).to_owned()),
            }]));
        }
        // The end counts the reply; what it says of the prompt goes before what the start said.
        let mut usage = std::mem::take(&mut self.usage);
        if let (Some(usage), Some(later)) = (usage.as_object_mut(), event["usage"].as_object()) {
            let known = later.iter().filter(|(_, value)| !value.is_null());
            usage.extend(known.map(|(name, value)| (name.clone(), value.clone())));
        }
        if let Some(usage) = messages::usage(&usage) {
            all.push(Chunk {
                usage: Some(usage.into()),
                ..self.chunk(Vec::new())
            });
        }
        self.usage = usage;
        all
    }

    fn tool(&self, delta: ToolDelta) -> ChunkDelta {
        ChunkDelta {
            tool_calls: Some(vec![ToolDelta {
                index: self.tools.saturating_sub(1),
                ..delta
            }]),
            ..ChunkDelta::default()
        }
    }

    fn chunk(&self, choices: Vec<ChunkChoice>) -> Chunk {
        Chunk {
            id: self.id.clone(),
            object: Some("chat.completion.chunk".to_owned()),
            created: Some(0),
            model: self.model.clone(),
            choices,
            usage: None,
            error: None,
        }
    }

    /// The event that ends a stream of this form, for an upstream that left it out.
    pub(crate) fn closing(&self) -> Bytes {
        match self.form {
            Form::Chat => event(None, "[DONE]"),
            Form::Messages => event(Some("message_stop"), r#"{"type":"message_stop"}"#),
            // Its last event has the whole response, and nothing comes after.
            Form::Responses => Bytes::new(),
        }
    }

    /// The end of a stream that a checker stopped, told in `form`.
    pub(crate) fn stopped(&self, form: Form, choices: u64, words: &str, out: &mut Vec<Bytes>) {
        match form {
            Form::Chat => {
                let ended = |index| ChunkChoice {
                    index,
                    delta: ChunkDelta {
                        refusal: Some(words.to_owned()),
                        ..ChunkDelta::default()
                    },
                    finish_reason: Some("content_filter".to_owned()),
                };
                let chunk = self.chunk((0..choices.clamp(1, 128) as u32).map(ended).collect());
                out.push(event(None, &serde_json::to_string(&chunk).unwrap_or_default()));
                out.push(event(None, "[DONE]"));
            }
            Form::Messages => {
                let mut send = |name: &str, data: Value| out.push(event(Some(name), &data.to_string()));
                if let Some(index) = self.open {
                    send(
                        "content_block_stop",
                        json!({ "type": "content_block_stop", "index": index }),
                    );
                }
                let usage = json!({ "output_tokens": 0 });
                let delta = json!({ "stop_reason": "refusal", "stop_sequence": null });
                send(
                    "message_delta",
                    json!({ "type": "message_delta", "delta": delta, "usage": usage }),
                );
                send("message_stop", json!({ "type": "message_stop" }));
            }
            Form::Responses => self.responses.stopped(words, out),
        }
    }
}

fn broken(error: serde_json::Error) -> Problem {
    Problem::upstream(format!("the upstream sent an event that is not of its form: {error}"))
}

/// What an upstream says of itself in the middle of a stream.
fn said(error: &Value) -> Problem {
    let words = error["message"].as_str().or(error.as_str());
    Problem::upstream(format!(
        "the upstream broke its stream off: {}",
        words.unwrap_or("it did not say why")
    ))
}
