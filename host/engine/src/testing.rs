//! For a service's own unit tests: an engine whose decisions are fixed, so that no policy is loaded.

use crate::decision::Verdict;
use crate::engine::{BuildError, Engine, EngineBuilder};
use crate::model::Model;
use crate::sandbox::SandboxSettings;
use crate::settings::Settings;

/// What every turn of a fixed engine decides.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use pointsman::{Action, Reply, Request, Verdict, testing::Fixed};
/// let engine = Fixed::model("large")
///     .verdict(Verdict { action: Action::Escalate, ..Verdict::default() })
///     .engine(["small", "large"])
///     .await?;
/// let mut turn = engine.begin(Request::from_json(r#"{"messages":[{"role":"user","content":"hi"}]}"#)?).await?;
/// assert_eq!(turn.model(), "large");
/// assert_eq!(turn.check(&Reply::text("...")).await?.action, Action::Escalate);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fixed {
    pub(crate) model: Option<String>,
    pub(crate) fallbacks: Vec<String>,
    pub(crate) verdict: Verdict,
}

impl Fixed {
    /// Every turn is routed to this model.
    pub fn model(name: impl Into<String>) -> Self {
        Fixed {
            model: Some(name.into()),
            ..Fixed::default()
        }
    }

    /// The same with fallbacks.
    #[must_use]
    pub fn fallbacks<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.fallbacks = names.into_iter().map(Into::into).collect();
        self
    }

    /// The same with a verdict on every reply.
    #[must_use]
    pub fn verdict(mut self, verdict: Verdict) -> Self {
        self.verdict = verdict;
        self
    }

    /// An engine that decides so, with these models.
    ///
    /// # Errors
    /// There is no model, or the machine cannot run wasmtime at all.
    pub async fn engine<S: Into<String>>(self, models: impl IntoIterator<Item = S>) -> Result<Engine, BuildError> {
        let mut settings = Settings::new(models.into_iter().map(Model::named));
        settings.sandbox = SandboxSettings {
            instances: 1,
            ..SandboxSettings::default()
        };
        Engine::builder(settings).fixed(self).build().await
    }
}

impl EngineBuilder {
    pub(crate) fn fixed(mut self, fixed: Fixed) -> Self {
        self.fixed = Some(fixed);
        self
    }
}
