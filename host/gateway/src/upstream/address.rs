//! Where a provider's APIs are.

use hyper::Uri;
use hyper::header::HeaderValue;

use crate::config::{ConfigError, UpstreamKind, UpstreamSettings};
use crate::face::{Api, Form};

/// The addresses of one provider.
#[derive(Debug)]
pub(super) struct Address {
    /// Whom to connect to.
    origin: Uri,
    host: HeaderValue,
    paths: Paths,
}

/// Where each API is, at its origin.
#[derive(Debug)]
enum Paths {
    /// The model is named in the body. Read once: a request is not to wait for that.
    Same(Box<Same>),
    /// Azure: a path for each deployment below this one, and the version of the API.
    Deployments { base: String, version: String },
}

#[derive(Debug)]
struct Same {
    reply: Uri,
    responses: Uri,
    embeddings: Uri,
    count: Uri,
}

impl Address {
    pub(super) fn new(settings: &UpstreamSettings, place: &str) -> Result<Self, ConfigError> {
        let base = settings.base_url.as_deref().unwrap_or_default();
        let wrong = |what: &str| {
            let message = format!("`{base}` {what}: give an address such as https://api.openai.com/v1");
            ConfigError::wrong(format!("{place}.base-url"), message)
        };
        let no_address = || wrong("is no address");
        let origin: Uri = base.trim_end_matches('/').parse().map_err(|_| no_address())?;
        if !matches!(origin.scheme_str(), Some("http" | "https")) {
            return Err(no_address());
        }
        if origin.query().is_some() {
            return Err(wrong("has a query, which has no place before a path"));
        }
        let host = origin.host().ok_or_else(no_address)?;
        let usual = if origin.scheme_str() == Some("https") { 443 } else { 80 };
        let host = match origin.port_u16().filter(|port| *port != usual) {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        let host = HeaderValue::try_from(host).map_err(|_| no_address())?;
        let base = origin.path().trim_end_matches('/');
        let at = |path: &str| format!("{base}/{path}").parse().map_err(|_| no_address());
        let reply = match settings.kind {
            UpstreamKind::Anthropic => "messages",
            UpstreamKind::Openai | UpstreamKind::Azure | UpstreamKind::Simulated => "chat/completions",
        };
        let paths = match (&settings.kind, &settings.api_version) {
            (UpstreamKind::Azure, Some(version)) => Paths::Deployments {
                base: base.to_owned(),
                version: version.clone(),
            },
            _ => Paths::Same(Box::new(Same {
                reply: at(reply)?,
                responses: at("responses")?,
                embeddings: at("embeddings")?,
                count: at("messages/count_tokens")?,
            })),
        };
        Ok(Address { origin, host, paths })
    }

    /// Whom to connect to.
    pub(super) fn origin(&self) -> &Uri {
        &self.origin
    }

    /// The `Host` of all requests.
    pub(super) fn host(&self) -> &HeaderValue {
        &self.host
    }

    /// Where this is asked of a model, by its name there: the path and what follows, as requests say it.
    pub(super) fn of(&self, api: Api, model: &str) -> Result<Uri, String> {
        let (base, version) = match &self.paths {
            Paths::Same(paths) => return Ok(paths.of(api)),
            Paths::Deployments { base, version } => (base, version),
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

impl Same {
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
        assert_eq!(azure.origin(), "https://acme.example/");
        assert_eq!(azure.host(), "acme.example");
        let uri = |api| azure.of(api, "gpt-large").unwrap().to_string();
        assert_eq!(
            uri(Api::Reply(Form::Chat)),
            "/openai/deployments/gpt-large/chat/completions?api-version=2024-10-21"
        );
        assert_eq!(
            uri(Api::Embeddings),
            "/openai/deployments/gpt-large/embeddings?api-version=2024-10-21"
        );
        assert_eq!(
            uri(Api::Reply(Form::Responses)),
            "/openai/responses?api-version=2024-10-21"
        );
        assert!(azure.of(Api::Embeddings, "two words").is_err());
    }

    #[test]
    fn the_paths_of_others_follow_their_base() {
        let openai = address("kind = \"openai\"\nbase-url = \"http://127.0.0.1:1/v1/\"\n");
        let uri = openai.of(Api::Reply(Form::Chat), "m").unwrap();
        assert_eq!(uri, "/v1/chat/completions");
        let anthropic = address("kind = \"anthropic\"\nbase-url = \"http://127.0.0.1:1/v1\"\n");
        assert_eq!(
            anthropic.of(Api::CountTokens, "m").unwrap().path(),
            "/v1/messages/count_tokens"
        );
        assert_eq!(openai.host(), "127.0.0.1:1");
        let queried = "name = \"u\"\nkind = \"openai\"\nbase-url = \"http://127.0.0.1:1/v1?a=b\"\n";
        let refused = Address::new(&toml::from_str(queried).unwrap(), "upstreams[0]").unwrap_err();
        assert!(refused.to_string().contains("has a query"), "{refused}");
        let usual = address("kind = \"openai\"\nbase-url = \"https://a.example:443/v1\"\n");
        assert_eq!(usual.host(), "a.example");
        assert_eq!(
            anthropic.of(Api::Reply(Form::Messages), "m").unwrap().path(),
            "/v1/messages"
        );
    }
}
