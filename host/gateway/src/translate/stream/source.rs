//! An upstream's stream, read into the chat form whatever it speaks.

use bytes::Bytes;
use serde_json::Value;

use crate::face::Form;
use crate::face::chat::{Chunk, ChunkChoice};
use crate::problem::Problem;
use crate::stream::{Event, event};
use crate::translate::responses::{self, Said};

/// How far a stream has come.
#[derive(Debug)]
pub(crate) struct Source {
    form: Form,
    pub(super) done: bool,
    pub(super) id: Option<String>,
    pub(super) model: Option<String>,
    pub(super) place: Place,
    /// The messages form: what `message_start` said of the usage.
    pub(super) usage: Value,
    /// The messages form: tools so far.
    pub(super) tools: u32,
    pub(super) responses: responses::Source,
}

/// A place in a stream. An end of our own making goes on from where the client is, not from where the upstream is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    /// Whether the reply has begun.
    pub(crate) begun: bool,
    /// The messages form: whether a block is open.
    pub(crate) open: bool,
    /// The messages form: the index of that block, or else of the next one.
    pub(crate) block: u32,
    /// The responses form: the number of the last event.
    pub(crate) sequence: u64,
}

impl Source {
    pub(crate) fn new(form: Form) -> Self {
        Source {
            form,
            done: false,
            id: None,
            model: None,
            place: Place::default(),
            usage: Value::Null,
            tools: 0,
            responses: responses::Source::default(),
        }
    }

    /// Whether the upstream has said that this is the end.
    pub(crate) fn done(&self) -> bool {
        self.done
    }

    /// The place after the last event that was read.
    pub(crate) fn place(&self) -> Place {
        self.place
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
        self.place.begun |= !chunk.choices.is_empty();
        if self.id.is_none() {
            (self.id, self.model) = (chunk.id.clone(), chunk.model.clone());
        }
        Ok(Some(chunk))
    }

    fn responses(&mut self, data: &Bytes) -> Result<Vec<Chunk>, Problem> {
        let event: Value = serde_json::from_slice(data).map_err(broken)?;
        let read = self.responses.read(&event);
        self.place.begun = self.responses.has_begun();
        self.place.sequence = self.responses.sequence();
        match read {
            Said::Chunks(chunks) => Ok(chunks),
            Said::Last(chunks) => {
                self.done = true;
                Ok(chunks)
            }
            Said::Failed(error) => Err(said(&error)),
        }
    }

    pub(super) fn chunk(&self, choices: Vec<ChunkChoice>) -> Chunk {
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
}

pub(super) fn broken(error: serde_json::Error) -> Problem {
    Problem::upstream(format!("the upstream sent an event that is not of its form: {error}"))
}

/// What an upstream says of itself in the middle of a stream.
pub(super) fn said(error: &Value) -> Problem {
    let words = error["message"].as_str().or(error.as_str());
    Problem::upstream(format!(
        "the upstream broke its stream off: {}",
        words.unwrap_or("it did not say why")
    ))
}
