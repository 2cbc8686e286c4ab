//! LiteLLM's proxy configuration turned into ours, by its documentation:
//! <https://docs.litellm.ai/docs/proxy/config_settings>. Every field of the file has a line in the report.

mod deployment;
mod fields;
mod groups;
mod provider;
mod report;
mod settings;
mod upstream;
mod write;
mod yaml;

use anyhow::bail;
use serde_json::{Map, Value};

use deployment::Deployment;
use fields::Fields;
pub(super) use report::Report;
use settings::Defaults;

/// What came of a file.
#[derive(Debug)]
pub(super) struct Imported {
    /// Our configuration.
    pub(super) toml: String,
    /// What became of each field.
    pub(super) report: Report,
}

/// Takes a file over.
///
/// # Errors
/// It is no YAML, has no models, or none that could be served.
pub(super) fn import(text: &str) -> anyhow::Result<Imported> {
    let Value::Object(all) = yaml::parse(text)? else {
        bail!("the file is no mapping: LiteLLM's begins with `model_list:`");
    };
    let mut report = Report::default();
    let mut all = Fields::new("", all);
    let Some(Value::Array(models)) = all.take("model_list") else {
        bail!("the file has no `model_list`: models that LiteLLM keeps in its database are not in it");
    };
    let defaults = Defaults::take(&mut all, &mut report);
    let mut deployments = Vec::new();
    for (index, model) in models.into_iter().enumerate() {
        let place = format!("model_list[{index}]");
        match model {
            Value::Object(model) => deployments.extend(Deployment::take(&place, model, &defaults, &mut report)),
            _ => report.not_supported(&place, "is no mapping"),
        }
    }
    all.rest(&mut report, "is not a section that is known here");
    if deployments.is_empty() {
        bail!("none of the models can be served:\n{report}");
    }
    let groups = groups::arrange(deployments, &defaults, &mut report);
    Ok(Imported {
        toml: write::toml(&groups, &defaults)?,
        report,
    })
}

