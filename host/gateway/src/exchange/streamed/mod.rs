//! Replies that are streamed: each piece is reviewed, then passed on, and nothing runs ahead of the client.

mod hear;
mod tell;
mod window;

use bytes::Bytes;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::{HeaderMap, Response};
use pointsman::{Action, Delta, Review, Turn, Usage, Verdict};

use super::ask::{Ask, Reached};
use super::failed;
use super::failure::pass_on;
use crate::conversation::{Open, Streamed};
use crate::problem::Problem;
use crate::reply::{ReplyBody, describe, names, say_left_out, set, skipped};
use crate::stream::{Decoder, Outgoing, streamed};
use crate::tenant::{Reservation, Tab};
use crate::upstream::{AnswerBody, Call, Fault};

use hear::Hearing;
use tell::{End, Telling, join};
use window::Window;

pub(super) async fn answer(
    ask: Ask,
    mut turn: Turn,
    models: Vec<String>,
    open: Option<Open>,
) -> Result<Response<ReplyBody>, Problem> {
    let reached = match ask.ask(&mut turn, &models, None).await {
        Ok(reached) => reached,
        Err(problem) => return Err(failed(turn, Some(Usage::default()), problem)),
    };
    let mut headers = HeaderMap::new();
    pass_on(&reached.headers, &mut headers);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    describe(&mut headers, turn.record());
    say_left_out(&mut headers, &reached.left_out);
    if !turn.record().attempts.is_empty() {
        set(
            &mut headers,
            &names::ATTEMPTS,
            &turn.record().attempts.len().to_string(),
        );
    }
    let limit = ask.gateway.server.event_limit_kib << 10;
    let passing = Passing {
        decoder: Decoder::new(limit),
        window: Window::new(ask.gateway.engine.clone(), &turn, limit),
        hearing: Hearing::new(&ask, &reached),
        telling: Telling::new(&ask, &turn, &reached),
        talk: open.map(|open| (open, Streamed::default())),
        reserved: reached.reserved,
        tab: ask.tab,
    };
    let Reached { call, bytes, rest, .. } = reached;
    let body = streamed(move |out| passing.run(turn, call, bytes, rest, out));
    let mut response = Response::new(ReplyBody::Streamed(body));
    *response.headers_mut() = headers;
    Ok(response)
}

/// A stream on its way from the upstream to the client.
struct Passing {
    decoder: Decoder,
    hearing: Hearing,
    window: Window,
    telling: Telling,
    /// The conversation that this reply makes longer, and what it says so far.
    talk: Option<(Open, Streamed)>,
    reserved: Option<Reservation>,
    tab: Tab,
}

impl Passing {
    async fn run(mut self, mut turn: Turn, mut call: Call, first: Bytes, mut rest: AnswerBody, out: Outgoing) {
        let mut verdict = None;
        // What was skipped so far is in the head.
        let known = turn.record().slots.len();
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
        match &end {
            End::Broken(problem) if problem.code == Some("upstream_error") => call.failed(Fault::Down),
            End::Done => {
                call.streamed(self.hearing.usage().map_or(0, |usage| usage.output_tokens));
                call.ended_well();
            }
            // As far as it was let.
            End::Stopped(_) => call.ended_well(),
            End::Broken(_) => {}
        }
        let usage = self.hearing.usage();
        self.tab.used(usage);
        if let Some(reserved) = self.reserved.take() {
            reserved.settle(usage);
        }
        let record = match &end {
            End::Broken(problem) => {
                turn.billed(usage);
                turn.fail(&problem.message)
            }
            End::Done => turn.finish(usage).await,
            // What the upstream would have billed comes with the end, which nobody waited for.
            End::Stopped(_) => {
                let usage = usage.or_else(|| turn.estimated_usage());
                turn.finish(usage).await
            }
        };
        if let (End::Done, Some((open, said))) = (&end, self.talk.take()) {
            open.streamed(said);
        }
        // The turn has ended before the client can know that the stream has.
        let without = skipped(record.slots.get(known..).unwrap_or_default());
        let held = if matches!(end, End::Done) {
            self.window.rest()
        } else {
            Vec::new()
        };
        let last = self
            .telling
            .last(held, &self.hearing, &end, verdict.as_ref(), without.as_deref());
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
                let fed = deltas.len();
                let said = self.talk.as_mut().map(|(_, said)| said);
                match self.hearing.event(event, said, &mut deltas) {
                    Ok(Some(piece)) => ready.extend(self.window.push(piece, &deltas[fed..])),
                    Ok(None) => {}
                    Err(problem) => {
                        broken = Some(problem);
                        break;
                    }
                }
            }
            if let Some(reserved) = &mut self.reserved {
                reserved.saw(deltas.iter().map(Delta::text_bytes).sum());
            }
            // What is not reviewed is not sent.
            if !deltas.is_empty() {
                match review.feed(&deltas).await {
                    Ok(Some(new)) => return Self::stop(verdict, new),
                    Ok(None) => {}
                    Err(error) => return End::Broken(error.into()),
                }
            }
            broken = broken.or(self.window.release(&mut ready).err());
            let mut told = Vec::new();
            for piece in ready {
                if let Err(problem) = self.telling.piece(piece, &mut told) {
                    broken = broken.or(Some(problem));
                    break;
                }
            }
            if !told.is_empty() {
                out.send(join(told)).await;
            }
            if let Some(problem) = broken {
                return End::Broken(problem);
            }
            if self.hearing.said_done() {
                return End::Done;
            }
            if last {
                return if self.hearing.has_ended() {
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

    /// What the verdict on a whole stream means: what has left cannot be taken back, but its end can still say so.
    fn judge(so_far: &mut Option<Verdict>, last: Verdict) -> End {
        let end = match &last.action {
            Action::Block(words) => End::Stopped(words.clone()),
            _ => End::Done,
        };
        if so_far
            .as_ref()
            .is_none_or(|old| old.action.severity() < last.action.severity())
        {
            *so_far = Some(last);
        }
        end
    }

    /// A verdict in the middle ends the review, and with it the stream: what nobody reviews is not sent. A stream cannot be
    /// sent round again, so the client is told why it ends here.
    fn stop(verdict: &mut Option<Verdict>, new: Verdict) -> End {
        let words = match &new.action {
            Action::Block(words) => words.clone(),
            _ => {
                let found = new.findings.iter().map(|finding| finding.text.as_str());
                let mut reasons = found.chain(new.reasons.iter().map(|reason| reason.text.as_str()));
                let why = reasons.next().unwrap_or("it is not to be used");
                format!("The reply was stopped by a checker: {why}")
            }
        };
        *verdict = Some(new);
        End::Stopped(words)
    }
}
