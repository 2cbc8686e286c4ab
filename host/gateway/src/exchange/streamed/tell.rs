//! A stream told to the client: event by event, in its own form, with a proper end whatever happens.

use bytes::{Bytes, BytesMut};
use pointsman::{Delta, Turn, Usage, Verdict};

use super::super::ask::{Ask, Reached};
use crate::conversation::Streamed;
use crate::face::Form;
use crate::face::chat::Chunk;
use crate::problem::Problem;
use crate::reply::SKIPPED;
use crate::stream::{Event, comment, event};
use crate::translate::responses::{Echo, ToResponses};
use crate::translate::stream::{Source, ToMessages};

/// How a stream ends.
pub(super) enum End {
    /// As the upstream ended it.
    Done,
    /// A checker stopped it, with words for the client.
    Stopped(String),
    /// It broke off.
    Broken(Problem),
}

/// What the client is sent of one event.
pub(super) struct Piece {
    pub(super) bytes: Bytes,
    /// Whether it says nothing to anybody.
    pub(super) comment: bool,
}

/// What has been told, and what waits.
pub(super) struct Telling {
    source: Source,
    face: Face,
    form: Form,
    /// Choices that were asked for, and those that have ended.
    choices: u64,
    ended: u64,
    /// Events after the last choice has ended: they wait for the verdict.
    tail: Vec<Bytes>,
    /// Most bytes of these.
    limit: usize,
    /// Most bytes of a reply that is held for its last event.
    held: usize,
    usage: Option<Usage>,
}

/// How events are told to the client.
enum Face {
    /// As they come.
    Same { usage: bool },
    /// A stream of another form, told in the chat form.
    Chat { usage: bool },
    /// The same, told in the messages form.
    Messages(ToMessages),
    /// The same, told in the responses form.
    Responses(Box<ToResponses>),
}

impl Telling {
    pub(super) fn new(ask: &Ask, turn: &Turn, reached: &Reached, limit: usize) -> Self {
        let usage = ask.asked.wants_usage;
        let n = ask.asked.request.field("n").and_then(|n| serde_json::from_str(n).ok());
        Telling {
            limit,
            held: ask.gateway.server.reply_limit_mib << 20,
            source: Source::new(reached.form),
            face: match (reached.form, ask.form) {
                (there, here) if there == here => Face::Same { usage },
                (_, Form::Chat) => Face::Chat { usage },
                (_, Form::Messages) => Face::Messages(ToMessages::new(&reached.model, turn.tokens().tokens)),
                (_, Form::Responses) => {
                    let request = ask.asked.original.as_deref().unwrap_or_default();
                    Face::Responses(Box::new(ToResponses::new(&reached.model, Echo::of(request))))
                }
            },
            form: ask.form,
            choices: n.unwrap_or(1),
            ended: 0,
            tail: Vec::new(),
            usage: None,
        }
    }

    /// Whether the upstream has said that this is the end.
    pub(super) fn said_done(&self) -> bool {
        self.source.done()
    }

    /// Whether all choices have ended.
    pub(super) fn has_ended(&self) -> bool {
        self.ended >= self.choices
    }

    /// What the upstream billed, where it has said so.
    pub(super) fn usage(&self) -> Option<Usage> {
        self.usage
    }

    /// One event: what checkers are fed of it, and what the client is sent, where that is not for the end.
    pub(super) fn event(
        &mut self,
        event: Event,
        mut said: Option<&mut Streamed>,
        deltas: &mut Vec<Delta>,
    ) -> Result<Option<Piece>, Problem> {
        let comment = event.data.is_empty();
        let chunks = self.source.read(&event)?;
        let mut out = Vec::new();
        let mut keep = true;
        for chunk in &chunks {
            chunk.deltas(deltas);
            if let Some(said) = &mut said {
                said.chunk(chunk);
            }
            if let Some(usage) = &chunk.usage {
                self.usage = Some(usage.clone().into());
            }
            self.ended += chunk
                .choices
                .iter()
                .filter(|choice| choice.finish_reason.is_some())
                .count() as u64;
            let only_usage = chunk.choices.is_empty() && chunk.usage.is_some();
            match &mut self.face {
                Face::Same { usage } => keep &= *usage || !only_usage,
                Face::Chat { usage } => {
                    if *usage || !only_usage {
                        out.push(told(chunk));
                    }
                }
                Face::Messages(to) => to.chunk(chunk, &mut out),
                Face::Responses(to) => {
                    to.chunk(chunk, &mut out);
                    if to.bytes() > self.held {
                        let why = "the reply is longer than `server.reply-limit-mib` allows";
                        return Err(Problem::upstream(why));
                    }
                }
            }
        }
        if matches!(self.face, Face::Same { .. }) && keep && !event.raw.is_empty() {
            out.push(whole_event(event.raw));
        }
        // A last event, and what follows it, waits for the verdict on the whole.
        if self.has_ended() {
            self.tail.append(&mut out);
            if self.tail.iter().map(Bytes::len).sum::<usize>() > self.limit {
                return Err(Problem::upstream("the upstream's stream goes on and on after its end"));
            }
            return Ok(None);
        }
        let piece = |bytes| Piece { bytes, comment };
        Ok((!out.is_empty()).then(|| piece(join(out))))
    }

    /// What the client is sent last: what was held back, what checkers said, which of them were skipped, and the end.
    pub(super) fn last(
        &mut self,
        held: Vec<Bytes>,
        end: &End,
        verdict: Option<&Verdict>,
        without: Option<&str>,
    ) -> Bytes {
        let mut out = held;
        if let Some(verdict) = verdict.filter(|verdict| verdict.action.severity() > 0) {
            out.push(comment(&format!("x-pointsman-verdict: {}", verdict.action.word())));
        }
        if let Some(without) = without {
            out.push(comment(&format!("{SKIPPED}: {without}")));
        }
        match end {
            End::Done => {
                out.append(&mut self.tail);
                match &mut self.face {
                    Face::Messages(to) => to.end(self.usage, &mut out),
                    Face::Responses(to) => to.end(self.usage, &mut out),
                    Face::Chat { .. } => out.push(event(None, "[DONE]")),
                    Face::Same { .. } if !self.source.done() => out.push(self.source.closing()),
                    Face::Same { .. } => {}
                }
            }
            End::Stopped(words) => match &mut self.face {
                Face::Messages(to) => to.stopped(words, &mut out),
                Face::Responses(to) => to.stopped(words, &mut out),
                _ => self.source.stopped(self.form, self.choices, words, &mut out),
            },
            End::Broken(problem) => {
                out.push(problem.event(self.form));
            }
        }
        join(out)
    }
}

fn told(chunk: &Chunk) -> Bytes {
    // Chunks are plain data, which cannot fail to be written.
    event(None, &serde_json::to_string(chunk).unwrap_or_default())
}

/// An event that the upstream left unended is ended here, so that what follows is not taken for a part of it.
fn whole_event(raw: Bytes) -> Bytes {
    if raw.ends_with(b"\n\n") || raw.ends_with(b"\r\n\r\n") || raw.ends_with(b"\r\r") {
        return raw;
    }
    let mut ended = BytesMut::from(&raw[..]);
    ended.extend_from_slice(b"\n\n");
    ended.freeze()
}

pub(super) fn join(mut pieces: Vec<Bytes>) -> Bytes {
    if pieces.len() == 1 {
        return pieces.pop().unwrap_or_default();
    }
    let mut all = BytesMut::with_capacity(pieces.iter().map(Bytes::len).sum());
    pieces.iter().for_each(|piece| all.extend_from_slice(piece));
    all.freeze()
}
