//! Turns, as their records tell them: tokens, cost, savings, and what came of each slot.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use pointsman::{Decision, Outcome, Purpose, Record, SkipReason, SlotRecord, State};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use super::labelled::{Known, Labelled};

type Usd = Counter<f64, AtomicU64>;

/// Figures of turns.
pub(super) struct TurnMetrics {
    turns: Labelled<1, Counter>,
    tokens: Labelled<4, Histogram>,
    tokens_saved: Counter,
    tokens_asked: Counter,
    cost: Labelled<1, Usd>,
    cost_estimated: Labelled<1, Counter>,
    cost_unknown: Labelled<2, Counter>,
    attempts: Labelled<1, Counter>,
    engine: Histogram,
    outcomes: Labelled<3, Counter>,
    calls: Labelled<2, Histogram>,
    verdicts: Labelled<2, Counter>,
    assignments: Labelled<2, Counter>,
}

const MODEL: &str = "gen_ai_request_model";

/// From ten microseconds to a third of a second.
fn policies() -> Histogram {
    Histogram::new(exponential_buckets(1e-5, 2.0, 16))
}

impl TurnMetrics {
    pub(super) fn register(registry: &mut Registry, known: &Arc<Known>) -> Self {
        let tokens_saved = Counter::default();
        registry.register(
            "pointsman_tokens_saved",
            "Tokens of conversations that compressors kept from being sent, as counted here",
            tokens_saved.clone(),
        );
        let tokens_asked = Counter::default();
        registry.register(
            "pointsman_tokens_asked",
            "Tokens of conversations as they came, as counted here where a policy asked",
            tokens_asked.clone(),
        );
        let engine = policies();
        registry.register_with_unit(
            "pointsman_engine_duration",
            "Time of turns in the engine, policies included",
            Unit::Seconds,
            engine.clone(),
        );
        let of_a_call = [
            "gen_ai_operation_name",
            "gen_ai_provider_name",
            MODEL,
            "gen_ai_token_type",
        ];
        let flag = ["feature_flag_key", "feature_flag_result_variant"];
        TurnMetrics {
            turns: Labelled::new(["state"], known, Counter::default).register(
                registry,
                "pointsman_turns",
                "Turns by how they ended",
            ),
            tokens: Labelled::new(of_a_call, known, || Histogram::new(exponential_buckets(1.0, 4.0, 14))).register(
                registry,
                "gen_ai_client_token_usage",
                "Tokens that were billed, by turn",
            ),
            cost: Labelled::new([MODEL], known, Usd::default).register(
                registry,
                "pointsman_cost_usd",
                "What calls cost in USD as far as that is known, those whose reply was not passed on included, by model",
            ),
            cost_estimated: Labelled::new([MODEL], known, Counter::default).register(
                registry,
                "pointsman_cost_estimated",
                "Turns whose cost was told by what was sent and seen, since they ended before the upstream said what it billed",
            ),
            cost_unknown: Labelled::new([MODEL, "state"], known, Counter::default).register(
                registry,
                "pointsman_cost_unknown",
                "Turns whose cost is not known, since a price or the usage is not, by how they ended: see that this stays 0",
            ),
            attempts: Labelled::new([MODEL], known, Counter::default).register(
                registry,
                "pointsman_attempts",
                "Calls whose reply was not passed on, by model",
            ),
            outcomes: Labelled::new(["slot", "kind", "outcome"], known, Counter::default).register(
                registry,
                "pointsman_slot_outcomes",
                "What came of asking a slot",
            ),
            calls: Labelled::new(["slot", "kind"], known, policies).register_seconds(
                registry,
                "pointsman_slot_duration",
                "Time of turns in a slot's policy",
            ),
            verdicts: Labelled::new(["slot", "action"], known, Counter::default).register(
                registry,
                "pointsman_verdicts",
                "Verdicts of checkers",
            ),
            assignments: Labelled::new(flag, known, Counter::default).register(
                registry,
                "pointsman_assignments",
                "Turns by the arm of a slot that they were assigned",
            ),
            tokens_saved,
            tokens_asked,
            engine,
        }
    }

    pub(super) fn record(&self, record: &Record, provider: &'static str) {
        self.turns.of([word(record.state)]).inc();
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
                let of = [operation(record.purpose), provider, &record.model, kind];
                self.tokens.of(of).observe(tokens.into());
            }
        }
        self.cost(record);
        for attempt in &record.attempts {
            self.attempts.of([&attempt.model]).inc();
            attempt.slots.iter().for_each(|slot| self.slot(slot));
        }
        record.slots.iter().for_each(|slot| self.slot(slot));
    }

    /// What is known of the cost counts where the rest is not, too.
    fn cost(&self, record: &Record) {
        if let Some(usd) = record.reply_cost_usd() {
            self.cost.of([&record.model]).inc_by(usd);
        }
        for attempt in &record.attempts {
            if let Some(usd) = attempt.cost_usd {
                self.cost.of([&attempt.model]).inc_by(usd);
            }
        }
        if record.usage.is_some_and(|usage| usage.estimated) {
            self.cost_estimated.of([&record.model]).inc();
        }
        if record.cost_usd.is_none() {
            self.cost_unknown.of([&record.model, word(record.state)]).inc();
        }
    }

    fn slot(&self, slot: &SlotRecord) {
        let (name, kind) = (slot.slot.as_str(), slot.kind.word());
        self.outcomes.of([name, kind, outcome(slot)]).inc();
        self.assignments.of([name, &slot.arm]).inc();
        if slot.timing.calls > 0 {
            self.calls.of([name, kind]).observe(slot.timing.call_us / 1e6);
        }
        if let Outcome::Decided {
            decision: Decision::Review(verdict),
            ..
        } = &slot.outcome
        {
            self.verdicts.of([name, verdict.action.word()]).inc();
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

fn outcome(slot: &SlotRecord) -> &'static str {
    match &slot.outcome {
        _ if slot.answered_by.is_some() => "last-good",
        Outcome::Decided { undone: None, .. } => "decided",
        Outcome::Decided { .. } => "undone",
        Outcome::Declined { .. } => "declined",
        Outcome::Failed { kind, .. } => kind.word(),
        Outcome::Skipped {
            reason: SkipReason::BreakerOpen,
        } => "breaker-open",
        Outcome::Skipped { .. } => "skipped",
        _ => "other",
    }
}
