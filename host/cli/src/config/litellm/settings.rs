//! What LiteLLM's sections beside the list of models say, as far as it means something here.

use serde_json::Value;

use super::fields::Fields;
use super::mapping;
use super::report::Report;

/// What holds for all models.
#[derive(Debug, Default)]
pub(super) struct Defaults {
    pub(super) retries: Option<u32>,
    pub(super) timeout: Option<f64>,
    /// Failures in a row, and seconds.
    pub(super) breaker: (Option<u32>, Option<u64>),
    /// Models to ask when one fails, with the field that says so.
    pub(super) fallbacks: Vec<(String, Vec<String>)>,
    pub(super) default_fallbacks: Vec<String>,
    pub(super) aliases: Vec<(String, String)>,
    /// The variable with the operators' token.
    pub(super) admin: Option<String>,
}

impl Defaults {
    pub(super) fn take(all: &mut Fields, report: &mut Report) -> Self {
        let mut defaults = Defaults::default();
        let section = |all: &mut Fields, name: &str| Fields::new(name, mapping(all.take(name)));
        let mut library = section(all, "litellm_settings");
        let mut router = section(all, "router_settings");
        let mut general = section(all, "general_settings");
        // The router's say comes after the library's.
        defaults.reliability(&mut library, "request_timeout", report);
        defaults.reliability(&mut router, "timeout", report);
        defaults.callbacks(&mut library, report);
        defaults.breaker(&mut router, report);
        if let Some(strategy) = router.text("routing_strategy") {
            let words =
                format!("`{strategy}`: candidates are asked in their order; a router in a slot may choose otherwise");
            report.approximated("router_settings.routing_strategy", words);
        }
        if router.flag("enable_pre_call_checks").is_some() {
            let words = "routers see windows and prices of all candidates; `router-rules` leaves out what does not fit";
            report.approximated("router_settings.enable_pre_call_checks", words);
        }
        if let Some(Value::Object(aliases)) = router.take("model_group_alias") {
            for (alias, model) in aliases {
                let model = model.as_str().or(model["model"].as_str()).map(str::to_owned);
                defaults.aliases.extend(model.map(|model| (alias, model)));
            }
            report.mapped("router_settings.model_group_alias", "a route for each");
        }
        if let Some(key) = general.text("master_key") {
            let variable = key.strip_prefix("os.environ/").unwrap_or("POINTSMAN_ADMIN_TOKEN");
            let words = format!("the operators' token, from ${variable}; keys of clients are made by command");
            report.approximated("general_settings.master_key", words);
            defaults.admin = Some(variable.to_owned());
        }
        for name in ["database_url", "store_model_in_db"] {
            if general.take(name).is_some() {
                let words = "nothing is kept in a database server: what has to be kept is in a file of SQLite";
                report.not_supported(&general.at(name), words);
            }
        }
        if let Some(Value::Object(variables)) = all.take("environment_variables") {
            for name in variables.keys() {
                let words = "set it in the environment of the gateway";
                report.not_supported(&format!("environment_variables.{name}"), words);
            }
        }
        for section in [library, router, general] {
            section.rest(report, "has no counterpart");
        }
        defaults
    }

    fn reliability(&mut self, section: &mut Fields, timeout: &str, report: &mut Report) {
        if let Some(retries) = section.number("num_retries", report) {
            self.retries = Some(retries.max(0.0) as u32);
            let words = "`retries` of every upstream, within its retry budget";
            report.mapped(&section.at("num_retries"), words);
        }
        if let Some(seconds) = section.number(timeout, report) {
            self.timeout = Some(seconds);
            let words = "`first-byte-seconds` of every upstream: a stream may take longer";
            report.approximated(&section.at(timeout), words);
        }
        for (name, why) in [
            ("fallbacks", None),
            (
                "context_window_fallbacks",
                Some("asked after any failure, not only where the window is too small"),
            ),
        ] {
            let Some(value) = section.take(name) else { continue };
            for entry in value.as_array().into_iter().flatten().filter_map(Value::as_object) {
                let pairs = entry.iter().map(|(from, to)| (from.clone(), names(to)));
                self.fallbacks.extend(pairs);
            }
            match why {
                None => report.mapped(&section.at(name), "further candidates of a route"),
                Some(why) => report.approximated(&section.at(name), why),
            }
        }
        if let Some(value) = section.take("default_fallbacks") {
            self.default_fallbacks = names(&value);
            report.mapped(&section.at("default_fallbacks"), "the last candidates of every route");
        }
        if section.take("content_policy_fallbacks").is_some() {
            let words = "a checker's verdict may escalate to a stronger model of the route";
            report.not_supported(&section.at("content_policy_fallbacks"), words);
        }
    }

    fn callbacks(&mut self, section: &mut Fields, report: &mut Report) {
        for name in ["callbacks", "success_callback", "failure_callback", "service_callbacks"] {
            let Some(value) = section.take(name) else { continue };
            let (ours, others): (Vec<String>, Vec<String>) =
                names(&value).into_iter().partition(|name| name == "prometheus");
            let words = format!(
                "`prometheus` is /metrics; not told of turns: {}; traces are JSON lines",
                others.join(", ")
            );
            match (ours.is_empty(), others.is_empty()) {
                (false, true) => report.mapped(&section.at(name), "/metrics on the operators' address"),
                (false, false) => report.approximated(&section.at(name), words),
                (true, _) => report.not_supported(&section.at(name), "what happens is in the traces, as JSON lines"),
            }
        }
    }

    fn breaker(&mut self, section: &mut Fields, report: &mut Report) {
        if let Some(fails) = section.number("allowed_fails", report) {
            self.breaker.0 = Some(fails.max(0.0) as u32 + 1);
            let words = "`breaker.failures` of every upstream: in a row, not in a minute";
            report.approximated(&section.at("allowed_fails"), words);
        }
        if let Some(seconds) = section.number("cooldown_time", report) {
            self.breaker.1 = Some(seconds.max(0.0).ceil() as u64);
            report.mapped(&section.at("cooldown_time"), "`breaker.seconds` of every upstream");
        }
        if section.flag("disable_cooldowns") == Some(true) {
            self.breaker.0 = Some(0);
            report.mapped(
                &section.at("disable_cooldowns"),
                "`breaker.failures = 0`: it never opens",
            );
        }
    }
}

/// A list of names, or one.
fn names(value: &Value) -> Vec<String> {
    match value {
        Value::Array(all) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::String(one) => vec![one.clone()],
        _ => Vec::new(),
    }
}
