//! Replies that are streamed: each piece is reviewed, then passed on, and nothing runs ahead of the client.

use bytes::{Bytes, BytesMut};
use hyper::Response;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use pointsman::{Action, Delta, Review, Turn, Usage, Verdict};

use super::ask::{Ask, Reached, pass_on};
use super::failed;
use crate::face::Form;
use crate::face::chat::Chunk;
use crate::problem::Problem;
use crate::reply::{ReplyBody, describe, set};
use crate::stream::{Decoder, Event, Outgoing, comment, event, streamed};
use crate::translate::stream::{Source, ToMessages};
use crate::upstream::AnswerBody;

/// How a stream ends.
enum End {
    /// As the upstream ended it.
    Done,
    /// A checker stopped it, with words for the client.
    Stopped(String),
    /// It broke off.
    Broken(Problem),
}

pub(super) async fn answer(ask: Ask, mut turn: Turn, models: Vec<String>) -> Result<Response<ReplyBody>, Problem> {
    let reached = match ask.ask(&mut turn, &models, None).await {
        Ok(reached) => reached,
        Err(problem) => return Err(failed(turn, problem)),
    };
    let mut headers = hyper::HeaderMap::new();
    pass_on(&reached.headers, &mut headers);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    describe(&mut headers, turn.record());
    if !turn.record().attempts.is_empty() {
        set(
            &mut headers,
            "x-pointsman-attempts",
            &turn.record().attempts.len().to_string(),
        );
    }
    let passing = Passing::new(&ask, &turn, &reached);
    let Reached { bytes, rest, .. } = reached;
    let body = streamed(move |out| passing.run(turn, bytes, rest, out));
    let mut response = Response::new(ReplyBody::Streamed(body));
    *response.headers_mut() = headers;
    Ok(response)
}

/// A stream on its way from the upstream's form to the client's.
struct Passing {
    decoder: Decoder,
    source: Source,
    face: Face,
    form: Form,
    /// Choices that were asked for, and those that have ended.
    choices: u64,
    ended: u64,
    /// Events after the last choice has ended: they wait for the verdict.
    tail: Vec<Bytes>,
    usage: Option<Usage>,
}

/// How events are told to the client.
enum Face {
    /// As they come.
    Same { usage: bool },
    /// A stream of another form, told in the chat form.
    Chat { usage: bool },
    /// A stream of the chat form, told in the messages form.
    Messages(ToMessages),
}

impl Passing {
    fn new(ask: &Ask, turn: &Turn, reached: &Reached) -> Self {
        let usage = ask.asked.wants_usage;
        let n = ask.asked.request.field("n").and_then(|n| serde_json::from_str(n).ok());
        Passing {
            decoder: Decoder::new(ask.gateway.server.event_limit_kib << 10),
            source: Source::new(reached.form),
            face: match (reached.form, ask.form) {
                (Form::Chat, Form::Messages) => {
                    Face::Messages(ToMessages::new(&reached.model, turn.record().tokens_after.tokens))
                }
                (Form::Messages, Form::Chat) => Face::Chat { usage },
                _ => Face::Same { usage },
            },
            form: ask.form,
            choices: n.unwrap_or(1),
            ended: 0,
            tail: Vec::new(),
            usage: None,
        }
    }

    async fn run(mut self, mut turn: Turn, first: Bytes, mut rest: AnswerBody, out: Outgoing) {
        let mut verdict = None;
        let end = match turn.review().await {
            Ok(mut review) => {
                let end = self.pass(&mut review, first, &mut rest, &out, &mut verdict).await;
                match end {
                    End::Done => match review.finish().await {
                        Ok(last) => Self::judge(&mut verdict, last),
                        Err(error) => End::Broken(error.into()),
                    },
                    other => other,
                }
            }
            Err(error) => End::Broken(error.into()),
        };
        // Whatever the upstream would still send is not wanted.
        drop(rest);
        let last = self.last(&end, verdict.as_ref());
        match end {
            End::Broken(problem) => drop(turn.fail(problem.message)),
            End::Done | End::Stopped(_) => drop(turn.finish(self.usage).await),
        }
        // The turn has ended before the client can know that the stream has.
        out.send(last).await;
    }

