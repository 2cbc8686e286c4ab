//! How a model does, in the words that routers read.

use std::time::Instant;

use pointsman::{Health, HealthState};

use super::Upstream;
use super::breaker::BreakerState;
use super::figures::Lately;

/// From this share of failures on, a model is called degraded.
const DEGRADED: f32 = 0.1;

/// What is known of a model, given how its calls have been going.
pub(crate) fn health(upstream: &Upstream, lately: &Lately) -> Health {
    let state = match upstream.breaker.view().state {
        BreakerState::Open { until } if until > Instant::now() => HealthState::Down,
        BreakerState::HalfOpen => HealthState::Degraded,
        // Open, and to be tried again: a router that never chose what is down would never find out.
        BreakerState::Open { .. } | BreakerState::Closed => match lately.error_rate() {
            None => HealthState::Unknown,
            Some(rate) if rate >= DEGRADED => HealthState::Degraded,
            Some(_) => HealthState::Healthy,
        },
    };
    Health {
        state,
        error_rate: lately.error_rate(),
        first_token_ms: lately.first_token_ms,
        tokens_per_second: lately.tokens_per_second,
    }
}
