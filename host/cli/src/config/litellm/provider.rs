//! Whom LiteLLM's `provider/model` stands for, and how it is reached.

/// How a provider is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Provider {
    /// What LiteLLM calls it.
    pub(super) name: &'static str,
    /// What it speaks, as our configuration says it.
    pub(super) kind: &'static str,
    /// Where it is, unless the file says so.
    pub(super) base_url: Option<&'static str>,
    /// The variable from which LiteLLM takes its key, unless the file says so.
    pub(super) key: Option<&'static str>,
}

const fn openai(name: &'static str, base_url: &'static str, key: &'static str) -> Provider {
    Provider {
        name,
        kind: "openai",
        base_url: Some(base_url),
        key: Some(key),
    }
}

/// A server of one's own, without a key.
const fn own(name: &'static str, base_url: Option<&'static str>) -> Provider {
    Provider {
        name,
        kind: "openai",
        base_url,
        key: None,
    }
}

impl Provider {
    /// What an `api_base` of the file comes to. LiteLLM appends all of the path for some providers, where our `base-url`
    /// ends with `/v1`.
    pub(super) fn base_of(&self, api_base: &str) -> String {
        if !matches!(self.name, "anthropic" | "ollama" | "ollama_chat") {
            return api_base.to_owned();
        }
        let start = api_base.trim_end_matches('/');
        let start = start.strip_suffix("/messages").unwrap_or(start);
        match start.ends_with("/v1") {
            true => start.to_owned(),
            false => format!("{start}/v1"),
        }
    }
}

/// Those that speak one of our two forms at an address that is known.
const KNOWN: &[Provider] = &[
    openai("openai", "https://api.openai.com/v1", "OPENAI_API_KEY"),
    Provider {
        name: "anthropic",
        kind: "anthropic",
        base_url: Some("https://api.anthropic.com/v1"),
        key: Some("ANTHROPIC_API_KEY"),
    },
    Provider {
        name: "azure",
        kind: "azure",
        base_url: None,
        key: Some("AZURE_API_KEY"),
    },
    openai("groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY"),
    openai("mistral", "https://api.mistral.ai/v1", "MISTRAL_API_KEY"),
    openai("deepseek", "https://api.deepseek.com/v1", "DEEPSEEK_API_KEY"),
    openai("together_ai", "https://api.together.xyz/v1", "TOGETHERAI_API_KEY"),
    openai("openrouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
    openai(
        "fireworks_ai",
        "https://api.fireworks.ai/inference/v1",
        "FIREWORKS_AI_API_KEY",
    ),
    openai("xai", "https://api.x.ai/v1", "XAI_API_KEY"),
    openai("perplexity", "https://api.perplexity.ai", "PERPLEXITYAI_API_KEY"),
    openai("cerebras", "https://api.cerebras.ai/v1", "CEREBRAS_API_KEY"),
    openai("deepinfra", "https://api.deepinfra.com/v1/openai", "DEEPINFRA_API_KEY"),
    openai(
        "gemini",
        "https://generativelanguage.googleapis.com/v1beta/openai",
        "GEMINI_API_KEY",
    ),
    openai(
        "nvidia_nim",
        "https://integrate.api.nvidia.com/v1",
        "NVIDIA_NIM_API_KEY",
    ),
    own("hosted_vllm", None),
    own("vllm", None),
    own("lm_studio", None),
    own("llamafile", None),
    own("litellm_proxy", None),
    own("ollama", Some("http://localhost:11434/v1")),
    own("ollama_chat", Some("http://localhost:11434/v1")),
];

/// The provider of a `model`, and the model's name there.
pub(super) fn of(model: &str, custom: Option<&str>) -> Result<(Provider, String), String> {
    let (prefix, name) = match (custom, model.split_once('/')) {
        (Some(custom), _) => (custom, model),
        (None, Some((prefix, name))) => (prefix, name),
        // LiteLLM knows many models by their bare names.
        (None, None) if model.starts_with("claude") => ("anthropic", model),
        (None, None) => ("openai", model),
    };
    let known = KNOWN.iter().find(|known| known.name == prefix);
    let known = known.ok_or_else(|| {
        format!("`{prefix}` is no provider that speaks OpenAI's or Anthropic's form at a known address")
    })?;
    let name = name.strip_prefix("chat/").unwrap_or(name);
    Ok((*known, name.to_owned()))
}
