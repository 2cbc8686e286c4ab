//! Figures for Prometheus: OpenTelemetry's GenAI names where there are some, `pointsman_` where not; base units; labels
//! from bounded sets, and never a user, a key or a path.
//!
//! `turns` counts the records of turns, `calls` what upstreams do, and `scrape` asks at each scrape for what is so now.

mod calls;
mod labelled;
mod scrape;
mod turns;

use std::sync::Arc;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::registry::Registry;

pub(crate) use calls::{CallMetrics, Series};
use labelled::Labelled;
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
    calls: Arc<CallMetrics>,
    turns: TurnMetrics,
    requests: Labelled<2, Counter>,
    scrape: Scrape,
}

impl Metrics {
    /// New ones, and what is asked at each scrape.
    pub(crate) fn new(scrape: Scrape) -> Self {
        let mut registry = Registry::default();
        let known = Arc::default();
        let calls = Arc::new(CallMetrics::register(&mut registry, &known));
        let turns = TurnMetrics::register(&mut registry, &known);
        let requests = Labelled::new(["api", "status"], &known, Counter::default).register(
            &mut registry,
            "pointsman_requests",
            "Responses to clients by API and status",
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
    pub(crate) fn calls(&self) -> &Arc<CallMetrics> {
        &self.inside.calls
    }

    /// A client has its response, or the head of it. `api` is one of a fixed set.
    pub(crate) fn responded(&self, api: &'static str, status: hyper::StatusCode) {
        self.inside.requests.of([api, status.as_str()]).inc();
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