/// A mapping, where there is one.
fn mapping(value: Option<Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use pointsman_gateway::Config;

    use super::*;

    const FILE: &str = "
model_list:
  - model_name: gpt-4o
    litellm_params:
      model: openai/gpt-4o
      api_key: os.environ/OPENAI_API_KEY
      timeout: 30
      rpm: 100
    model_info:
      input_cost_per_token: 0.0000025
      output_cost_per_token: 0.00001
      max_input_tokens: 128000
      max_output_tokens: 16384
      supports_vision: true
  - model_name: gpt-4o
    litellm_params:
      model: groq/gpt-oss-120b
      api_key: gsk_a-literal-secret
  - model_name: claude
    litellm_params: { model: anthropic/claude-sonnet-4-5 }
  - model_name: local
    litellm_params: { model: openai/llama, api_base: 'http://127.0.0.1:8000/v1', api_key: none }
  - model_name: europe
    litellm_params: { model: azure/gpt-4o-eu, api_base: 'https://x.openai.azure.com', api_key: os.environ/AZURE_KEY }
  - model_name: picture
    litellm_params: { model: bedrock/stability }
    model_info: { mode: image_generation }
router_settings:
  routing_strategy: latency-based-routing
  num_retries: 3
  allowed_fails: 2
  cooldown_time: 45
  fallbacks: [ { gpt-4o: [claude] } ]
  model_group_alias: { fast: local }
litellm_settings: { drop_params: true, callbacks: [prometheus, langfuse] }
general_settings: { master_key: sk-1234, database_url: 'postgresql://x' }
something_else: 1
";

    fn fate<'a>(imported: &'a Imported, field: &str) -> (&'a str, &'a str) {
        imported
            .report
            .of(field)
            .unwrap_or_else(|| panic!("{field}: {}", imported.report))
    }

    #[test]
    fn a_file_becomes_a_configuration_that_a_gateway_takes() {
        let imported = import(FILE).unwrap();
        let config = Config::from_toml(&imported.toml).unwrap_or_else(|error| panic!("{error}\n{}", imported.toml));
        let models: Vec<_> = config.models.iter().map(|model| model.name.as_str()).collect();
        assert_eq!(models, ["gpt-4o@openai", "gpt-4o@groq", "claude", "local", "europe"]);
        let route = |name: &str| {
            &config
                .routes
                .iter()
                .find(|route| route.name == name)
                .unwrap()
                .candidates
        };
        assert_eq!(*route("gpt-4o"), ["gpt-4o@openai", "gpt-4o@groq", "claude"]);
        assert_eq!(*route("fast"), ["local"]);
        let first = &config.models[0];
        assert_eq!((first.input_price, first.output_price), (Some(2.5), Some(10.0)));
        assert_eq!((first.window, first.max_output_tokens), (Some(128_000), Some(16_384)));
        assert_eq!(first.upstream_model.as_deref(), Some("gpt-4o"));
        assert_eq!(first.tags, ["vision"]);
        let upstream = &config.upstreams[0];
        assert_eq!(upstream.base_url.as_deref(), Some("https://api.openai.com/v1"));
        assert_eq!((upstream.retries, upstream.first_byte_seconds), (3, 30.0));
        assert_eq!((upstream.breaker.failures, upstream.breaker.seconds), (3, 45));
    }

    #[test]
    fn an_address_gets_the_path_that_litellm_appends_by_itself_and_no_second_one() {
        for (model, given, ours, word) in [
            (
                "ollama/llama3",
                "http://localhost:11434",
                "http://localhost:11434/v1",
                "approximated",
            ),
            (
                "ollama_chat/llama3",
                "http://localhost:11434/v1",
                "http://localhost:11434/v1",
                "mapped",
            ),
            (
                "anthropic/claude-x",
                "https://api.anthropic.com/",
                "https://api.anthropic.com/v1",
                "approximated",
            ),
            (
                "anthropic/claude-x",
                "https://a.example/v1/messages",
                "https://a.example/v1",
                "approximated",
            ),
            (
                "openai/llama",
                "http://127.0.0.1:8000",
                "http://127.0.0.1:8000",
                "mapped",
            ),
        ] {
            let text = format!(
                "model_list:\n  - model_name: x\n    litellm_params: {{ model: {model}, api_base: '{given}' }}\n"
            );
            let imported = import(&text).unwrap();
            let config = Config::from_toml(&imported.toml).unwrap();
            assert_eq!(config.upstreams[0].base_url.as_deref(), Some(ours));
            assert_eq!(
                fate(&imported, "model_list[0].litellm_params.api_base").0,
                word,
                "{given}"
            );
        }
    }

    #[test]
    fn every_field_has_a_line_in_the_report() {
        let imported = import(FILE).unwrap();
        for (field, word) in [
            ("model_list[0].model_name", "mapped"),
            ("model_list[0].litellm_params.model", "mapped"),
            ("model_list[0].litellm_params.api_key", "mapped"),
            ("model_list[0].litellm_params.timeout", "approximated"),
            ("model_list[0].litellm_params.rpm", "not supported"),
            ("model_list[0].model_info.max_input_tokens", "approximated"),
            ("model_list[4].litellm_params.api_version", "approximated"),
            ("model_list[5]", "not supported"),
            ("router_settings.routing_strategy", "approximated"),
            ("router_settings.num_retries", "mapped"),
            ("router_settings.fallbacks", "mapped"),
            ("litellm_settings.drop_params", "not supported"),
            ("litellm_settings.callbacks", "approximated"),
            ("general_settings.master_key", "approximated"),
            ("general_settings.database_url", "not supported"),
            ("something_else", "not supported"),
        ] {
            assert_eq!(fate(&imported, field).0, word, "{field}");
        }
    }

    #[test]
    fn a_key_that_stands_in_the_file_is_not_copied_and_its_new_place_is_named() {
        let imported = import(FILE).unwrap();
        let (word, why) = fate(&imported, "model_list[1].litellm_params.api_key");
        assert!(word == "approximated" && why.contains("$GROQ_API_KEY"), "{why}");
        assert!(imported.toml.contains("env = \"GROQ_API_KEY\""), "{}", imported.toml);
        assert!(!imported.toml.contains("a-literal-secret") && !imported.toml.contains("sk-1234"));
        assert!(!imported.report.to_string().contains("a-literal-secret"));
    }

    #[test]
    fn what_is_no_configuration_of_litellm_is_refused_in_words() {
        for (text, word) in [
            ("- a\n- b\n", "no mapping"),
            ("a: [\n", "no YAML"),
            ("litellm_settings: {}\n", "model_list"),
            (
                "model_list:\n  - model_name: x\n    litellm_params: { model: bedrock/y }\n",
                "none of the models",
            ),
        ] {
            let error = format!("{:#}", import(text).unwrap_err());
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
