//! Calls to upstreams, by OpenTelemetry's semantic conventions for generative AI:
//! <https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/>, with the buckets that they advise.

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use super::labelled::{Known, Labelled};

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
pub(crate) struct CallMetrics {
    duration: Labelled<4, Histogram>,
    first_token: Labelled<3, Histogram>,
    each_token: Labelled<3, Histogram>,
}

const OPERATION: &str = "gen_ai_operation_name";
const PROVIDER: &str = "gen_ai_provider_name";
const MODEL: &str = "gen_ai_request_model";

impl CallMetrics {
    pub(super) fn register(registry: &mut Registry, known: &Arc<Known>) -> Self {
        let call = [OPERATION, PROVIDER, MODEL];
        let duration = Labelled::new([OPERATION, PROVIDER, MODEL, "error_type"], known, || {
            Histogram::new(exponential_buckets(0.01, 2.0, 14))
        });
        let first_token = Labelled::new(call, known, || {
            Histogram::new([
                0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
            ])
        });
        let each_token = Labelled::new(call, known, || {
            Histogram::new([0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5])
        });
        CallMetrics {
            duration: duration.register_seconds(
                registry,
                "gen_ai_client_operation_duration",
                "Calls to upstreams, from the request to the last byte",
            ),
            first_token: first_token.register_seconds(
                registry,
                "gen_ai_server_time_to_first_token",
                "Streams, from the request to the first piece",
            ),
            each_token: each_token.register_seconds(
                registry,
                "gen_ai_server_time_per_output_token",
                "Streams, for each token after the first",
            ),
        }
    }

    /// A call has ended; with what error, where it did.
    pub(crate) fn ended(&self, series: &Series, took: Duration, error: Option<&'static str>) {
        let [operation, provider, model] = series.values();
        let duration = self
            .duration
            .of([operation, provider, model, error.unwrap_or_default()]);
        duration.observe(took.as_secs_f64());
    }

    /// A stream has begun.
    pub(crate) fn first_token(&self, series: &Series, after: Duration) {
        self.first_token.of(series.values()).observe(after.as_secs_f64());
    }

    /// A stream has ended, which brought so many tokens a second.
    pub(crate) fn tokens_per_second(&self, series: &Series, rate: f32) {
        self.each_token.of(series.values()).observe(f64::from(1.0 / rate));
    }
}

impl Series {
    fn values(&self) -> [&str; 3] {
        [self.operation, &self.provider, &self.model]
    }
}
