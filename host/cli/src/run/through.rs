//! One turn through the engine.

use std::collections::BTreeMap;

use pointsman::{Delta, Engine, Record, Reply, TurnError, Usage};
use pointsman_replay::KnownOutcome;
use serde::Serialize;
use serde_json::value::RawValue;

use super::case::Turn;

/// What came of one turn.
pub(crate) struct Row {
    pub(super) id: String,
    pub(super) record: Record,
    pub(super) outcomes: BTreeMap<String, KnownOutcome>,
    pub(super) money: Money,
    pub(super) position: u64,
    /// What the decisions rested on, as a trace holds it.
    rested_on: Option<RestedOn>,
}

/// A turn's request in the chat form, and its reply as checkers were fed it.
struct RestedOn {
    request: String,
    reply: Vec<Delta>,
}

/// A row for machines: a trace, which `pointsman replay` reads, with what the turn cost.
#[derive(Serialize)]
pub(super) struct Machine<'a> {
    trace: u32,
    id: &'a str,
    cost_usd: Option<f64>,
    cost_without_policies_usd: Option<f64>,
    /// Nothing is left out.
    masked: [&'static str; 0],
    request: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "<[Delta]>::is_empty")]
    reply: &'a [Delta],
    record: &'a Record,
}

/// What the call costs and what it would have cost without policies, in USD; `None` where a price is not known.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Money {
    pub(super) with: Option<f64>,
    pub(super) without: Option<f64>,
}

/// Runs one turn. An error is a sentence with the turn's name.
pub(super) async fn run(engine: &Engine, case: Turn) -> Result<Row, String> {
    let Turn {
        id,
        request,
        reply,
        outcomes,
        position,
    } = case;
    let fault = |error: &TurnError| match error {
        TurnError::Policy { failure, .. } => {
            let frames: String = failure.frames.iter().map(|frame| format!("\n    in {frame}")).collect();
            format!("{id}: {error}{frames}")
        }
        _ => format!("{id}: {error}"),
    };
    let mut rested_on = RestedOn {
        request: request.to_json(),
        reply: Vec::new(),
    };
    let mut turn = engine.begin(request).await.map_err(|error| fault(&error))?;
    let known = outcomes.get(turn.model()).and_then(|outcome| outcome.text.clone());
    let reply = reply.or(known.map(|text| (text, None)));
    let mut answered = 0;
    if let (Some((text, finish)), None) = (&reply, turn.refusal()) {
        answered = engine
            .counter()
            .text(text, pointsman::Encoding::of_model(turn.model()))
            .tokens;
        let reply = Reply::text(text).finished(finish.as_deref().unwrap_or("stop"));
        turn.check(&reply).await.map_err(|error| fault(&error))?;
        rested_on.reply = reply.deltas().to_vec();
    }
    let usage = Usage::new(turn.tokens().tokens, answered);
    let record = turn.finish(Some(usage)).await;
    let money = money(&record, &outcomes);
    Ok(Row {
        id,
        record,
        outcomes,
        money,
        position,
        rested_on: Some(rested_on),
    })
}

/// Against the dearest candidate with the whole conversation: what is sent where nobody decides.
fn money(record: &Record, outcomes: &BTreeMap<String, KnownOutcome>) -> Money {
    if !outcomes.is_empty() {
        let without = outcomes.values().map(|outcome| outcome.cost_usd).max_by(f64::total_cmp);
        return Money {
            with: outcomes.get(&record.model).map(|outcome| outcome.cost_usd),
            without,
        };
    }
    Money {
        with: record.cost_usd,
        without: record.cost_without_policies_usd(),
    }
}

impl Row {
    /// The row of a turn that was billed.
    pub(crate) fn of(id: String, record: Record) -> Self {
        Row {
            money: money(&record, &BTreeMap::new()),
            id,
            record,
            outcomes: BTreeMap::new(),
            position: 0,
            rested_on: None,
        }
    }

    /// The row for machines.
    pub(super) fn machine(&self) -> serde_json::Result<Machine<'_>> {
        let request = self
            .rested_on
            .as_ref()
            .map(|rested| RawValue::from_string(rested.request.clone()));
        Ok(Machine {
            trace: 1,
            id: &self.id,
            cost_usd: self.money.with,
            cost_without_policies_usd: self.money.without,
            masked: [],
            request: request.transpose()?,
            reply: self.rested_on.as_ref().map_or(&[], |rested| &rested.reply),
            record: &self.record,
        })
    }
}
