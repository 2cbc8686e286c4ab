//! The bodies of responses, and the headers that say what was decided.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::Response;
use hyper::body::{Body, Frame, SizeHint};
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
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
    // With what stands there already this is twelve at most, and one more would double the map, which hyper keeps.
    headers.reserve(8);
    set(headers, &names::TURN, &record.turn);
    headers.insert(&names::REVISION, HeaderValue::from(record.revision));
    set(headers, &names::MODEL, &record.model);
    if let (Some(before), Some(after)) = (record.tokens_before, record.tokens_after)
        && after != before
    {
        let tokens = format!("{} of {}", after.tokens, before.tokens);
        set(headers, &names::TOKENS_SENT, &tokens);
    }
    if let Some(conversation) = &record.conversation {
        set(headers, &names::CONVERSATION, conversation);
    }
    for (name, usd) in [(&names::COST, record.cost_usd), (&names::SAVED, record.saved_usd())] {
        if let (Some(usd), State::Finished) = (usd, record.state)
            && let Ok(usd) = HeaderValue::try_from(dollars(usd))
        {
            headers.insert(name, usd);
        }
    }
    if let Some(without) = skipped(&record.slots) {
        set(headers, &names::SKIPPED, &without);
    }
}

/// USD to the billionth, as a whole number of them: to round a fraction in decimals takes several times as long.
fn dollars(usd: f64) -> String {
    let billionths = (usd * 1e9).round();
    if billionths.abs() >= 1e15 {
        return format!("{usd:.9}");
    }
    let sign = if billionths < 0.0 { "-" } else { "" };
    let all = billionths.abs() as u64;
    format!("{sign}{}.{:09}", all / 1_000_000_000, all % 1_000_000_000)
}

/// The headers of responses, made once.
pub(crate) mod names {
    use hyper::header::HeaderName;

    macro_rules! names {
        ($($name:ident = $text:literal),* $(,)?) => { $(pub(crate) static $name: HeaderName = HeaderName::from_static($text);)* };
    }
    names! {
        ATTEMPTS = "x-pointsman-attempts",
        CONVERSATION = "x-pointsman-conversation",
        COST = "x-pointsman-cost-usd",
        COUNT = "x-pointsman-count",
        LEFT_OUT = "x-pointsman-left-out",
        MODEL = "x-pointsman-model",
        POLICIES = "x-pointsman-policies",
        REVISION = "x-pointsman-revision",
        SAVED = "x-pointsman-saved-usd",
        SKIPPED = "x-pointsman-skipped",
        TOKENS_SENT = "x-pointsman-tokens-sent",
        TURN = "x-pointsman-turn",
        VERDICT = "x-pointsman-verdict",
    }
}

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
        set(headers, &names::LEFT_OUT, &left_out.join(", "));
    }
}

/// Sets a header, unless its value cannot stand in one.
pub(crate) fn set(headers: &mut HeaderMap, name: &'static HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::dollars;

    #[test]
    fn dollars_have_nine_decimals() {
        for (usd, text) in [
            (0.0, "0.000000000"),
            (0.000_048, "0.000048000"),
            (1.234_567_891_4, "1.234567891"),
            (-0.5, "-0.500000000"),
            (-1e-12, "0.000000000"),
            (12_000_000.25, "12000000.250000000"),
        ] {
            assert_eq!(dollars(usd), text);
        }
    }
}
