//! Turns, as their records tell them: tokens, cost, savings, and what came of each slot.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use pointsman::{Decision, Outcome, Purpose, Record, SkipReason, SlotRecord, State};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use super::labels::{Bounded, Labels, Value};

type Histograms<const N: usize> = Family<Labels<N>, Histogram, fn() -> Histogram>;
type Usd = Counter<f64, AtomicU64>;

/// Figures of turns.
pub(super) struct TurnMetrics {
    known: Arc<Bounded>,
    turns: Family<Labels<1>, Counter>,
    tokens: Histograms<4>,
    tokens_saved: Counter,
    tokens_asked: Counter,
    cost: Family<Labels<1>, Usd>,
    cost_estimated: Family<Labels<1>, Counter>,
    cost_unknown: Family<Labels<2>, Counter>,
    attempts: Family<Labels<1>, Counter>,
    engine: Histogram,
    outcomes: Family<Labels<3>, Counter>,
    calls: Histograms<2>,
    verdicts: Family<Labels<2>, Counter>,
    assignments: Family<Labels<2>, Counter>,
}

impl TurnMetrics {
    pub(super) fn register(registry: &mut Registry, known: Arc<Bounded>) -> Self {
        // From ten microseconds to a third of a second.
        let policies: fn() -> Histogram = || Histogram::new(exponential_buckets(1e-5, 2.0, 16));
        let all = TurnMetrics {
            known,
            turns: Family::default(),
            tokens: Family::new_with_constructor(|| Histogram::new(exponential_buckets(1.0, 4.0, 14))),
            tokens_saved: Counter::default(),
            tokens_asked: Counter::default(),
            cost: Family::default(),
            cost_estimated: Family::default(),
            cost_unknown: Family::default(),
            attempts: Family::default(),
            engine: policies(),
            outcomes: Family::default(),
            calls: Family::new_with_constructor(policies),
            verdicts: Family::default(),
            assignments: Family::default(),
        };
        registry.register("pointsman_turns", "Turns by how they ended", all.turns.clone());
        registry.register(
            "gen_ai_client_token_usage",
            "Tokens that were billed, by turn",
            all.tokens.clone(),
        );
        registry.register(
            "pointsman_tokens_saved",
            "Tokens of conversations that compressors kept from being sent, as counted here",
            all.tokens_saved.clone(),
        );
        registry.register(
            "pointsman_tokens_asked",
            "Tokens of conversations as they came, as counted here where a policy asked",
            all.tokens_asked.clone(),
        );
        registry.register(
            "pointsman_cost_usd",
            "What calls cost in USD as far as that is known, those whose reply was not passed on included, by model",
            all.cost.clone(),
        );
        registry.register(
            "pointsman_cost_estimated",
            "Turns whose cost was told by what was sent and seen, since they ended before the upstream said what it billed",
            all.cost_estimated.clone(),
        );
        registry.register(
            "pointsman_cost_unknown",
            "Turns whose cost is not known, since a price or the usage is not, by how they ended: see that this stays 0",
            all.cost_unknown.clone(),
        );
        registry.register(
            "pointsman_attempts",
            "Calls whose reply was not passed on, by model",
            all.attempts.clone(),
        );
        registry.register(
            "pointsman_slot_outcomes",
            "What came of asking a slot",
            all.outcomes.clone(),
        );
        registry.register("pointsman_verdicts", "Verdicts of checkers", all.verdicts.clone());
        registry.register(
            "pointsman_assignments",
            "Turns by the arm of a slot that they were assigned",
            all.assignments.clone(),
        );
        let seconds = Unit::Seconds;
        registry.register_with_unit(
            "pointsman_engine_duration",
            "Time of turns in the engine, policies included",
            seconds.clone(),
            all.engine.clone(),
        );
        registry.register_with_unit(
            "pointsman_slot_duration",
            "Time of turns in a slot's policy",
            seconds,
            all.calls.clone(),
        );
        all
    }

