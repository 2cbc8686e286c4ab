//! Which names clients may ask for, what stands behind each, and who serves it.

use std::collections::HashMap;
use std::sync::Arc;

use hyper::StatusCode;

use crate::config::{Config, ConfigError};
use crate::problem::Problem;
use crate::upstream::Upstream;

/// Models and routes, resolved.
#[derive(Debug)]
pub(crate) struct Catalogue {
    models: HashMap<String, Served>,
    routes: HashMap<String, Vec<String>>,
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
}

impl Catalogue {
    pub(crate) fn new(config: &Config) -> Result<Self, ConfigError> {
        let mut upstreams = HashMap::new();
        for (index, settings) in config.upstreams.iter().enumerate() {
            let upstream = Upstream::new(settings, &config.base, &format!("upstreams[{index}]"))?;
            upstreams.insert(settings.name.as_str(), Arc::new(upstream));
        }
        let served = config.models.iter().filter_map(|model| {
            let served = Served {
                upstream: upstreams.get(model.upstream.as_str())?.clone(),
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
        Ok(Catalogue {
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
