//! A configuration that takes the place of another while the traffic goes on: all of it, or nothing.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use pointsman::{Encoding, Engine};

use super::staged::{Plan, Staged};
use super::{History, Live};
use crate::config::{Config, ConfigError};
use crate::service::Inner;

/// What came of applying a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied {
    /// Numbers the configurations of this gateway.
    pub number: u64,
    /// The revision that its slots became; the one that was active, where it says nothing new of them.
    pub revision: u64,
    /// What differs from before and is only taken over when the gateway is started anew.
    pub restart: Vec<&'static str>,
    /// Slots that stay as operators set them, since the configuration says of them what it said before.
    pub kept: Vec<String>,
    /// Slots in which the configuration took the place of what operators had set.
    pub overridden: Vec<String>,
}

impl Live {
    /// Whether a configuration could be applied, and what of it would want a restart. Its policies are compiled and
    /// configured, and nothing is kept.
    pub(crate) async fn check(&self, config: &Config) -> Result<Vec<&'static str>, ConfigError> {
        let history = self.history.lock().await;
        let (before, staged) = self.configured(&history);
        let now = self.now();
        now.catalogue
            .renewed(config, &before)
            .map_err(|error| config.locate(error))?;
        let plan = staged.plan(&before, config, &now.engine.settings());
        if let Some(settings) = plan.settings {
            let checked = now.engine.check(settings, self.uploads.all()).await;
            checked.map_err(|error| config.swap_error(&error))?;
        }
        Ok(before.restart_for(config))
    }

    /// Applies a configuration. After an error everything is as it was.
    pub(crate) async fn apply(&self, config: Config, by: &str) -> Result<Applied, ConfigError> {
        let mut history = self.history.lock().await;
        let (before, staged) = self.configured(&history);
        let plan = staged.plan(&before, &config, &self.now().engine.settings());
        match self.exchange(&config, &before, &plan).await {
            Ok(revision) => {
                self.applied.fetch_add(1, Ordering::Relaxed);
                if plan.settings.is_some() {
                    history.revised(revision, "the configuration", Some(by.to_owned()));
                }
                let staged = staged.after(&plan, &config);
                Ok(Applied {
                    restart: before.restart_for(&config),
                    number: history.configured(revision, by, config, staged),
                    revision,
                    kept: plan.kept,
                    overridden: plan.overridden,
                })
            }
            Err(error) => {
                self.note_refusal(&mut history, &error, by);
                Err(error)
            }
        }
    }

    /// Writes down that a configuration could not even be read.
    pub(crate) async fn refuse(&self, error: &ConfigError, by: &str) {
        let mut history = self.history.lock().await;
        self.note_refusal(&mut history, error, by);
    }

    fn note_refusal(&self, history: &mut History, error: &ConfigError, by: &str) {
        self.refused.fetch_add(1, Ordering::Relaxed);
        history.refused_one(by, error.to_string(), error.line());
    }

    async fn exchange(&self, config: &Config, before: &Config, plan: &Plan) -> Result<u64, ConfigError> {
        let now = self.now();
        let catalogue = now.catalogue.renewed(config, before);
        let catalogue = catalogue.map_err(|error| config.locate(error))?;
        if let Some(settings) = plan.settings.clone() {
            let staged = now.engine.stage_with(settings, self.uploads.all()).await;
            let revision = staged.map_err(|error| config.swap_error(&error))?;
            warm(&now.engine, config);
            let active = now.engine.activate(revision).await;
            active.map_err(|error| config.swap_error(&error))?;
        }
        self.now.store(Arc::new(Inner {
            catalogue: Arc::new(catalogue),
            reading: config.server.reading(),
            server: config.server.clone(),
            verdicts: config.verdicts.clone(),
            tenants: Arc::new(now.tenants.with(config)),
            ..Inner::clone(&now)
        }));
        Ok(now.engine.revision())
    }

    /// The configuration that serves, and what was staged of it. There is always one.
    fn configured(&self, history: &History) -> (Config, Staged) {
        let last = history.configurations().next_back();
        last.map(|entry| (entry.config.clone(), entry.staged.clone()))
            .unwrap_or_default()
    }
}

/// Loads the tokenizers of all models: the first request is not to wait for that.
pub(crate) fn warm(engine: &Engine, config: &Config) {
    for model in &config.models {
        engine.counter().text("a word", Encoding::of_model(&model.name));
    }
}
