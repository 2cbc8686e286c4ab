//! What an operator writes: one TOML file, for the engine and for the service around it.

mod catalogue;
mod changes;
mod check;
mod error;
mod place;
mod resilience;
mod secret;
mod server;
mod tenants;
mod traces;
mod upstream;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pointsman::{RequestSettings, SandboxSettings, Settings, SlotSettings};
use schemars::JsonSchema;
use serde::Deserialize;

pub use catalogue::{RouteSettings, ServedModel};
pub use error::ConfigError;
pub use resilience::{RetryBudgetSettings, UpstreamBreakerSettings};
pub(crate) use secret::Secret;
pub use secret::SecretSource;
pub use server::{AdminSettings, ServerSettings, VerdictSettings};
pub use tenants::{
    AssumedPrices, BudgetSettings, ConversationSettings, KeyPlan, StoreSettings, TenantSettings, Window,
};
pub use traces::{MaskPlan, TraceSettings};
pub use upstream::{UpstreamKind, UpstreamSettings};

/// Everything that a gateway is made from.
///
/// ```
/// let config = pointsman_gateway::Config::from_toml(r#"
///     [[upstreams]]
///     name = "here"
///     kind = "simulated"
///
///     [[models]]
///     name = "small"
///     upstream = "here"
///
///     [[routes]]
///     name = "auto"
///     candidates = ["small"]
/// "#)?;
/// assert!(config.server.listen.ip().is_loopback());
/// # Ok::<(), pointsman_gateway::ConfigError>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(
    title = "The configuration of a Pointsman gateway",
    description = "Everything that a gateway is made from."
)]
pub struct Config {
    /// Where clients are served, and how much one of them may take.
    #[serde(default)]
    pub server: ServerSettings,
    /// Where operators are served; nowhere, where it is left out.
    #[serde(default)]
    pub admin: Option<AdminSettings>,
    /// Where records of turns go; nowhere, where it is left out.
    #[serde(default)]
    pub traces: Option<TraceSettings>,
    /// Where keys, budgets and memory are kept.
    #[serde(default)]
    pub store: StoreSettings,
    /// Who may ask.
    #[serde(default)]
    pub tenants: TenantSettings,
    /// What may be spent, by a key, under a tag, or by all together.
    #[serde(default)]
    pub budgets: Vec<BudgetSettings>,
    /// How conversations are known, and how long they are remembered.
    #[serde(default)]
    pub conversations: ConversationSettings,
    /// How far a verdict may send a turn round again.
    #[serde(default)]
    pub verdicts: VerdictSettings,
    /// The providers there are.
    #[serde(default)]
    pub upstreams: Vec<UpstreamSettings>,
    /// The models there are, and which upstream serves them.
    #[serde(default)]
    pub models: Vec<ServedModel>,
    /// Names that clients ask for, with the models to choose among.
    #[serde(default)]
    pub routes: Vec<RouteSettings>,
    /// The engine's slots, in the order in which they are asked within their kind.
    #[serde(default)]
    pub slots: Vec<SlotSettings>,
    /// The engine's limits on requests.
    #[serde(default)]
    pub limits: RequestSettings,
    /// How much of the machine policies may take together.
    #[serde(default)]
    pub sandbox: SandboxSettings,
    /// Revisions that are kept for a rollback.
    #[serde(default = "kept")]
    pub keep_revisions: usize,
    /// Where relative paths start.
    #[serde(skip)]
    pub(crate) base: PathBuf,
    /// The text that it was read from.
    #[serde(skip)]
    pub(crate) text: Arc<str>,
}

fn kept() -> usize {
    8
}

impl Config {
    /// Reads TOML.
    ///
    /// # Errors
    /// What is wrong, with line and column, or with the path of the setting.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        let mut config: Config = toml::from_str(text).map_err(|error| ConfigError::toml(text, &error))?;
        config.text = text.into();
        config.check().map_err(|error| config.locate(error))?;
        Ok(config)
    }

    /// Reads a TOML file. Relative paths in it start at its own directory.
    ///
    /// # Errors
    /// As [`Config::from_toml`], or that the file cannot be read.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let path = path.as_ref();
        let file = |message: String, line| ConfigError::File {
            path: path.to_owned(),
            message,
            line,
        };
        let bytes = std::fs::read(path).map_err(|error| file(error.to_string(), None))?;
        let text = std::str::from_utf8(&bytes).map_err(|error| {
            let line = place::line_at(&bytes, error.valid_up_to());
            file(format!("line {line}: what stands there is not UTF-8"), Some(line))
        })?;
        let mut config = Config::from_toml(text).map_err(|error| file(error.to_string(), error.line()))?;
        // Whatever the path was given from, it is one base: a file that is read again is not to look like another one's.
        let whole = std::path::absolute(path).map_err(|error| file(error.to_string(), None))?;
        config.base = whole.parent().map(Path::to_owned).unwrap_or_default();
        Ok(config)
    }

    /// The same with relative paths that start at this directory.
    #[must_use]
    pub fn base(mut self, directory: impl Into<PathBuf>) -> Self {
        self.base = directory.into();
        self
    }

    /// JSON Schema of the file, draft 2020-12, for editors and for checks before a change lands.
    pub fn schema() -> schemars::Schema {
        schemars::schema_for!(Config)
    }

    /// The engine's part.
    pub fn settings(&self) -> Settings {
        let mut settings = Settings::new(self.models.iter().map(ServedModel::model));
        settings.slots.clone_from(&self.slots);
        settings.limits.clone_from(&self.limits);
        settings.sandbox.clone_from(&self.sandbox);
        settings.keep_revisions = self.keep_revisions;
        settings.base(&self.base)
    }
}
