//! One element of `model_list`: a model at a provider, under a name that others may share.

use serde_json::{Map, Value};

use super::fields::Fields;
use super::mapping;
use super::provider;
use super::report::Report;
use super::settings::Defaults;
use super::upstream::Upstream;

/// A model at a provider.
#[derive(Clone, Debug)]
pub(super) struct Deployment {
    /// The name that clients ask for.
    pub(super) group: String,
    pub(super) upstream: Upstream,
    /// Its name at the provider.
    pub(super) model: String,
    pub(super) window: Option<u32>,
    pub(super) max_output_tokens: Option<u32>,
    /// USD per million tokens: of the prompt, of it from the cache and to the cache, of the reply.
    pub(super) prices: [Option<f64>; 4],
    pub(super) tags: Vec<String>,
    /// LiteLLM asks lower ones first.
    pub(super) order: Option<i64>,
}

impl Deployment {
    /// Reads one; none, where it could not be served.
    pub(super) fn take(
        place: &str,
        model: Map<String, Value>,
        defaults: &Defaults,
        report: &mut Report,
    ) -> Option<Deployment> {
        let mut fields = Fields::new(place, model);
        let group = fields.text("model_name");
        let mut params = Fields::new(&fields.at("litellm_params"), mapping(fields.take("litellm_params")));
        let mut known = Fields::new(&fields.at("model_info"), mapping(fields.take("model_info")));
        let (Some(group), Some(model)) = (group, params.text("model")) else {
            report.not_supported(place, "has no `model_name`, or no `litellm_params.model`");
            return None;
        };
        if let Some(mode) = known
            .text("mode")
            .filter(|mode| !matches!(mode.as_str(), "chat" | "embedding" | "responses"))
        {
            report.not_supported(place, format!("`{group}`: the mode `{mode}` is not served here"));
            return None;
        }
        if group.contains('*') || model.contains('*') {
            report.not_supported(place, format!("`{group}`: name each model; there are no wildcards"));
            return None;
        }
        let custom = params.text("custom_llm_provider");
        let (provider, name) = match provider::of(&model, custom.as_deref()) {
            Ok(found) => found,
            Err(why) => {
                report.not_supported(place, format!("`{group}`: {why}"));
                return None;
            }
        };
        report.mapped(&fields.at("model_name"), format!("`{group}`"));
        let base_url = match params.text("api_base").or_else(|| params.text("base_url")) {
            Some(url) => {
                let ours = provider.base_of(&url);
                if ours.trim_end_matches('/') == url.trim_end_matches('/') {
                    report.mapped(&params.at("api_base"), "`base-url`");
                } else {
                    let words = format!("`base-url`, with the path that LiteLLM appends by itself: {ours}");
                    report.approximated(&params.at("api_base"), words);
                }
                ours
            }
            None => match provider.base_url {
                Some(url) => url.to_owned(),
                None => {
                    report.not_supported(
                        &params.at("model"),
                        format!("`{group}`: without an `api_base` it cannot be reached"),
                    );
                    return None;
                }
            },
        };
        report.mapped(&params.at("model"), format!("`{name}` at {}", provider.name));
        let upstream = Upstream::take(&mut params, provider, base_url, defaults, report);
        let order = params.number("order", report).map(|order| order as i64);
        if order.is_some() {
            report.mapped(&params.at("order"), "its place among the candidates of its route");
        }
        let deployment = Deployment {
            prices: prices(&mut params, &mut known, report),
            tags: tags(&mut params, &mut known, report),
            max_output_tokens: limit(&mut known, report),
            window: None,
            model: name,
            group,
            upstream,
            order,
        };
        let deployment = deployment.with_window(&mut known, report);
        for name in ["rpm", "tpm", "max_parallel_requests", "max_budget", "budget_duration"] {
            if params.take(name).is_some() {
                report.not_supported(&params.at(name), "limits are for keys, not for models");
            }
        }
        if params.take("weight").is_some() {
            report.not_supported(
                &params.at("weight"),
                "candidates are asked in their order; a slot's arms have weights",
            );
        }
        params.rest(report, "is not sent along: parameters come from clients and routers");
        known.rest(report, "has no counterpart");
        fields.rest(report, "has no counterpart");
        Some(deployment)
    }

    fn with_window(mut self, known: &mut Fields, report: &mut Report) -> Self {
        if let Some(prompt) = known.number("max_input_tokens", report) {
            self.window = Some(prompt as u32);
            let words = "`window`, which is of prompt and reply together: no prompt is longer than the file says";
            report.approximated(&known.at("max_input_tokens"), words);
        }
        self
    }
}

fn prices(params: &mut Fields, known: &mut Fields, report: &mut Report) -> [Option<f64>; 4] {
    let fields = [
        ("input_cost_per_token", "input-price"),
        ("cache_read_input_token_cost", "cached-input-price"),
        ("cache_creation_input_token_cost", "cache-write-price"),
        ("output_cost_per_token", "output-price"),
    ];
    fields.map(|(name, ours)| {
        [&mut *known, &mut *params].into_iter().find_map(|fields| {
            let price = fields.number(name, report)?;
            report.mapped(&fields.at(name), format!("`{ours}`, for a million tokens"));
            // Of a price for one token, nine digits are plenty, and no more than was meant.
            Some((price * 1e15).round() / 1e9)
        })
    })
}

fn tags(params: &mut Fields, known: &mut Fields, report: &mut Report) -> Vec<String> {
    let mut tags = Vec::new();
    for fields in [params, &mut *known] {
        if let Some(Value::Array(more)) = fields.take("tags") {
            report.mapped(&fields.at("tags"), "`tags`");
            tags.extend(more.iter().filter_map(Value::as_str).map(str::to_owned));
        }
    }
    for (name, tag) in [
        ("supports_vision", "vision"),
        ("supports_reasoning", "reasoning"),
        ("supports_function_calling", "tools"),
    ] {
        match known.flag(name) {
            Some(true) => {
                report.approximated(&known.at(name), format!("the tag `{tag}`, which routers may ask for"));
                tags.push(tag.to_owned());
            }
            Some(false) => report.mapped(&known.at(name), "no tag"),
            None => {}
        }
    }
    tags
}

fn limit(known: &mut Fields, report: &mut Report) -> Option<u32> {
    if let Some(tokens) = known.number("max_output_tokens", report) {
        report.mapped(&known.at("max_output_tokens"), "`max-output-tokens`");
        return Some(tokens as u32);
    }
    let tokens = known.number("max_tokens", report)?;
    report.approximated(
        &known.at("max_tokens"),
        "`max-output-tokens`, as LiteLLM reads it for most models",
    );
    Some(tokens as u32)
}
