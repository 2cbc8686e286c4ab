//! A stream told to the client: what is sent of it, in the client's form, with a proper end whatever happens. Only what is
//! sent is told: what still waits, and what a checker kept back, leaves no trace in what follows.

use bytes::{Bytes, BytesMut};
use pointsman::{Turn, Verdict};

use super::super::ask::{Ask, Reached};
use super::hear::{Hearing, Piece};
use crate::face::Form;
use crate::face::chat::Chunk;
use crate::problem::Problem;
use crate::reply::names;
use crate::stream::{comment, event};
use crate::translate::responses::{Echo, ToResponses};
use crate::translate::stream::{Place, ToMessages};

/// How a stream ends.
pub(super) enum End {
    /// As the upstream ended it.
    Done,
    /// A checker stopped it, with words for the client.
    Stopped(String),
    /// It broke off.
    Broken(Problem),
}

/// What has been told.
pub(super) struct Telling {
    face: Face,
    form: Form,
    /// Where the upstream was after the last event that was sent.
    sent: Place,
    /// Most bytes of a reply that is held for its last event.
    held: usize,
}

/// How events are told to the client.
enum Face {
    /// As they come.
    Same,
    /// A stream of another form, told in the chat form.
    Chat,
    /// The same, told in the messages form.
    Messages(ToMessages),
    /// The same, told in the responses form.
    Responses(Box<ToResponses>),
}

impl Telling {
    pub(super) fn new(ask: &Ask, turn: &Turn, reached: &Reached) -> Self {
        Telling {
            face: match (reached.form, ask.form) {
                (there, here) if there == here => Face::Same,
                (_, Form::Chat) => Face::Chat,
                (_, Form::Messages) => Face::Messages(ToMessages::new(&reached.model, turn.tokens().tokens)),
                (_, Form::Responses) => {
                    let request = ask.asked.original.as_deref().unwrap_or_default();
                    Face::Responses(Box::new(ToResponses::new(&reached.model, Echo::of(request))))
                }
            },
            form: ask.form,
            sent: Place::default(),
            held: ask.gateway.server.reply_limit_mib << 20,
        }
    }

    /// What the client is sent of one event.
    ///
    /// # Errors
    /// The reply is longer than may be held for its last event.
    pub(super) fn piece(&mut self, piece: Piece, out: &mut Vec<Bytes>) -> Result<(), Problem> {
        self.tell(piece, out);
        match &self.face {
            Face::Responses(to) if to.bytes() > self.held => Err(Problem::upstream(
                "the reply is longer than `server.reply-limit-mib` allows",
            )),
            _ => Ok(()),
        }
    }

    fn tell(&mut self, piece: Piece, out: &mut Vec<Bytes>) {
        self.sent = piece.place;
        match &mut self.face {
            Face::Same => out.push(whole_event(piece.raw)),
            Face::Chat => out.extend(piece.chunks.iter().map(told)),
            Face::Messages(to) => piece.chunks.iter().for_each(|chunk| to.chunk(chunk, out)),
            Face::Responses(to) => piece.chunks.iter().for_each(|chunk| to.chunk(chunk, out)),
        }
    }

    /// What the client is sent last: what was held back, what checkers said, which of them were skipped, and the end.
    pub(super) fn last(
        &mut self,
        mut held: Vec<Piece>,
        heard: &Hearing,
        end: &End,
        verdict: Option<&Verdict>,
        without: Option<&str>,
    ) -> Bytes {
        let mut out = Vec::new();
        let tail = held.split_off(held.partition_point(|piece| !piece.last));
        held.into_iter().for_each(|piece| self.tell(piece, &mut out));
        if let Some(verdict) = verdict.filter(|verdict| verdict.action.severity() > 0) {
            out.push(comment(&format!("{}: {}", names::VERDICT, verdict.action.word())));
        }
        if let Some(without) = without {
            out.push(comment(&format!("{}: {without}", names::SKIPPED)));
        }
        tail.into_iter().for_each(|piece| self.tell(piece, &mut out));
        let source = heard.source();
        match (end, &mut self.face) {
            (End::Done, Face::Messages(to)) => to.end(heard.usage(), &mut out),
            (End::Done, Face::Responses(to)) => to.end(heard.usage(), &mut out),
            (End::Done, Face::Chat) => out.push(event(None, "[DONE]")),
            (End::Done, Face::Same) if !heard.said_done() => out.push(source.closing()),
            (End::Done, Face::Same) => {}
            (End::Stopped(words), Face::Messages(to)) => to.stopped(words, &mut out),
            (End::Stopped(words), Face::Responses(to)) => to.stopped(words, &mut out),
            (End::Stopped(words), _) => source.stopped(self.form, heard.choices(), words, self.sent, &mut out),
            (End::Broken(problem), _) => out.push(problem.event(self.form)),
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
