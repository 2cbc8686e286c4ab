//! Our configuration, written down.

use std::collections::BTreeMap;

use serde::Serialize;

use super::groups::Groups;
use super::settings::Defaults;

#[derive(Serialize)]
struct Written<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    admin: Option<Admin<'a>>,
    upstreams: Vec<Upstream<'a>>,
    models: Vec<Model<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    routes: Vec<Route<'a>>,
}

#[derive(Serialize)]
struct Admin<'a> {
    token: Env<'a>,
}

#[derive(Serialize)]
struct Env<'a> {
    env: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Upstream<'a> {
    name: &'a str,
    kind: &'a str,
    base_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_byte_seconds: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    silence_seconds: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retries: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credential: Option<Env<'a>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    breaker: BTreeMap<&'a str, u64>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    headers: &'a BTreeMap<String, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Model<'a> {
    name: &'a str,
    upstream: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    upstream_model: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    window: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_output_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input_price: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cached_input_price: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_write_price: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_price: Option<f64>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: &'a [String],
}

#[derive(Serialize)]
struct Route<'a> {
    name: &'a str,
    candidates: &'a [String],
}

/// The file's text.
pub(super) fn toml(groups: &Groups, defaults: &Defaults) -> anyhow::Result<String> {
    let breaker = [
        ("failures", defaults.breaker.0.map(u64::from)),
        ("seconds", defaults.breaker.1),
    ];
    let breaker: BTreeMap<&str, u64> = breaker
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    let upstreams = groups.upstreams.iter().map(|(name, upstream)| Upstream {
        name,
        kind: upstream.provider.kind,
        base_url: &upstream.base_url,
        api_version: upstream.api_version.as_deref(),
        first_byte_seconds: upstream.first_byte_seconds,
        silence_seconds: upstream.silence_seconds,
        retries: upstream.retries,
        credential: upstream.credential.as_deref().map(|env| Env { env }),
        breaker: breaker.clone(),
        headers: &upstream.headers,
    });
    let models = groups.models.iter().map(|(name, upstream, deployment)| {
        let [input_price, cached_input_price, cache_write_price, output_price] = deployment.prices;
        Model {
            name,
            upstream,
            upstream_model: Some(deployment.model.as_str()).filter(|there| there != name),
            window: deployment.window,
            max_output_tokens: deployment.max_output_tokens,
            input_price,
            cached_input_price,
            cache_write_price,
            output_price,
            tags: &deployment.tags,
        }
    });
    let routes = groups
        .routes
        .iter()
        .map(|(name, candidates)| Route { name, candidates });
    let written = Written {
        admin: defaults.admin.as_deref().map(|env| Admin { token: Env { env } }),
        upstreams: upstreams.collect(),
        models: models.collect(),
        routes: routes.collect(),
    };
    Ok(format!(
        "# Taken over from LiteLLM. Prices are USD per million tokens; what is left out is not known, never zero.\n\n{}\n",
        toml::to_string(&written)?.trim_end()
    ))
}
