//! What is asked at each scrape: how upstreams stand, which revision serves, what was recorded.

use std::fmt::Error;
use std::sync::{Arc, OnceLock, Weak};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;

use crate::live::Live;
use crate::upstream::breaker::BreakerState;
use pointsman_telemetry::Traces;

/// The one who asks.
#[derive(Clone, Default)]
pub(crate) struct Scrape {
    /// Set once the gateway stands: it holds the metrics, so that they do not hold it.
    live: Arc<OnceLock<Weak<Live>>>,
    traces: Option<Traces>,
}

impl std::fmt::Debug for Scrape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scrape").finish_non_exhaustive()
    }
}

type Said = Vec<(Vec<(&'static str, Arc<str>)>, f64)>;

impl Scrape {
    pub(crate) fn new(traces: Option<Traces>) -> Self {
        Scrape {
            live: Arc::default(),
            traces,
        }
    }

    /// Whom to ask, from now on.
    pub(crate) fn of(&self, live: &Arc<Live>) {
        let _ = self.live.set(Arc::downgrade(live));
    }

    /// Who serves a model now.
    pub(super) fn provider(&self, model: &str) -> &'static str {
        let live = self.live.get().and_then(Weak::upgrade);
        let provider = live.and_then(|live| Some(live.now().catalogue.served(model)?.upstream.provider()));
        provider.unwrap_or("other")
    }
}

impl Collector for Scrape {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), Error> {
        gauge(
            &mut encoder,
            "pointsman_build_info",
            "This gateway.",
            vec![(vec![("version", env!("CARGO_PKG_VERSION").into())], 1.0)],
        )?;
        if let Some(bytes) = resident_bytes() {
            gauge(
                &mut encoder,
                "process_resident_memory_bytes",
                "Memory of the process.",
                one(bytes),
            )?;
        }
        if let Some(live) = self.live.get().and_then(Weak::upgrade) {
            gauge(
                &mut encoder,
                "pointsman_revision",
                "The revision that new turns begin on.",
                one(live.revision() as f64),
            )?;
            gauge(
                &mut encoder,
                "pointsman_requests_in_flight",
                "Requests whose response has not ended.",
                one(live.flow.in_flight() as f64),
            )?;
            gauge(
                &mut encoder,
                "pointsman_draining",
                "1 while the gateway tells balancers to go elsewhere.",
                one(f64::from(u8::from(live.flow.draining()))),
            )?;
            let now = live.now();
            let (applied, refused) = live.reloads();
            let reload = |outcome: &str, count: u64| (vec![("outcome", outcome.into())], count as f64);
            let reloads = vec![reload("applied", applied), reload("refused", refused)];
            let (mut states, mut errors, mut left) = (Said::new(), Said::new(), Said::new());
            let (mut opened, mut retries) = (Said::new(), Said::new());
            for upstream in now.catalogue.upstreams() {
                let name: Arc<str> = upstream.name().into();
                let labels = |more: Option<(&'static str, &'static str)>| {
                    let more = more.map(|(label, value)| (label, Arc::from(value)));
                    std::iter::once(("upstream", name.clone()))
                        .chain(more)
                        .collect::<Vec<_>>()
                };
                let (breaker, budget) = (upstream.breaker.view(), upstream.budget.view());
                let state = breaker_word(breaker.state);
                for known in ["closed", "half-open", "open"] {
                    states.push((labels(Some(("state", known))), f64::from(u8::from(known == state))));
                }
                if let Some(rate) = upstream.figures.lately().error_rate() {
                    errors.push((labels(None), rate.into()));
                }
                left.push((labels(None), budget.left));
                opened.push((labels(None), breaker.opened as f64));
                retries.push((labels(Some(("outcome", "made"))), budget.retries as f64));
                retries.push((labels(Some(("outcome", "denied"))), budget.denied as f64));
            }
            gauge(
                &mut encoder,
                "pointsman_upstream_breaker_state",
                "Where an upstream's circuit breaker stands.",
                states,
            )?;
            gauge(
                &mut encoder,
                "pointsman_upstream_error_ratio",
                "Share of an upstream's calls of the last minute that failed.",
                errors,
            )?;
            gauge(
                &mut encoder,
                "pointsman_upstream_retry_budget",
                "Retries of an upstream's calls that could be made now.",
                left,
            )?;
            counter(
                &mut encoder,
                "pointsman_upstream_breaker_opened",
                "How often an upstream's circuit breaker has opened.",
                opened,
            )?;
            counter(
                &mut encoder,
                "pointsman_upstream_retries",
                "Retries of an upstream's calls, and those that its budget denied.",
                retries,
            )?;
            counter(
                &mut encoder,
                "pointsman_config_reloads",
                "Configurations that were applied, and those that were refused.",
                reloads,
            )?;
        }
        if let Some(traces) = &self.traces {
            counter(
                &mut encoder,
                "pointsman_traces_recorded",
                "Records of turns that were written.",
                one(traces.recorded() as f64),
            )?;
            counter(
                &mut encoder,
                "pointsman_traces_shed",
                "Records of turns that were not.",
                one(traces.shed() as f64),
            )?;
        }
        Ok(())
    }
}

fn gauge(encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str, said: Said) -> Result<(), Error> {
    let family = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
    write(family, said, |value, encoder| ConstGauge::new(value).encode(encoder))
}

fn counter(encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str, said: Said) -> Result<(), Error> {
    let family = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
    write(family, said, |value, encoder| ConstCounter::new(value).encode(encoder))
}

fn write(
    mut family: MetricEncoder<'_>,
    said: Said,
    value: impl Fn(f64, MetricEncoder<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    if let [(labels, only)] = &said[..]
        && labels.is_empty()
    {
        return value(*only, family);
    }
    for (labels, each) in said {
        value(each, family.encode_family(&labels)?)?;
    }
    Ok(())
}

fn one(value: f64) -> Said {
    vec![(Vec::new(), value)]
}

/// Where a breaker stands, in one word.
pub(crate) fn breaker_word(state: BreakerState) -> &'static str {
    match state {
        BreakerState::Closed => "closed",
        BreakerState::Open { .. } => "open",
        BreakerState::HalfOpen => "half-open",
    }
}

/// What Linux says of this process; elsewhere it is not known.
fn resident_bytes() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib * 1024.0)
}
