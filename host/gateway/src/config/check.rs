//! What can be known to be wrong with a configuration before anything is opened.

use std::collections::BTreeSet;

use super::{AdminSettings, Config, ConfigError, TraceSettings, tenants};

impl Config {
    /// What can be known to be wrong before anything is opened; the engine checks its own part.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
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
            model.check(&format!("models[{index}]"))?;
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
