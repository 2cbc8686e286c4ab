//! For a service's own unit tests: an engine whose decisions are fixed, so that no policy is loaded.

use crate::decision::{Edit, Parameters, Verdict};
use crate::engine::{BuildError, Engine, EngineBuilder};
use crate::model::Model;
use crate::sandbox::SandboxSettings;
use crate::settings::Settings;

/// What every turn of a fixed engine decides. What nothing is said of is as without policies.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use pointsman::{Action, Reply, Request, Verdict, testing::Fixed};
/// let hello = || Request::from_json(r#"{"messages":[{"role":"user","content":"hi"}]}"#);
///
/// let engine = Fixed::model("large")
///     .verdict(Verdict { action: Action::Escalate, ..Verdict::default() })
///     .engine(["small", "large"])
///     .await?;
/// let mut turn = engine.begin(hello()?).await?;
/// assert_eq!(turn.model(), "large");
/// assert_eq!(turn.check(&Reply::text("...")).await?.action, Action::Escalate);
///
/// let refusing = Fixed::default().refusal("not here").engine(["small"]).await?;
/// assert_eq!(refusing.begin(hello()?).await?.refusal(), Some("not here"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
///
/// There is no slot, so records of such turns name none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fixed {
    pub(crate) refusal: Option<String>,
    pub(crate) model: Option<String>,
    pub(crate) fallbacks: Vec<String>,
    pub(crate) parameters: Parameters,
    pub(crate) edits: Vec<Edit>,
    pub(crate) verdict: Verdict,
}

impl Fixed {
    /// Every turn is routed to this model. A turn that does not have it among its candidates cannot begin.
    pub fn model(name: impl Into<String>) -> Self {
        Fixed {
            model: Some(name.into()),
            ..Fixed::default()
        }
    }

    /// The same with fallbacks, which must be candidates too.
    #[must_use]
    pub fn fallbacks<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.fallbacks = names.into_iter().map(Into::into).collect();
        self
    }

    /// The same with parameters to send along.
    #[must_use]
    pub fn parameters(mut self, parameters: Parameters) -> Self {
        self.parameters = parameters;
        self
    }

    /// The same with edits to every conversation, held to the rules of compressors: a turn on which they may not be
    /// carried out cannot begin.
    #[must_use]
    pub fn edits(mut self, edits: impl IntoIterator<Item = Edit>) -> Self {
        self.edits = edits.into_iter().collect();
        self
    }

    /// Every request is refused, with these words for whoever asked.
    #[must_use]
    pub fn refusal(mut self, words: impl Into<String>) -> Self {
        self.refusal = Some(words.into());
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
