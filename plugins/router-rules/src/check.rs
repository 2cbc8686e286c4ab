//! What settings may not say, beyond what their types refuse: each fault with its path and what to do.

use std::collections::BTreeSet;

use pointsman_policy::SettingsError;

use crate::language;
use crate::settings::{Route, Settings, When};

/// Fewest bytes of a message that patterns may be limited to.
const LEAST_SCAN: u32 = 256;

/// Everything that is wrong but for the patterns, which are found out when they are compiled.
pub fn faults(settings: &Settings) -> Vec<SettingsError> {
    let mut faults = Faults::default();
    if settings.scan_bytes < LEAST_SCAN {
        faults.add(
            "scan-bytes",
            format!("expected {LEAST_SCAN} or more, found {}", settings.scan_bytes),
        );
    }
    faults.route("default", &settings.default);
    for (tenant, route) in &settings.tenants {
        faults.choice(&format!("tenants.{tenant}"), route);
    }
    let mut names = BTreeSet::new();
    for (rule, at) in settings.rules.iter().zip(0..) {
        let path = format!("rules[{at}]");
        if rule.name.trim().is_empty() {
            faults.add(
                format!("{path}.name"),
                "a rule needs a name: decisions give it as their reason",
            );
        } else if !names.insert(&rule.name) {
            faults.add(
                format!("{path}.name"),
                format!("another rule is named `{}` too: name them apart", rule.name),
            );
        }
        faults.choice(&format!("{path}.use"), &rule.route);
        faults.when(&format!("{path}.when"), &rule.when);
        faults.when(&format!("{path}.unless"), &rule.unless);
    }
    faults.0
}

#[derive(Default)]
struct Faults(Vec<SettingsError>);

impl Faults {
    fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.0.push(SettingsError::new(path, message));
    }

    /// A route of a rule or a tenant, which must name something.
    fn choice(&mut self, path: &str, route: &Route) {
        if route.model.is_none() && route.tag.is_none() {
            self.add(path, "it names neither a `model` nor a `tag`: give one of the two");
        }
        self.route(path, route);
    }

    fn route(&mut self, path: &str, route: &Route) {
        if route.model.is_some() && route.tag.is_some() {
            self.add(
                path,
                "it names both a `model` and a `tag`: give one, and put the other into `fallbacks`",
            );
        }
        let words = [&route.model, &route.tag, &route.effort];
        if words
            .into_iter()
            .flatten()
            .chain(&route.fallbacks)
            .any(|word| word.trim().is_empty())
        {
            self.add(
                path,
                "a model, tag, fallback or effort is empty: leave it out or name one",
            );
        }
        if let Some(found) = route.confidence.filter(|value| !(0.0..=1.0).contains(value)) {
            self.add(format!("{path}.confidence"), format!("expected 0 to 1, found {found}"));
        }
        if let Some(found) = route.temperature.filter(|value| !(value.is_finite() && *value >= 0.0)) {
            self.add(
                format!("{path}.temperature"),
                format!("expected 0 or more, found {found}"),
            );
        }
        if route.max_output_tokens == Some(0) {
            self.add(format!("{path}.max-output-tokens"), "expected 1 or more, found 0");
        }
    }

    fn when(&mut self, path: &str, when: &When) {
        let ranges = [
            ("tokens", when.min_tokens, when.max_tokens),
            ("last-tokens", when.min_last_tokens, when.max_last_tokens),
            ("turns", when.min_turns, when.max_turns),
        ];
        for (name, min, max) in ranges {
            if let (Some(min), Some(max)) = (min, max)
                && min > max
            {
                self.add(
                    format!("{path}.min-{name}"),
                    format!("{min} is more than `max-{name}`, {max}"),
                );
            }
        }
        for code in when
            .languages
            .0
            .iter()
            .filter(|code| !language::known().any(|known| known == *code))
        {
            let known = language::known().collect::<Vec<_>>().join(", ");
            self.add(
                format!("{path}.languages"),
                format!("`{code}` cannot be told; known are {known}"),
            );
        }
        for (name, _) in when.attributes.iter().filter(|(_, allowed)| allowed.0.is_empty()) {
            self.add(
                format!("{path}.attributes.{name}"),
                "an empty list never holds: give a value",
            );
        }
        if let Some(found) = when.max_cost_usd.filter(|value| !(value.is_finite() && *value >= 0.0)) {
            self.add(
                format!("{path}.max-cost-usd"),
                format!("expected 0 or more, found {found}"),
            );
        }
    }
}
