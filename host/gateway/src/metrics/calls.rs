//! Calls to upstreams, by OpenTelemetry's semantic conventions for generative AI:
//! <https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/>, with the buckets that they advise.

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use super::labels::Labels;

/// What distinguishes the calls of one model.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    /// What is asked for, in the words of the conventions.
    pub(crate) operation: &'static str,
    /// What the provider speaks, in the words of the conventions.
    pub(crate) provider: Arc<str>,
    /// The name that operators gave the model.
    pub(crate) model: Arc<str>,
}

/// Figures of calls.
#[derive(Clone)]
pub(crate) struct CallMetrics {
    duration: Family<Labels<4>, Histogram, fn() -> Histogram>,
    first_token: Family<Labels<3>, Histogram, fn() -> Histogram>,
    each_token: Family<Labels<3>, Histogram, fn() -> Histogram>,
}

impl CallMetrics {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let duration: fn() -> Histogram = || Histogram::new(exponential_buckets(0.01, 2.0, 14));
        let first_token: fn() -> Histogram = || {
            Histogram::new([
                0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
            ])
        };
        let each_token: fn() -> Histogram =
            || Histogram::new([0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5]);
        let all = CallMetrics {
            duration: Family::new_with_constructor(duration),
            first_token: Family::new_with_constructor(first_token),
            each_token: Family::new_with_constructor(each_token),
        };
        registry.register_with_unit(
            "gen_ai_client_operation_duration",
            "Calls to upstreams, from the request to the last byte",
            Unit::Seconds,
            all.duration.clone(),
        );
        registry.register_with_unit(
            "gen_ai_server_time_to_first_token",
            "Streams, from the request to the first piece",
            Unit::Seconds,
            all.first_token.clone(),
        );
        registry.register_with_unit(
            "gen_ai_server_time_per_output_token",
            "Streams, for each token after the first",
            Unit::Seconds,
            all.each_token.clone(),
        );
        all
    }

    /// A call has ended; with what error, where it did.
    pub(crate) fn ended(&self, series: &Series, took: Duration, error: Option<&'static str>) {
        let Labels([operation, provider, model]) = series.labels();
        let error = ("error_type", error.unwrap_or_default().into());
        let labels = Labels([operation, provider, model, error]);
        self.duration.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// A stream has begun.
    pub(crate) fn first_token(&self, series: &Series, after: Duration) {
        let labels = series.labels();
        self.first_token.get_or_create(&labels).observe(after.as_secs_f64());
    }

    /// A stream has ended, which brought so many tokens a second.
    pub(crate) fn tokens_per_second(&self, series: &Series, rate: f32) {
        let labels = series.labels();
        self.each_token.get_or_create(&labels).observe(f64::from(1.0 / rate));
    }
}

impl Series {
    fn labels(&self) -> Labels<3> {
        Labels([
            ("gen_ai_operation_name", self.operation.into()),
            ("gen_ai_provider_name", self.provider.clone().into()),
            ("gen_ai_request_model", self.model.clone().into()),
        ])
    }
}
