//! Traces: a turn's record with the request and the reply that it rests on, one JSON line each.

use pointsman::{Delta, FailureKind, Outcome, Record, Request, SkipReason, SlotRecord};
use serde::Deserialize;
use serde_json::value::RawValue;

/// A turn as it was recorded.
#[derive(Clone, Debug, Deserialize)]
pub struct Trace<'a> {
    /// What was left out of the line, such as `messages`; empty where the turn can be decided again.
    #[serde(default)]
    pub masked: Vec<String>,
    /// The request in the chat form; `None` where it was not recorded.
    #[serde(borrow, default)]
    pub request: Option<&'a RawValue>,
    /// The reply as checkers were fed it; empty where none looked at it.
    #[serde(default)]
    pub reply: Vec<Delta>,
    /// What was decided.
    pub record: Record,
}

/// Why a turn cannot be decided again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Obstacle {
    /// Texts or fields were left out of the trace.
    Masked,
    /// The trace holds no request.
    NoRequest,
    /// A call was cut by its deadline, or waited in vain for room: another time it may not be.
    CutShort,
    /// A slot was not asked after too many failures, or an older policy answered for it: that rests on turns before.
    BreakerOrStandIn,
    /// A policy with this digest, these settings or these artifacts is not at hand.
    PolicyMissing,
    /// A guard masked or refused the request: what the slots after it saw is not in the trace.
    Guarded,
    /// The one checker judges requests where the other judged replies.
    OtherPart,
    /// The policy had other settings than those that were given.
    OtherSettings,
    /// The slot is not in the record.
    NoSuchSlot,
    /// No policy was asked, or not in this slot.
    NothingDecided,
}

impl Obstacle {
    /// The obstacle in words.
    pub fn words(self) -> &'static str {
        match self {
            Obstacle::Masked => "masked: the trace leaves texts or fields out",
            Obstacle::NoRequest => "no request in the trace",
            Obstacle::CutShort => "cut by a deadline or by overload",
            Obstacle::BreakerOrStandIn => "a breaker was open, or an older policy answered",
            Obstacle::PolicyMissing => "its policies are not at hand: name their settings with --config",
            Obstacle::Guarded => "a guard changed the request first",
            Obstacle::OtherPart => "one guards requests and the other judges replies",
            Obstacle::OtherSettings => "decided with other settings: name those of its revision with --settings",
            Obstacle::NoSuchSlot => "there was no such slot of this kind",
            Obstacle::NothingDecided => "no policy was asked there",
        }
    }
}

impl<'a> Trace<'a> {
    /// Reads a line: a trace, or a record alone.
    ///
    /// # Errors
    /// In words.
    pub fn read(text: &'a str) -> Result<Self, String> {
        serde_json::from_str(text).or_else(|error| {
            let alone: Result<Record, _> = serde_json::from_str(text);
            alone.map(Trace::of_record).map_err(|_| format!("not a trace: {error}"))
        })
    }

    fn of_record(record: Record) -> Self {
        Trace {
            masked: Vec::new(),
            request: None,
            reply: Vec::new(),
            record,
        }
    }

    /// Why the turn cannot be decided again by what decided it, as far as the trace itself says.
    pub fn obstacle(&self) -> Option<Obstacle> {
        self.unreadable()
            .or_else(|| self.record.slots.iter().find_map(slot_obstacle))
    }

    /// Why no policy at all can be asked about the turn.
    pub fn unreadable(&self) -> Option<Obstacle> {
        if !self.masked.is_empty() {
            return Some(Obstacle::Masked);
        }
        self.request.is_none().then_some(Obstacle::NoRequest)
    }

    /// The request with everything that its decisions rested on.
    ///
    /// # Errors
    /// In words: it is not in the trace, or cannot be read.
    pub fn request(&self) -> Result<Request, String> {
        let body = self.request.ok_or("the trace holds no request")?;
        let record = &self.record;
        let mut request = Request::from_json(body.get()).map_err(|error| error.to_string())?;
        request = request
            .purpose(record.purpose)
            .limits(record.limits.clone())
            .candidate_models(record.candidates.iter().cloned())
            .at_ms(record.at_ms)
            .seed(record.seed);
        for (name, value) in &record.attributes {
            request = request.attribute(name, value);
        }
        if let Some(user) = &record.user {
            request = request.user(user);
        }
        for slot in &record.slots {
            if let Some(settings) = &slot.tenant_settings {
                request = request.tenant_settings(&slot.slot, settings.clone());
            }
        }
        Ok(request)
    }
}

fn slot_obstacle(slot: &SlotRecord) -> Option<Obstacle> {
    if slot.answered_by.is_some() {
        return Some(Obstacle::BreakerOrStandIn);
    }
    match &slot.outcome {
        Outcome::Skipped {
            reason: SkipReason::BreakerOpen,
        } => Some(Obstacle::BreakerOrStandIn),
        Outcome::Failed {
            kind: FailureKind::Deadline | FailureKind::Overloaded,
            ..
        } => Some(Obstacle::CutShort),
        _ => None,
    }
}
