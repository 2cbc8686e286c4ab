//! Which names clients may ask for, what stands behind each, and who serves it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use hyper::StatusCode;
use pointsman::Model;

use crate::config::{Config, ConfigError, ServedModel, UpstreamSettings};
use crate::metrics::{Metrics, Series};
use crate::problem::Problem;
use crate::upstream::figures::Figures;
use crate::upstream::health::health;
use crate::upstream::{AskError, Call, Upstream};

/// Models and routes, resolved.
#[derive(Debug)]
pub(crate) struct Catalogue {
    models: HashMap<String, Served>,
    routes: HashMap<String, Vec<String>>,
    upstreams: Vec<Arc<Upstream>>,
    /// What policies see of a route's candidates, or of a model.
    offers: HashMap<String, ArcSwap<Offer>>,
    /// Routes first, then models, each in the order of the configuration.
    names: Vec<String>,
}

/// A model and who serves it.
#[derive(Clone, Debug)]
pub(crate) struct Served {
    /// Who.
    pub(crate) upstream: Arc<Upstream>,
    /// Its name there.
    pub(crate) name_there: String,
    /// USD per million tokens of the reply, where that is known.
    pub(crate) output_price: Option<f64>,
    /// How its calls have been going.
    pub(crate) figures: Arc<Figures>,
    /// How its calls are told apart.
    series: Series,
}

impl Served {
    /// Begins a call, if its upstream is to be asked.
    ///
    /// # Errors
    /// It is not.
    pub(crate) fn call(&self, metrics: &Metrics, operation: &'static str) -> Result<Call, AskError> {
        let series = Series {
            operation,
            ..self.series.clone()
        };
        Call::begin(&self.upstream, &self.figures, metrics.calls(), series)
    }
}

/// Models with their health as it was at a time.
#[derive(Debug)]
struct Offer {
    at: Instant,
    models: Arc<[Model]>,
}

/// Health is looked up anew after so long: it moves slowly, and requests come by the thousand.
const FRESH: Duration = Duration::from_millis(200);

impl Catalogue {
    pub(crate) fn new(config: &Config) -> Result<Self, ConfigError> {
        Catalogue::build(config, None)
    }

    /// One of another configuration. An upstream whose settings are the same stays as it is, with its connections, its
    /// health and its breaker.
    pub(crate) fn renewed(&self, config: &Config, before: &Config) -> Result<Self, ConfigError> {
        Catalogue::build(config, Some((self, before)))
    }

    fn build(config: &Config, old: Option<(&Catalogue, &Config)>) -> Result<Self, ConfigError> {
        let kept = |settings: &UpstreamSettings| {
            let (old, before) = old?;
            let same = before.base == config.base && before.upstreams.contains(settings);
            let mut known = old.upstreams.iter();
            known.find(|known| same && known.name() == settings.name).cloned()
        };
        let figures = |model: &ServedModel, upstream: &Arc<Upstream>| {
            let before = old.and_then(|(old, _)| old.models.get(&model.name));
            let before = before.filter(|served| Arc::ptr_eq(&served.upstream, upstream));
            before.map_or_else(|| Arc::new(Figures::new()), |served| served.figures.clone())
        };
        let mut upstreams = HashMap::new();
        let mut all = Vec::new();
        for (index, settings) in config.upstreams.iter().enumerate() {
            let upstream = match kept(settings) {
                Some(upstream) => upstream,
                None => Arc::new(Upstream::new(settings, &config.base, &format!("upstreams[{index}]"))?),
            };
            all.push(upstream.clone());
            upstreams.insert(settings.name.as_str(), upstream);
        }
        let served = config.models.iter().filter_map(|model| {
            let upstream: Arc<Upstream> = upstreams.get(model.upstream.as_str())?.clone();
            let served = Served {
                figures: figures(model, &upstream),
                series: Series {
                    operation: "chat",
                    provider: upstream.provider().into(),
                    model: model.name.as_str().into(),
                },
                upstream,
                name_there: model.upstream_model.clone().unwrap_or_else(|| model.name.clone()),
                output_price: model.output_price,
            };
            Some((model.name.clone(), served))
        });
        let routes = config
            .routes
            .iter()
            .map(|route| (route.name.clone(), route.candidates.clone()));
        let names = config.routes.iter().map(|route| &route.name);
        let known = |name: &String| config.models.iter().find(|model| model.name == *name);
        let offers = config.routes.iter().map(|route| (&route.name, &route.candidates[..]));
        let alone = config
            .models
            .iter()
            .map(|model| (&model.name, std::slice::from_ref(&model.name)));
        let offers = offers.chain(alone).map(|(name, candidates)| {
            let models = candidates.iter().filter_map(known).map(|model| model.model()).collect();
            (
                name.clone(),
                ArcSwap::from_pointee(Offer {
                    at: Instant::now(),
                    models,
                }),
            )
        });
        Ok(Catalogue {
            offers: offers.collect(),
            upstreams: all,
            models: served.collect(),
            routes: routes.collect(),
            names: names
                .chain(config.models.iter().map(|model| &model.name))
                .cloned()
                .collect(),
        })
    }