    /// Passes pieces on until the stream ends or is ended.
    async fn pass(
        &mut self,
        review: &mut Review<'_>,
        first: Bytes,
        rest: &mut AnswerBody,
        out: &Outgoing,
        verdict: &mut Option<Verdict>,
    ) -> End {
        let mut piece = Some(first);
        loop {
            let mut events = Vec::new();
            let last = match &piece {
                Some(bytes) => {
                    self.decoder.push(bytes);
                    false
                }
                None => true,
            };
            loop {
                match self.decoder.next() {
                    Ok(Some(event)) => events.push(event),
                    Ok(None) => break,
                    Err(broken) => return End::Broken(Problem::upstream(broken)),
                }
            }
            if last {
                events.extend(self.decoder.rest());
            }
            let mut deltas = Vec::new();
            let mut ready = Vec::new();
            let mut broken = None;
            for event in events {
                if let Err(problem) = self.event(event, &mut deltas, &mut ready) {
                    broken = Some(problem);
                    break;
                }
            }
            // What is not reviewed is not sent.
            if !deltas.is_empty() {
                match review.feed(&deltas).await {
                    Ok(Some(new)) => {
                        if let stopped @ End::Stopped(_) = Self::judge(verdict, new) {
                            return stopped;
                        }
                    }
                    Ok(None) => {}
                    Err(error) => return End::Broken(error.into()),
                }
            }
            if !ready.is_empty() {
                out.send(join(ready)).await;
            }
            if let Some(problem) = broken {
                return End::Broken(problem);
            }
            if self.source.done() {
                return End::Done;
            }
            if last {
                return if self.ended >= self.choices {
                    End::Done
                } else {
                    End::Broken(Problem::upstream("the upstream ended its stream in the middle"))
                };
            }
            piece = match rest.next().await {
                Ok(piece) => piece,
                Err(error) => return End::Broken(Problem::upstream(error)),
            };
        }
    }

    /// One event: what checkers are fed of it, and what the client is sent.
    fn event(&mut self, event: Event, deltas: &mut Vec<Delta>, ready: &mut Vec<Bytes>) -> Result<(), Problem> {
        let chunks = self.source.read(&event)?;
        let mut out = Vec::new();
        let mut keep = true;
        for chunk in &chunks {
            chunk.deltas(deltas);
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
            }
        }
        if matches!(self.face, Face::Same { .. }) && keep && !event.raw.is_empty() {
            out.push(whole_event(event.raw));
        }
        // A last event, and what follows it, waits for the verdict on the whole.
        if self.ended >= self.choices {
            self.tail.append(&mut out);
        } else {
            ready.append(&mut out);
        }
        Ok(())
    }

    /// What a verdict means for a stream: only a block can still be carried out.
    fn judge(so_far: &mut Option<Verdict>, new: Verdict) -> End {
        let end = match &new.action {
            Action::Block(words) => End::Stopped(words.clone()),
            _ => End::Done,
        };
        if so_far
            .as_ref()
            .is_none_or(|old| old.action.severity() < new.action.severity())
        {
            *so_far = Some(new);
        }
        end
    }

    /// What the client is sent last.
    fn last(&mut self, end: &End, verdict: Option<&Verdict>) -> Bytes {
        let mut out = Vec::new();
        if let Some(verdict) = verdict.filter(|verdict| verdict.action.severity() > 0) {
            out.push(comment(&format!("x-pointsman-verdict: {}", verdict.action.word())));
        }
        match end {
            End::Done => {
                out.append(&mut self.tail);
                match &mut self.face {
                    Face::Messages(to) => to.end(self.usage, &mut out),
                    Face::Chat { .. } => out.push(event(None, "[DONE]")),
                    Face::Same { .. } if !self.source.done() => out.push(self.source.closing()),
                    Face::Same { .. } => {}
                }
            }
            End::Stopped(words) => match &mut self.face {
                Face::Messages(to) => to.stopped(words, &mut out),
                _ => self.source.stopped(self.form, self.choices, words, &mut out),
            },
            End::Broken(problem) => {
                let name = (self.form == Form::Messages).then_some("error");
                out.push(event(name, &problem.json(self.form).to_string()));
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

fn join(mut pieces: Vec<Bytes>) -> Bytes {
    if pieces.len() == 1 {
        return pieces.pop().unwrap_or_default();
    }
    let mut all = BytesMut::with_capacity(pieces.iter().map(Bytes::len).sum());
    pieces.iter().for_each(|piece| all.extend_from_slice(piece));
    all.freeze()
}
