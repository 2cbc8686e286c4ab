//! An upstream's stream of the messages form, read into the chat form.

use bytes::Bytes;
use serde_json::Value;

use super::super::finish_reason;
use super::source::{Source, broken, said};
use crate::face::chat::{Chunk, ChunkChoice, ChunkDelta, FunctionDelta, ToolDelta};
use crate::face::messages;
use crate::problem::Problem;

impl Source {
    pub(super) fn messages(&mut self, data: &Bytes) -> Result<Vec<Chunk>, Problem> {
        let event: Value = serde_json::from_slice(data).map_err(broken)?;
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let delta = match event["type"].as_str() {
            Some("message_start") => {
                self.place.begun = true;
                (self.id, self.model) = (text("/message/id"), text("/message/model"));
                self.usage = event["message"]["usage"].clone();
                ChunkDelta {
                    role: Some("assistant".to_owned()),
                    content: Some(String::new()),
                    ..ChunkDelta::default()
                }
            }
            Some("content_block_start") => {
                self.place.open = true;
                if let Some(index) = event["index"].as_u64() {
                    self.place.block = u32::try_from(index).unwrap_or(u32::MAX);
                }
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
                self.place.open = false;
                self.place.block = self.place.block.saturating_add(1);
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
}
