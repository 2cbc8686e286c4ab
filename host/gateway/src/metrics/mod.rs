//! Figures for Prometheus: OpenTelemetry's GenAI names where there are some, `pointsman_` where not; base units; labels
//! from bounded sets, and never a user, a key or a path.
//!
//! `turns` counts the records of turns, `calls` what upstreams do, and `scrape` asks at each scrape for what is so now.

mod calls;
mod labels;
mod scrape;
mod turns;

use std::sync::Arc;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

pub(crate) use calls::{CallMetrics, Series};
pub(crate) use labels::Value;
use labels::{Bounded, Labels};
pub(crate) use scrape::{Scrape, breaker_word};
use turns::TurnMetrics;

/// The form in which figures are served, as OpenMetrics wants it said.
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// All figures of a gateway. Cloning shares them.
#[derive(Clone)]
pub(crate) struct Metrics {
    inside: Arc<Inside>,
}

struct Inside {
    registry: Registry,
    calls: CallMetrics,
    turns: TurnMetrics,
    requests: Family<Labels<2>, Counter>,
    scrape: Scrape,
}

impl Metrics {
    /// New ones, and what is asked at each scrape.
    pub(crate) fn new(scrape: Scrape) -> Self {
        let mut registry = Registry::default();
        let known = Arc::new(Bounded::default());
        let calls = CallMetrics::register(&mut registry);
        let turns = TurnMetrics::register(&mut registry, known);
        let requests = Family::default();
        registry.register(
            "pointsman_requests",
            "Responses to clients by API and status",
            requests.clone(),
        );
        registry.register_collector(Box::new(scrape.clone()));
        Metrics {
            inside: Arc::new(Inside {
                registry,
                calls,
                turns,
                requests,
                scrape,
            }),
        }
    }

    /// What upstreams do.
    pub(crate) fn calls(&self) -> &CallMetrics {
        &self.inside.calls
    }

    /// A client has its response, or the head of it. `api` is one of a fixed set.
    pub(crate) fn responded(&self, api: &'static str, status: hyper::StatusCode) {
        let status: Value = match status.as_u16() {
            200 => "200".into(),
            _ => Arc::<str>::from(status.as_str()).into(),
        };
        let labels = Labels([("api", api.into()), ("status", status)]);
        self.inside.requests.get_or_create(&labels).inc();
    }

    /// All of them, as text.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        match encode(&mut text, &self.inside.registry) {
            Ok(()) => text,
            // A string takes whatever is written.
            Err(error) => format!("# {error}\n# EOF\n"),
        }
    }
}

impl pointsman::Recorder for Metrics {
    fn record(&self, record: &pointsman::Record) {
        let provider = self.inside.scrape.provider(&record.model);
        self.inside.turns.record(record, provider);
    }
}
