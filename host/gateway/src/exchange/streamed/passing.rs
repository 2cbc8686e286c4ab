//! A stream passed on: heard, reviewed, told, and brought to its end.

use bytes::Bytes;
use pointsman::{Delta, Review, Turn, Verdict};

use super::hear::Hearing;
use super::tell::{End, Telling, join};
use super::verdict;
use super::window::Window;
use crate::conversation::{Open, Streamed};
use crate::problem::Problem;
use crate::reply::skipped;
use crate::stream::{Decoder, Outgoing};
use crate::tenant::{Reservation, Tab};
use crate::upstream::{AnswerBody, Call, Fault};

/// A stream on its way from the upstream to the client.
pub(super) struct Passing {
    pub(super) decoder: Decoder,
    pub(super) hearing: Hearing,
    pub(super) window: Window,
    pub(super) telling: Telling,
    /// The conversation that this reply makes longer, and what it says so far.
    pub(super) talk: Option<(Box<Open>, Streamed)>,
    pub(super) reserved: Option<Reservation>,
    pub(super) tab: Tab,
}

impl Passing {
    /// Passes it on to its end, whatever that is, and ends the turn.
    pub(super) async fn run(
        mut self: Box<Self>,
        mut turn: Box<Turn>,
        mut call: Call,
        first: Bytes,
        mut rest: AnswerBody,
        out: Outgoing,
    ) {
        let mut verdict = None;
        // What was skipped so far is in the head.
        let known = turn.record().slots.len();
        let end = match Box::pin(turn.review()).await {
            Ok(mut review) => {
                let end = self.pass(&mut review, first, &mut rest, &out, &mut verdict).await;
                match end {
                    End::Done => match Box::pin(review.finish()).await {
                        Ok(last) => verdict::judge(&mut verdict, last),
                        Err(error) => End::Broken(error.into()),
                    },
                    other => other,
                }
            }
            Err(error) => End::Broken(error.into()),
        };
        match end {
            End::Done => rest.over(),
            // Whatever the upstream would still send is not wanted.
            End::Stopped(_) | End::Broken(_) => drop(rest),
        }
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
            End::Done => Box::pin(turn.finish(usage)).await,
            // What the upstream would have billed comes with the end, which nobody waited for.
            End::Stopped(_) => {
                let usage = usage.or_else(|| turn.estimated_usage());
                Box::pin(turn.finish(usage)).await
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
            let last = piece.is_none();
            // Not kept while the next one is waited for: it would keep the buffer that it was read into.
            if let Some(bytes) = piece {
                self.decoder.push(&bytes);
            }
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
                // On the heap, and so are the other steps that take a moment: between them a stream waits, and keeps its place
                // for none of them.
                match Box::pin(review.feed(&deltas)).await {
                    Ok(Some(new)) => return verdict::stop(verdict, new),
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
}
