//! Where a provider's APIs are.

use hyper::Uri;
use hyper::header::HeaderValue;

use crate::config::{ConfigError, UpstreamKind, UpstreamSettings};
use crate::face::{Api, Form};

/// The addresses of one provider.
#[derive(Debug)]
pub(super) enum Address {
    /// What stands before each path, such as `https://api.openai.com/v1`; the model is named in the body.
    Paths(Box<Paths>),
    /// Azure: a path for each deployment, and the version of the API.
    Deployments { base: String, version: String },
}

/// Read once: a request is not to wait for that.
#[derive(Debug)]
pub(super) struct Paths {
    reply: Uri,
    responses: Uri,
    embeddings: Uri,
    count: Uri,
}

impl Address {
    pub(super) fn new(settings: &UpstreamSettings, place: &str) -> Result<Self, ConfigError> {
        let base = settings.base_url.as_deref().unwrap_or_default();
        let wrong = || {
            let message = format!("`{base}` is no address: give one such as https://api.openai.com/v1");
            ConfigError::wrong(format!("{place}.base-url"), message)
        };
        let start = base.trim_end_matches('/');
        let at = |path: &str| {
            let uri = format!("{start}/{path}").parse().ok();
            uri.filter(|uri: &Uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some())
                .ok_or_else(wrong)
        };
        let reply = match settings.kind {
            UpstreamKind::Anthropic => "messages",
            UpstreamKind::Openai | UpstreamKind::Azure | UpstreamKind::Simulated => "chat/completions",
        };
        let paths = Paths {
            reply: at(reply)?,
            responses: at("responses")?,
            embeddings: at("embeddings")?,
            count: at("messages/count_tokens")?,
        };
        Ok(match (&settings.kind, &settings.api_version) {
            (UpstreamKind::Azure, Some(version)) => Address::Deployments {
                base: start.to_owned(),
                version: version.clone(),
            },
            _ => Address::Paths(Box::new(paths)),
        })
    }

    /// Whether it is reached over TLS.
    pub(super) fn encrypted(&self) -> bool {
        match self {
            Address::Paths(paths) => paths.reply.scheme_str() == Some("https"),
            Address::Deployments { base, .. } => base.starts_with("https:"),
        }
    }

    /// The `Host` of all requests, where it is the same for all.
    pub(super) fn host(&self) -> Option<HeaderValue> {
        let Address::Paths(paths) = self else { return None };
        let host = paths.reply.host()?;
        let usual = if self.encrypted() { 443 } else { 80 };
        let host = match paths.reply.port_u16().filter(|port| *port != usual) {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        HeaderValue::try_from(host).ok()
    }

    /// Where this is asked of a model, by its name there.
    pub(super) fn of(&self, api: Api, model: &str) -> Result<Uri, String> {
        let (base, version) = match self {
            Address::Paths(paths) => return Ok(paths.of(api)),
            Address::Deployments { base, version } => (base, version),
        };
        let path = match api {
            Api::Reply(Form::Responses) => "responses".to_owned(),
            Api::Embeddings => format!("deployments/{model}/embeddings"),
            Api::Reply(_) | Api::CountTokens => format!("deployments/{model}/chat/completions"),
        };
        format!("{base}/openai/{path}?api-version={version}")
            .parse()
            .map_err(|_| {
                format!("`{model}` cannot stand in an address: give the deployment's name as `upstream-model`")
            })
    }
}

impl Paths {
    fn of(&self, api: Api) -> Uri {
        match api {
            Api::Reply(Form::Responses) => &self.responses,
            Api::Reply(_) => &self.reply,
            Api::Embeddings => &self.embeddings,
            Api::CountTokens => &self.count,
        }
        .clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(toml: &str) -> Address {
        let settings: UpstreamSettings = toml::from_str(&format!("name = \"u\"\n{toml}")).unwrap();
        Address::new(&settings, "upstreams[0]").unwrap()
    }

    #[test]
    fn a_deployment_of_azure_has_a_path_of_its_own() {
        let azure = address("kind = \"azure\"\nbase-url = \"https://acme.example/\"\napi-version = \"2024-10-21\"\n");
        assert!(azure.encrypted());
        let uri = |api| azure.of(api, "gpt-large").unwrap().to_string();
        assert_eq!(
            uri(Api::Reply(Form::Chat)),
            "https://acme.example/openai/deployments/gpt-large/chat/completions?api-version=2024-10-21"
        );
        assert_eq!(
            uri(Api::Embeddings),
            "https://acme.example/openai/deployments/gpt-large/embeddings?api-version=2024-10-21"
        );
        assert_eq!(
            uri(Api::Reply(Form::Responses)),
            "https://acme.example/openai/responses?api-version=2024-10-21"
        );
        assert!(azure.of(Api::Embeddings, "two words").is_err());
    }

    #[test]
    fn the_paths_of_others_follow_their_base() {
        let openai = address("kind = \"openai\"\nbase-url = \"http://127.0.0.1:1/v1/\"\n");
        let uri = openai.of(Api::Reply(Form::Chat), "m").unwrap();
        assert_eq!(uri, "http://127.0.0.1:1/v1/chat/completions");
        let anthropic = address("kind = \"anthropic\"\nbase-url = \"http://127.0.0.1:1/v1\"\n");
        assert_eq!(
            anthropic.of(Api::CountTokens, "m").unwrap().path(),
            "/v1/messages/count_tokens"
        );
        assert_eq!(openai.host().unwrap(), "127.0.0.1:1");
        let usual = address("kind = \"openai\"\nbase-url = \"https://a.example:443/v1\"\n");
        assert_eq!(usual.host().unwrap(), "a.example");
        assert_eq!(
            anthropic.of(Api::Reply(Form::Messages), "m").unwrap().path(),
            "/v1/messages"
        );
    }
}
