//! The bodies of responses, and the headers that say what was decided.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::Response;
use hyper::body::{Body, Frame, SizeHint};
use hyper::header::{HeaderMap, HeaderValue};
use pointsman::{Outcome, Record, SkipReason, SlotRecord, State};

use crate::stream::Streamed;

/// What a client is sent: a whole body, or one that is written as it goes.
pub(crate) enum ReplyBody {
    /// All at once.
    Whole(Option<Bytes>),
    /// Piece by piece.
    Streamed(Streamed),
}

/// A response of one piece.
pub(crate) fn whole(bytes: Bytes) -> Response<ReplyBody> {
    Response::new(ReplyBody::Whole(Some(bytes)))
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match &mut *self {
            ReplyBody::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            ReplyBody::Streamed(streamed) => Pin::new(streamed).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, ReplyBody::Whole(None))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            ReplyBody::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)),
            ReplyBody::Streamed(_) => SizeHint::default(),
        }
    }
}

/// Says which turn this was, what it ran on, and what it went without.
pub(crate) fn describe(headers: &mut HeaderMap, record: &Record) {
    set(headers, "x-pointsman-turn", &record.turn);
    set(headers, "x-pointsman-revision", &record.revision.to_string());
    set(headers, "x-pointsman-model", &record.model);
    if let (Some(before), Some(after)) = (record.tokens_before, record.tokens_after)
        && after != before
    {
        let tokens = format!("{} of {}", after.tokens, before.tokens);
        set(headers, "x-pointsman-tokens-sent", &tokens);
    }
    if let Some(conversation) = &record.conversation {
        set(headers, "x-pointsman-conversation", conversation);
    }
    for (name, usd) in [
        ("x-pointsman-cost-usd", record.cost_usd),
        ("x-pointsman-saved-usd", record.saved_usd()),
    ] {
        if let (Some(usd), State::Finished) = (usd, record.state) {
            set(headers, name, &format!("{usd:.9}"));
        }
    }
    if let Some(without) = skipped(&record.slots) {
        set(headers, SKIPPED, &without);
    }
}

/// Where it is said what a turn went without.
pub(crate) const SKIPPED: &str = "x-pointsman-skipped";

/// Slots that failed or were not asked, each with the reason; none, where the turn went without nothing. What came after a
/// refusal was not skipped: there was nothing left to ask.
pub(crate) fn skipped(slots: &[SlotRecord]) -> Option<String> {
    let without = slots.iter().filter(|slot| slot.answered_by.is_none());
    let said = without.filter_map(|slot| {
        let why = match &slot.outcome {
            Outcome::Failed { kind, .. } => kind.to_string(),
            Outcome::Skipped { reason } => match reason {
                SkipReason::BreakerOpen => "breaker-open".to_owned(),
                SkipReason::NotReviewed => "not-reviewed".to_owned(),
                _ => return None,
            },
            _ => return None,
        };
        Some(format!("{} ({why})", slot.slot))
    });
    let all: Vec<String> = said.collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// Says what the request lost on the way to the form of the upstream that answers.
pub(crate) fn say_left_out(headers: &mut HeaderMap, left_out: &[String]) {
    if !left_out.is_empty() {
        set(headers, "x-pointsman-left-out", &left_out.join(", "));
    }
}

/// Sets a header, unless its value cannot stand in one.
pub(crate) fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
