//! The end of a stream that a checker stopped, where the client is told the events of the upstream or those of the chat form.

use bytes::Bytes;

use super::source::{Place, Source};
use super::to_messages::ToMessages;
use crate::face::Form;
use crate::face::chat::{ChunkChoice, ChunkDelta};
use crate::stream::event;

impl Source {
    /// An end in `form` of so many choices, that goes on from what was sent.
    pub(crate) fn stopped(&self, form: Form, choices: u64, words: &str, sent: Place, out: &mut Vec<Bytes>) {
        match form {
            Form::Chat => {
                let ended = |index| ChunkChoice {
                    index,
                    delta: ChunkDelta {
                        role: (!sent.begun).then(|| "assistant".to_owned()),
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
                let model = self.model.as_deref().unwrap_or_default();
                let input_tokens = self.usage["input_tokens"].as_u64().unwrap_or_default();
                let mut to = ToMessages::new(model, u32::try_from(input_tokens).unwrap_or(u32::MAX));
                to.go_on(self.id.as_deref(), sent, out);
                to.stopped(words, out);
            }
            Form::Responses => self.responses.stopped(words, sent, out),
        }
    }
}
