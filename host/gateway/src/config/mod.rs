//! What an operator writes: one TOML file, for the engine and for the service around it.

mod catalogue;
mod changes;
mod error;
mod place;
mod resilience;
mod secret;
mod server;
mod tenants;
mod traces;
mod upstream;

use std::collections::BTreeSet;
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
        let text = std::fs::read_to_string(path).map_err(|error| file(error.to_string(), None))?;
        let mut config = Config::from_toml(&text).map_err(|error| file(error.to_string(), error.line()))?;
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

    /// What can be known to be wrong before anything is opened; the engine checks its own part.
    fn check(&self) -> Result<(), ConfigError> {
        let mut names = BTreeSet::new();
        for (index, upstream) in self.upstreams.iter().enumerate() {
            let place = format!("upstreams[{index}]");
            if upstream.name.is_empty() || !names.insert(upstream.name.as_str()) {
                let message = format!(
                    "the name `{}` is empty or taken: give every upstream its own",
                    upstream.name
                );
                return Err(ConfigError::wrong(format!("{place}.name"), message));
            }
            upstream.check(&place)?;
        }
        if self.models.is_empty() {
            return Err(ConfigError::wrong("models", "there is none: name at least one model"));
        }
        for (index, model) in self.models.iter().enumerate() {
            if !names.contains(model.upstream.as_str()) {
                let known = names.iter().copied().collect::<Vec<_>>().join(", ");
                let message = format!("there is no upstream `{}`: known are {known}", model.upstream);
                return Err(ConfigError::wrong(format!("models[{index}].upstream"), message));
            }
        }
        let models: BTreeSet<&str> = self.models.iter().map(|model| model.name.as_str()).collect();
        let mut routes = BTreeSet::new();
        for (index, route) in self.routes.iter().enumerate() {
            route.check(&format!("routes[{index}]"), &models)?;
            if !routes.insert(route.name.as_str()) {
                let message = format!("the name `{}` is taken: give every route its own", route.name);
                return Err(ConfigError::wrong(format!("routes[{index}].name"), message));
            }
        }
        self.server.check()?;
        self.tenants.check()?;
        self.conversations.check()?;
        tenants::check_budgets(&self.budgets)?;
        self.traces.as_ref().map_or(Ok(()), TraceSettings::check)?;
        self.admin.as_ref().map_or(Ok(()), AdminSettings::check)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str =
        "[[upstreams]]\nname = \"u\"\nkind = \"simulated\"\n[[models]]\nname = \"m\"\nupstream = \"u\"\n";

    fn refusal(more: &str) -> String {
        Config::from_toml(&format!("{BASE}{more}")).unwrap_err().to_string()
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_what_was_expected() {
        let error = refusal("[server]\nlisen = \"127.0.0.1:1\"\n");
        assert!(
            error.contains("line 8") && error.contains("lisen") && error.contains("listen"),
            "{error}"
        );
        let error = refusal("prize = 1.0\n");
        assert!(error.contains("line 7") && error.contains("input-price"), "{error}");
    }

    #[test]
    fn an_ill_typed_value_says_what_was_expected() {
        let error = refusal("[server]\nlisten = 8080\n");
        assert!(error.contains("line 8") && error.contains("socket address"), "{error}");
    }

    #[test]
    fn what_does_not_fit_together_is_said_with_its_path() {
        let error = refusal("[[routes]]\nname = \"auto\"\ncandidates = [\"m\", \"n\"]\n");
        assert!(
            error.contains("line 9: routes[0].candidates") && error.contains("`n`"),
            "{error}"
        );
        let error = refusal("[[models]]\nname = \"n\"\nupstream = \"v\"\n");
        assert!(
            error.contains("models[1].upstream") && error.contains("known are u"),
            "{error}"
        );
        let error = refusal("[[upstreams]]\nname = \"v\"\nkind = \"openai\"\n");
        assert!(error.contains("upstreams[1].base-url"), "{error}");
        let error = refusal("[[upstreams]]\nname = \"v\"\nkind = \"simulated\"\nbase-url = \"http://x\"\n");
        assert!(error.contains("upstreams[1].base-url"), "{error}");
        let error = refusal("[[routes]]\nname = \"m\"\ncandidates = [\"m\"]\n");
        assert!(error.contains("routes[0].name"), "{error}");
    }

    #[test]
    fn an_admin_listener_needs_a_token() {
        let error = refusal("[admin]\nlisten = \"127.0.0.1:0\"\n");
        assert!(error.contains("token"), "{error}");
    }
}