    /// What a name that was asked for leaves to choose among: a route's candidates, or the model alone.
    ///
    /// # Errors
    /// Nobody knows the name; the sentence has those that are known.
    pub(crate) fn candidates(&self, name: &str) -> Result<&[String], Problem> {
        if let Some(candidates) = self.routes.get(name) {
            return Ok(candidates);
        }
        if self.models.contains_key(name)
            && let Some(own) = self.names.iter().find(|known| *known == name)
        {
            return Ok(std::slice::from_ref(own));
        }
        let cut = &name[..name.floor_char_boundary(100)];
        let message = format!(
            "there is no model or route `{cut}`: known are {}",
            self.names.join(", ")
        );
        Err(Problem {
            code: Some("model_not_found"),
            param: Some("model"),
            ..Problem::new(StatusCode::NOT_FOUND, message)
        })
    }

    /// The same with all that is known of each: prices, windows, and its health of late.
    ///
    /// # Errors
    /// As [`Catalogue::candidates`].
    pub(crate) fn offered(&self, name: &str) -> Result<Arc<[Model]>, Problem> {
        let Some(offer) = self.offers.get(name) else {
            return self.candidates(name).map(|_| Arc::default());
        };
        let known = offer.load();
        if known.at.elapsed() < FRESH {
            return Ok(known.models.clone());
        }
        let mut models = known.models.to_vec();
        for model in &mut models {
            if let Some(served) = self.models.get(&model.name) {
                model.health = health(&served.upstream, &served.figures.lately());
            }
        }
        let models: Arc<[Model]> = models.into();
        offer.store(Arc::new(Offer {
            at: Instant::now(),
            models: models.clone(),
        }));
        Ok(models)
    }

    /// All upstreams, in the order of the configuration.
    pub(crate) fn upstreams(&self) -> &[Arc<Upstream>] {
        &self.upstreams
    }

    /// The models that an upstream serves.
    pub(crate) fn served_by(&self, upstream: &Arc<Upstream>) -> impl Iterator<Item = (&str, &Served)> {
        let names = self
            .names
            .iter()
            .filter_map(|name| Some((name.as_str(), self.models.get(name)?)));
        names.filter(move |(_, served)| Arc::ptr_eq(&served.upstream, upstream))
    }

    /// Who serves a model.
    pub(crate) fn served(&self, model: &str) -> Option<&Served> {
        self.models.get(model)
    }

    /// All names that a client may ask for.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Who stands behind a name: an upstream, or this gateway for its routes.
    pub(crate) fn owner(&self, name: &str) -> &str {
        self.models
            .get(name)
            .map_or("pointsman", |served| served.upstream.name())
    }
}