    pub(super) fn record(&self, record: &Record, provider: &'static str) {
        let model = ("gen_ai_request_model", self.known.value(&record.model));
        self.turns
            .get_or_create(&Labels([("state", word(record.state).into())]))
            .inc();
        self.engine.observe(record.engine_us / 1e6);
        // Tokens are counted where somebody asked for them.
        if let (Some(before), Some(after)) = (record.tokens_before, record.tokens_after) {
            self.tokens_asked.inc_by(before.tokens.into());
            if record.state == State::Finished {
                self.tokens_saved
                    .inc_by(before.tokens.saturating_sub(after.tokens).into());
            }
        }
        if let Some(usage) = record.usage.filter(|usage| !usage.estimated && !usage.is_nothing()) {
            for (kind, tokens) in [("input", usage.input_tokens), ("output", usage.output_tokens)] {
                let operation = ("gen_ai_operation_name", operation(record.purpose).into());
                let provider = ("gen_ai_provider_name", provider.into());
                let labels = Labels([operation, provider, model.clone(), ("gen_ai_token_type", kind.into())]);
                self.tokens.get_or_create(&labels).observe(tokens.into());
            }
        }
        self.cost(record);
        for attempt in &record.attempts {
            let model = ("gen_ai_request_model", self.known.value(&attempt.model));
            self.attempts.get_or_create(&Labels([model])).inc();
            attempt.slots.iter().for_each(|slot| self.slot(slot));
        }
        record.slots.iter().for_each(|slot| self.slot(slot));
    }

    /// What is known of the cost counts where the rest is not, too.
    fn cost(&self, record: &Record) {
        let model = |name: &str| ("gen_ai_request_model", self.known.value(name));
        let add = |name: &str, usd: f64| {
            self.cost.get_or_create(&Labels([model(name)])).inc_by(usd);
        };
        if let Some(usd) = record.reply_cost_usd() {
            add(&record.model, usd);
        }
        for attempt in &record.attempts {
            if let Some(usd) = attempt.cost_usd {
                add(&attempt.model, usd);
            }
        }
        if record.usage.is_some_and(|usage| usage.estimated) {
            self.cost_estimated.get_or_create(&Labels([model(&record.model)])).inc();
        }
        if record.cost_usd.is_none() {
            let state = ("state", word(record.state).into());
            self.cost_unknown
                .get_or_create(&Labels([model(&record.model), state]))
                .inc();
        }
    }

    fn slot(&self, slot: &SlotRecord) {
        let name = ("slot", self.known.value(&slot.slot));
        let kind = ("kind", slot.kind.word().into());
        let outcome = ("outcome", outcome(slot));
        self.outcomes
            .get_or_create(&Labels([name.clone(), kind.clone(), outcome]))
            .inc();
        let flag = ("feature_flag_key", name.1.clone());
        let arm = ("feature_flag_result_variant", self.known.value(&slot.arm));
        self.assignments.get_or_create(&Labels([flag, arm])).inc();
        if slot.timing.calls > 0 {
            let labels = Labels([name.clone(), kind]);
            self.calls.get_or_create(&labels).observe(slot.timing.call_us / 1e6);
        }
        if let Outcome::Decided {
            decision: Decision::Review(verdict),
            ..
        } = &slot.outcome
        {
            let action = ("action", verdict.action.word().into());
            self.verdicts.get_or_create(&Labels([name, action])).inc();
        }
    }
}

fn operation(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Embedding => "embeddings",
        Purpose::Count => "count_tokens",
        _ => "chat",
    }
}

fn word(state: State) -> &'static str {
    match state {
        State::Finished => "finished",
        State::Refused => "refused",
        State::Abandoned => "abandoned",
        State::Failed => "failed",
        _ => "other",
    }
}

fn outcome(slot: &SlotRecord) -> Value {
    Value::Word(match &slot.outcome {
        _ if slot.answered_by.is_some() => "last-good",
        Outcome::Decided { undone: None, .. } => "decided",
        Outcome::Decided { .. } => "undone",
        Outcome::Declined { .. } => "declined",
        // Failures are few.
        Outcome::Failed { kind, .. } => return Value::Name(kind.to_string().into()),
        Outcome::Skipped {
            reason: SkipReason::BreakerOpen,
        } => "breaker-open",
        Outcome::Skipped { .. } => "skipped",
        _ => "other",
    })
}
