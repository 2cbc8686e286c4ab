//! How a deployment reaches its provider.

use std::collections::BTreeMap;

use serde_json::Value;

use super::fields::Fields;
use super::provider::Provider;
use super::report::Report;
use super::settings::Defaults;

/// How a provider is reached. Deployments that reach theirs in the same way share an upstream.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Upstream {
    pub(super) provider: Provider,
    pub(super) base_url: String,
    pub(super) api_version: Option<String>,
    /// A variable of the environment.
    pub(super) credential: Option<String>,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) first_byte_seconds: Option<f64>,
    pub(super) silence_seconds: Option<f64>,
    pub(super) retries: Option<u32>,
}

/// The newest version of Azure's API that is no preview, as of this writing.
const AZURE_VERSION: &str = "2024-10-21";

impl Upstream {
    /// Reads it from a deployment's parameters.
    pub(super) fn take(
        params: &mut Fields,
        provider: Provider,
        base_url: String,
        defaults: &Defaults,
        report: &mut Report,
    ) -> Self {
        Upstream {
            base_url,
            api_version: api_version(params, provider, report),
            credential: credential(params, provider, report),
            headers: headers(params, report),
            first_byte_seconds: seconds(params, "timeout", "first-byte-seconds", report).or(defaults.timeout),
            silence_seconds: seconds(params, "stream_timeout", "silence-seconds", report),
            retries: retries(params, report).or(defaults.retries),
            provider,
        }
    }
}

/// Azure's, which our configuration wants to be said.
fn api_version(params: &mut Fields, provider: Provider, report: &mut Report) -> Option<String> {
    let field = params.at("api_version");
    let given = params.text("api_version");
    if provider.kind != "azure" {
        if given.is_some() {
            report.not_supported(&field, "is for Azure");
        }
        return None;
    }
    match given.filter(|version| !version.starts_with("os.environ/")) {
        Some(version) => {
            report.mapped(&field, "`api-version`");
            Some(version)
        }
        None => {
            report.approximated(
                &field,
                format!("`{AZURE_VERSION}`, since the file names none: see that it fits"),
            );
            Some(AZURE_VERSION.to_owned())
        }
    }
}

fn credential(params: &mut Fields, provider: Provider, report: &mut Report) -> Option<String> {
    let field = params.at("api_key");
    match params.text("api_key") {
        None => provider.key.map(str::to_owned),
        Some(key) if matches!(key.to_lowercase().as_str(), "none" | "" | "fake-key" | "dummy") => {
            report.mapped(&field, "none is sent");
            None
        }
        Some(key) => match key.strip_prefix("os.environ/") {
            Some(variable) => {
                report.mapped(&field, format!("from ${variable}"));
                Some(variable.to_owned())
            }
            None => {
                let own = format!("{}_API_KEY", provider.name.to_uppercase());
                let variable = provider.key.map_or(own, str::to_owned);
                let words = format!("is not copied: put it into ${variable}, or name a file");
                report.approximated(&field, words);
                Some(variable)
            }
        },
    }
}

fn headers(params: &mut Fields, report: &mut Report) -> BTreeMap<String, String> {
    let mut headers = BTreeMap::new();
    if let Some(organization) = params.text("organization") {
        if organization.starts_with("os.environ/") {
            report.not_supported(&params.at("organization"), "headers are not read from the environment");
        } else {
            report.mapped(&params.at("organization"), "a header");
            headers.insert("openai-organization".to_owned(), organization);
        }
    }
    for name in ["extra_headers", "headers"] {
        let Some(Value::Object(more)) = params.take(name) else {
            continue;
        };
        report.mapped(&params.at(name), "`headers`");
        let more = more
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())));
        headers.extend(more);
    }
    headers
}

fn seconds(params: &mut Fields, name: &str, ours: &str, report: &mut Report) -> Option<f64> {
    let seconds = params.number(name, report).filter(|seconds| *seconds > 0.0)?;
    report.approximated(&params.at(name), format!("`{ours}`: not of the whole reply"));
    Some(seconds)
}

fn retries(params: &mut Fields, report: &mut Report) -> Option<u32> {
    for name in ["max_retries", "num_retries"] {
        if let Some(retries) = params.number(name, report) {
            report.mapped(&params.at(name), "`retries`");
            return Some(retries.max(0.0) as u32);
        }
    }
    None
}
