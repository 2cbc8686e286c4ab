//! For those who watch over the process: health, readiness, draining, figures, upstreams, traces.

use std::time::Instant;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

use super::Shared;
use super::answers::{
    BreakerAnswer, DrainAnswer, HealthAnswer, ModelAnswer, ReadyAnswer, RetriesAnswer, TracesAnswer, UpstreamAnswer,
    Upstreams,
};
use crate::metrics::{self, breaker_word};
use crate::upstream::breaker::BreakerState;
use crate::upstream::health::health;
use pointsman_telemetry::Traces;

/// The process answers.
pub(super) async fn alive() -> Json<HealthAnswer> {
    Json(HealthAnswer {
        status: "ok".to_owned(),
    })
}

/// Requests should be sent here, or should not.
pub(super) async fn ready(State(admin): Shared) -> (StatusCode, Json<ReadyAnswer>) {
    let draining = admin.live.flow.draining();
    let (status, word) = if draining {
        (StatusCode::SERVICE_UNAVAILABLE, "draining")
    } else {
        (StatusCode::OK, "ready")
    };
    let revision = admin.live.revision();
    let status_word = word.to_owned();
    (
        status,
        Json(ReadyAnswer {
            status: status_word,
            revision,
        }),
    )
}

/// How far draining is.
pub(super) async fn draining(State(admin): Shared) -> Json<DrainAnswer> {
    Json(DrainAnswer {
        draining: admin.live.flow.draining(),
        in_flight: admin.live.flow.in_flight(),
    })
}

/// From now on balancers are told to go elsewhere; whoever comes all the same is served.
pub(super) async fn drain(state: Shared) -> Json<DrainAnswer> {
    state.live.flow.drain(true);
    draining(state).await
}

/// And no more.
pub(super) async fn undrain(state: Shared) -> Json<DrainAnswer> {
    state.live.flow.drain(false);
    draining(state).await
}

/// For Prometheus.
pub(super) async fn figures(State(admin): Shared) -> impl IntoResponse {
    let text = admin.live.now().metrics.text();
    ([(CONTENT_TYPE, metrics::CONTENT_TYPE)], text)
}

/// What became of the records of turns.
pub(super) async fn traces(State(admin): Shared) -> Json<TracesAnswer> {
    let traces = admin.kept.traces();
    Json(TracesAnswer {
        turns: traces.map(Traces::turns),
        recorded: traces.map(Traces::recorded),
        shed: traces.map(Traces::shed),
    })
}

/// How the upstreams are doing.
pub(super) async fn upstreams(State(admin): Shared) -> Json<Upstreams> {
    let now = admin.live.now();
    let models = now.engine.settings().models;
    let upstreams = now.catalogue.upstreams().iter().map(|upstream| {
        let (breaker, budget) = (upstream.breaker.view(), upstream.budget.view());
        let lately = upstream.figures.lately();
        let models = now.catalogue.served_by(upstream).map(|(name, served)| {
            let known = models.iter().find(|known| known.name == name);
            ModelAnswer {
                model: name.to_owned(),
                name_there: served.name_there.clone(),
                health: health(upstream, &served.figures.lately()),
                window: known.and_then(|known| known.window),
                input_price: known.and_then(|known| known.input_price),
                cached_input_price: known.and_then(|known| known.cached_input_price),
                output_price: known.and_then(|known| known.output_price),
                tags: known.map(|known| known.tags.clone()).unwrap_or_default(),
            }
        });
        UpstreamAnswer {
            upstream: upstream.name().to_owned(),
            provider: upstream.provider().to_owned(),
            breaker: BreakerAnswer {
                state: breaker_word(breaker.state).to_owned(),
                failures: breaker.failures,
                opened: breaker.opened,
                tries_again_in_seconds: match breaker.state {
                    BreakerState::Open { until } => Some(until.saturating_duration_since(Instant::now()).as_secs_f64()),
                    _ => None,
                },
            },
            retries: RetriesAnswer {
                budget_left: budget.left,
                made: budget.retries,
                denied: budget.denied,
            },
            calls: lately.calls,
            failed: lately.failed,
            models: models.collect(),
        }
    });
    Json(Upstreams {
        upstreams: upstreams.collect(),
    })
}
