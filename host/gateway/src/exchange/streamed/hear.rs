//! A stream as the upstream sends it: read event by event, for checkers and for the account. What the client is told of it
//! is for later, when it is sent.

use bytes::Bytes;
use pointsman::{Delta, Usage};

use super::super::ask::{Ask, Reached};
use crate::conversation::Streamed;
use crate::face::Form;
use crate::face::chat::Chunk;
use crate::problem::Problem;
use crate::stream::Event;
use crate::translate::stream::{Place, Source};

/// One event that the client is to be told.
pub(super) struct Piece {
    /// As it came.
    pub(super) raw: Bytes,
    /// What it says, where it is to be told in another form.
    pub(super) chunks: Vec<Chunk>,
    /// Where the upstream was after it.
    pub(super) place: Place,
    /// Whether it says nothing to anybody.
    pub(super) comment: bool,
    /// Whether it comes with the reply's end, or after it.
    pub(super) last: bool,
}

/// What was heard so far.
pub(super) struct Hearing {
    source: Source,
    /// Whether events are told as they come.
    same: bool,
    wants_usage: bool,
    /// Choices that were asked for, and those that have ended.
    choices: u64,
    ended: u64,
    usage: Option<Usage>,
}

impl Hearing {
    pub(super) fn new(ask: &Ask, reached: &Reached) -> Self {
        let n = ask.asked.request.field("n").and_then(|n| serde_json::from_str(n).ok());
        Hearing {
            source: Source::new(reached.form),
            same: reached.form == ask.form,
            wants_usage: ask.asked.wants_usage,
            // The other forms know one.
            choices: n.filter(|_| reached.form == Form::Chat).unwrap_or(1),
            ended: 0,
            usage: None,
        }
    }

    /// One event: what checkers are fed of it, and what the client is to be told, if anything.
    ///
    /// # Errors
    /// It is not of the upstream's form, or the upstream says that it failed.
    pub(super) fn event(
        &mut self,
        event: Event,
        mut said: Option<&mut Streamed>,
        deltas: &mut Vec<Delta>,
    ) -> Result<Option<Piece>, Problem> {
        let mut chunks = self.source.read(&event)?;
        for chunk in &chunks {
            chunk.deltas(deltas);
            if let Some(said) = &mut said {
                said.chunk(chunk);
            }
            if let Some(usage) = &chunk.usage {
                self.usage = Some(usage.clone().into());
            }
            let ended = chunk.choices.iter().filter(|choice| choice.finish_reason.is_some());
            self.ended += ended.count() as u64;
        }
        let read = chunks.len();
        chunks.retain(|chunk| self.wants_usage || !chunk.is_only_usage());
        let nothing = match self.same {
            true => event.raw.is_empty() || chunks.len() < read,
            false => chunks.is_empty(),
        };
        if self.same {
            chunks.clear();
        }
        Ok((!nothing).then(|| Piece {
            comment: event.data.is_empty(),
            raw: event.raw,
            chunks,
            place: self.source.place(),
            last: self.has_ended() || self.source.done(),
        }))
    }

    /// Where it comes from.
    pub(super) fn source(&self) -> &Source {
        &self.source
    }

    /// Whether the upstream has said that this is the end.
    pub(super) fn said_done(&self) -> bool {
        self.source.done()
    }

    /// Choices that were asked for.
    pub(super) fn choices(&self) -> u64 {
        self.choices
    }

    /// Whether all choices have ended.
    pub(super) fn has_ended(&self) -> bool {
        self.ended >= self.choices
    }

    /// What the upstream billed, where it has said so.
    pub(super) fn usage(&self) -> Option<Usage> {
        self.usage
    }
}
